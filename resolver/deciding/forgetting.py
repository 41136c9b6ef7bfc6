"""A log without those who were erased after it was written: pure functions over its records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from vitograph.resolver.deciding.decisions import Edge
from vitograph.resolver.deciding.history import Act
from vitograph.resolver.deciding.ledger import BEFORE_THIS_COPY, TEXT, WORDS
from vitograph.resolver.deciding.parting import Meeting, blanked, meeting_of, meetings
from vitograph.resolver.deciding.replay import acts
from vitograph.resolver.deciding.reports import without
from vitograph.resolver.erasure import Seal, Sealed

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Forgetting:
    """Leaves out of a log what was erased after it was written. `tombstones` are the moments of erasure by hash.

    `met` are those who were one with the erased once. Records come in the order in which they are read: candidates
    before entries.
    """

    seal: Seal
    tombstones: Mapping[str, dt.datetime]
    met: Mapping[str, Meeting] = field(default_factory=dict)
    _parted: dict[str, Meeting] = field(default_factory=dict)

    @classmethod
    def of_log(cls, seal: Seal, tombstones: Mapping[str, dt.datetime], entries: Iterable[Record]) -> Forgetting:
        """That of the log of these entries."""
        alone = cls(seal, tombstones)
        told = [alone._told(act) for act in acts(entries)]
        ends = {end for act in told for end in (act.edge.left, act.edge.right)}
        erased = {end for end in ends if alone._when(Sealed.PERSON, end) is not None}
        return cls(seal, tombstones, meetings(erased, told))

    def __call__(self, kind: str, row: Record) -> Record | None:
        """The record without what was erased; None when nothing is left of it."""
        match kind:
            case "event":
                return None if self._when(Sealed.EVENT, row["id"]) is not None else row
            case "candidate":
                return self._candidate(row)
            case "entry":
                return self._entry(row)
            case "kept" if row["label"] == "Outbox" and self._is_key_of_erased(row["properties"]["key"]):
                return None
            case "kept" if row["label"] == "Model" and row["properties"].get("report"):
                report = without(orjson.loads(row["properties"]["report"]), self._is_buried)
                return row | {"properties": row["properties"] | {"report": orjson.dumps(report).decode()}}
        return row

    def _candidate(self, row: Record) -> Record:
        meeting = meeting_of(row["candidate"], self.met)
        if meeting is None:
            return row
        self._parted[row["candidate"]["id"]] = meeting
        reviews = [
            review | {"reason": None} if dt.datetime.fromisoformat(review["at"]) >= meeting.since else review
            for review in row["reviews"]
        ]
        return row | {"candidate": row["candidate"] | blanked(row["candidate"]), "reviews": reviews}

    def _entry(self, row: Record) -> Record:
        if any(self._is_erased(row.get(side), row["at"]) for side in ("left", "right")):
            return _without(row, TEXT) | {"erased": row.get("erased") or BEFORE_THIS_COPY}
        meeting = self._parted.get(row.get("candidate_id") or "")
        if meeting is None or row["seq"] < meeting.seq or row.get("erased"):
            return row
        held = [key for key in row.get("identifiers") or () if self._when(Sealed.IDENTIFIER, key) is None]
        left = _without(row, (*WORDS, "identifiers")) | {"parted": row.get("parted") or BEFORE_THIS_COPY}
        return left | ({"identifiers": held} if held else {})

    def _when(self, kind: Sealed, text: str | None) -> dt.datetime | None:
        return self.tombstones.get(self.seal.of(kind, text)) if text is not None else None

    def _is_buried(self, person: str) -> bool:
        return self._when(Sealed.PERSON, person) is not None

    def _is_erased(self, person: str | None, at: str) -> bool:
        """Whether what was said of a person at a moment was of somebody erased: a device may have come anew since."""
        erased_at = self._when(Sealed.PERSON, person)
        return erased_at is not None and dt.datetime.fromisoformat(at) <= erased_at

    def _told(self, act: Act) -> Act:
        """The act with a device that came anew told from the erased one."""
        ends = (act.edge.left, act.edge.right)
        left, right = (
            end if self._when(Sealed.PERSON, end) is None or self._is_erased(end, act.at) else f"{end} anew"
            for end in ends
        )
        return replace(act, edge=Edge(left, right, act.edge.decision))

    def _is_key_of_erased(self, key: str) -> bool:
        kinds = ("", "cookie:", "session:", "email:", "phone:", "user_id:")
        if self._when(Sealed.PERSON, key) is not None:
            return True
        return any(self._when(Sealed.IDENTIFIER, kind + key) is not None for kind in kinds)


def _without(entry: Record, names: Iterable[str]) -> Record:
    gone = {*names, "evidence"}
    return {name: value for name, value in entry.items() if name not in gone}
