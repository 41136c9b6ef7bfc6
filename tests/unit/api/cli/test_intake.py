"""What `vito intake` makes of an entry, without a graph: here nothing is left to be recorded."""

from __future__ import annotations

from typing import cast

import pytest

from vitograph.api.cli.intake import acceptor
from vitograph.graph.driver import Graph
from vitograph.ingest.bodies import MOST_OBSERVATION_BYTES

BODY = '{"channel": "crm", "identifiers": [{"kind": "email", "value": "a@example.com"}], "event": %s}'


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (None, "field `observation`"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "nested"),
        (b"\xff", "not JSON"),
        ((BODY % '{"type": "x", "properties": {"n": 184467440737095516150}}').encode(), "/event/properties/n"),
        ((BODY % '{"type": "x"}').encode() + b" " * MOST_OBSERVATION_BYTES, f"{MOST_OBSERVATION_BYTES} bytes"),
    ],
    ids=["without the field", "cut off", "deep", "no UTF-8", "a number beyond 64 bits", "too large"],
)
async def test_an_entry_is_held_to_the_limits_of_a_post(body: bytes | None, reason: str) -> None:
    [refusal] = await acceptor(cast("Graph", None), "s")([("1-0", body)])
    assert refusal is not None
    assert reason in refusal.reason
