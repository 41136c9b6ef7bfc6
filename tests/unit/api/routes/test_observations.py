"""What is said of a body names places in what was sent."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from vitograph.api.routes.observations import read
from vitograph.graph.access.keys import Caller, Role
from vitograph.resolver.errors import InvalidInput

CALLER = Caller("k-chat", "chat", Role.CHANNEL)
PLACEHOLDER = {"kind": "email", "value": "noreply@example.com"}


async def proved(*said: object) -> list[dict[str, str]]:
    return [{"kind": "user_id", "value": "u-1", "assurance": "verified"}]


STATE: Any = SimpleNamespace(
    settings=SimpleNamespace(default_region=None), identities=SimpleNamespace(identifiers=proved)
)


async def test_a_proof_of_identity_shifts_no_pointer_and_is_of_no_other_body_than_before() -> None:
    body = {"channel": "chat", "identity": {"token": "t"}}
    observation = await read(body | {"identifiers": [PLACEHOLDER]}, STATE, CALLER)
    [warning] = observation.warnings
    assert warning.startswith("/identifiers/0: ")
    assert [carried.identifier.key for carried in observation.carried] == ["user_id:u-1"]
    told = {"channel": "chat", "identifiers": [*await proved(), PLACEHOLDER]}
    assert observation.body_hash == hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()
    with pytest.raises(InvalidInput) as refused:
        await read(body | {"identifiers": [{"kind": "email", "value": "nobody"}]}, STATE, CALLER)
    assert [fault.pointer for fault in refused.value.faults] == ["/identifiers/0/value"]
