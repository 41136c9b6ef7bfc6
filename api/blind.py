"""Blind mode: a pair without anything that tells what the model, or a colleague, thinks of it.

Second looks stand among the rest and nobody can tell them: versions are opaque (a decided pair had more of them), a
claim of one's own is not shown (a second look has none), and the two are shown as if nobody had decided on them.
How an identifier stands is not told either: a verdict may have made it so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from vitograph.api.signing.secret import Signing
from vitograph.api.wire.errors import Problem
from vitograph.api.wire.etags import required_version
from vitograph.graph.access.keys import Caller
from vitograph.graph.deciding.candidates import LEASE
from vitograph.graph.deciding.queue import Filter
from vitograph.resolver.errors import Fault, InvalidInput, StaleVersion

# What a score, or a verdict, can be read off.
_TELLING = frozenset(
    {
        "p_same",
        "p_household",
        "p_stranger",
        "bits",
        "bits_stranger",
        "bits_household",
        "band",
        "value",
        "proposed_as",
        "propensity",
        "groups",
        "reopened",
        "reopened_at",
        "model",
        "verdict",
        "decision",
        "pending",
        "history",
        "weakened_by",
        "why_not",
        "missing_bits",
        "runner_up",
        "ambiguous",
        "counterfactuals",
        "created_at",
        "updated_at",
    }
)
# How an identifier stands, wherever one is named.
_STANDING = ("status", "since")
_CLAIM = ("claimed_by", "claimed_by_name", "claimed_until")
_SIDES = ("left_person", "right_person")
_CHANGED = ("id", "kind", *_CLAIM)
_AGAIN = {"created": "open", "reopened": "open", "stored": "superseded"}


class Blinding:
    """What blind mode shows to one caller."""

    def __init__(self, signing: Signing, caller: Caller) -> None:
        self._key = signing.secret("blind").encode()
        self._caller = caller
        self._held: set[str] = set()

    def version(self, id: str, version: int) -> str:
        """A version that only says whether it is another one."""
        return hmac.new(self._key, f"{id} {version}".encode(), hashlib.sha256).hexdigest()[:24]

    def etag(self, id: str, version: int) -> str:
        return f'"{self.version(id, version)}"'

    def required_version(self, header: str | None, id: str, current: int) -> int:
        """The version that an If-Match names, blind or not. 428 without one; StaleVersion when it is not current."""
        if header is not None and header.strip().removeprefix("W/") == self.etag(id, current):
            return current
        try:
            return required_version(header)
        except Problem as problem:
            if problem.status == 428:
                raise
            raise StaleVersion("candidate", id) from None

    def shown(self, candidate: Mapping[str, Any]) -> dict[str, Any]:
        """What of a candidate tells nothing. Of its evidence, what was compared stays, unweighed and by its name."""
        shown = {name: value for name, value in candidate.items() if name not in _TELLING}
        is_anothers = shown.get("status") == "claimed" and shown.get("claimed_by") != self._caller.id
        if not is_anothers:
            shown |= {"status": "open"} | dict.fromkeys(_CLAIM)
        shown["version"] = self.version(shown["id"], shown["version"])
        shown |= {side: _undecided(shown[side], "identifiers") for side in _SIDES if side in shown}
        if "graphs" in shown:
            shown["graphs"] = [_undecided(picture, "nodes") for picture in shown["graphs"]]
        if "waterfall" in candidate:
            rows = candidate["waterfall"].get("evidence", ())
            compared = [
                {name: row[name] for name in ("comparison", "left", "right")}
                for row in rows
                if row["left"] or row["right"]
            ]
            shown["waterfall"] = {"evidence": sorted(compared, key=lambda row: (row["comparison"], row["left"]))}
        return shown | {"blind": True}

    def claimed(self, id: str, version: int, *, is_held: bool = True) -> dict[str, Any]:
        """What a claim is answered with, and its end; a second look, which many take at once, is answered like it."""
        until = (dt.datetime.now(dt.UTC) + LEASE).isoformat() if is_held else None
        who = {"claimed_by": self._caller.id, "claimed_by_name": self._caller.name, "claimed_until": until}
        status = "claimed" if is_held else "open"
        return {"id": id, "status": status, "version": self.version(id, version)} | (who if is_held else {})

    def changed(self, change: Mapping[str, Any]) -> dict[str, Any] | None:
        """A change as blind mode is told it: that there is one, which colleague claimed it, that it is gone.

        None for a claim of one's own, and its end: a second look has neither.
        """
        told = {name: change[name] for name in _CHANGED if name in change}
        told["type"] = _AGAIN.get(change["type"], change["type"])
        if "status" in change:
            told["status"] = _AGAIN.get(change["status"], change["status"])
        if told["type"] == "claimed" and told["claimed_by"] == self._caller.id:
            self._held.add(told["id"])
            return None
        was_held = told.get("id") in self._held
        self._held.discard(told.get("id", ""))
        return None if was_held and told["type"] == "open" else told


def _undecided(about: Mapping[str, Any], where: str) -> dict[str, Any]:
    """A person, or a picture, whose identifiers do not say how they stand."""
    bare = [{name: value for name, value in one.items() if name not in _STANDING} for one in about[where]]
    return {**about, where: bare}


def require_blind(filter: Filter) -> None:
    """InvalidInput for a queue that says by its name what blind mode hides."""
    if filter.status not in ("open", "claimed") or filter.reopened:
        raise InvalidInput([Fault("/status", "blind mode shows what is open, and does not say why it is")])
