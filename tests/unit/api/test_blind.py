"""What the line of changes tells who looks blind."""

from __future__ import annotations

from typing import Any

import pytest

from vitograph.api.blind import Blinding
from vitograph.api.settings import Settings
from vitograph.api.signing.secret import Signing
from vitograph.graph.access.keys import Caller, Role

EVE, BEN = (Caller(f"k-{name}", name, Role.SPECIALIST) for name in ("eve", "ben"))


@pytest.fixture
def blinding() -> Blinding:
    return Blinding(Signing(Settings(signing_key="what is signed with")), EVE)


def change(type: str, by: Caller | None = None, id: str = "c-1") -> dict[str, Any]:
    """A change as the graph tells it."""
    holder = {"claimed_by": by and by.id, "claimed_by_name": by and by.name, "claimed_until": None}
    status = "open" if type == "created" else type
    return {"type": type, "id": id, "kind": "person", "status": status, "band": "A", "version": 1, **holder}


def test_a_claim_of_ones_own_is_not_told_nor_that_it_ended(blinding: Blinding) -> None:
    for end in ("open", "created", "reopened"):
        assert blinding.changed(change("claimed", EVE)) is None
        assert blinding.changed(change("claimed", EVE)) is None, "renewed"
        assert blinding.changed(change(end)) is None
        assert blinding.changed(change(end)) is not None, "what else happens to it is"


def test_what_others_do_is_told_without_what_it_says(blinding: Blinding) -> None:
    told = blinding.changed(change("claimed", BEN))
    assert told is not None
    assert (told["status"], told["claimed_by_name"]) == ("claimed", "ben")
    assert not told.keys() & {"band", "version", "verdict"}
    assert blinding.changed(change("claimed", EVE)) is None
    assert blinding.changed(change("open", id="c-2")) is not None, "of another pair"
    decided = blinding.changed(change("decided"))
    assert decided is not None
    assert decided["status"] == "decided"
    assert blinding.changed({"type": "many"}) == {"type": "many"}
