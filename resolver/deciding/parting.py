"""Who was one with whom once: what was looked at of the one then may hold what the other stated, wherever it is kept.

A person may be erased after they were parted from others, whose candidates and entries of the log stay. These keep who
decided what and when; what was looked at goes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from vitograph.resolver.deciding.history import Act

SETTLED = dt.timedelta(hours=1)
"""What was read of a view before it was parted is written by then."""

BLANK = "(erased {})"
"""In the place of what was stated, on either side of a row of evidence. What it weighed stays."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """From the entry `seq` of the log on, made at `since`, somebody was in one view with others; until they were parted
    last, None when they were not."""

    seq: int
    since: dt.datetime
    until: dt.datetime | None

    def with_other(self, other: Meeting | None) -> Meeting:
        """Both: of a candidate, either side may have met them."""
        if other is None:
            return self
        ends = (self.until, other.until)
        until = None if None in ends else max(end for end in ends if end is not None)
        return Meeting(min(self.seq, other.seq), min(self.since, other.since), until)

    def touches(self, created_at: dt.datetime, updated_at: dt.datetime) -> bool:
        """Whether a candidate's evidence may be of that time."""
        return updated_at >= self.since and (self.until is None or created_at <= self.until + SETTLED)


def meetings(persons: Collection[str], acts: Iterable[Act]) -> dict[str, Meeting]:
    """Everybody else who was ever in one view with one of these persons, by these acts of the log.

    Whoever is in one view with them is looked for anew only where an act touches that view.
    """
    links = _Links()
    met: dict[str, Meeting] = {}
    together: set[str] = set()
    for act in sorted(acts, key=lambda act: (act.seq, act.joins)):
        links.note(act)
        if not any(end in together or end in persons for end in (act.edge.left, act.edge.right)):
            continue
        at = dt.datetime.fromisoformat(act.at)
        now = links.reached_from(persons).difference(persons)
        for id in now:
            first = met.get(id)
            met[id] = Meeting(first.seq, first.since, None) if first else Meeting(act.seq, at, None)
        for id in together - now:
            met[id] = Meeting(met[id].seq, met[id].since, at)
        together = now
    return met


class _Links:
    """Who is linked with whom at a moment of the log, by decision."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, str]] = {}

    def note(self, act: Act) -> None:
        edge = act.edge
        for one, other in ((edge.left, edge.right), (edge.right, edge.left)):
            links = self._of.setdefault(one, {})
            if act.joins:
                links[edge.decision] = other
            else:
                links.pop(edge.decision, None)

    def reached_from(self, persons: Iterable[str]) -> set[str]:
        """These persons, and all that links join with them."""
        reached = set(persons)
        waiting = list(reached)
        while waiting:
            fresh = set(self._of.get(waiting.pop(), {}).values()) - reached
            reached |= fresh
            waiting += fresh
        return reached


def meeting_of(candidate: Mapping[str, Any], met: Mapping[str, Meeting]) -> Meeting | None:
    """When a side of a candidate was in one view with those whom it met; None when nothing of it is of that time.

    `created_at` and `updated_at` of the candidate are moments of the driver.
    """
    found: Meeting | None = None
    for side in ("left", "right"):
        if (meeting := met.get(candidate[side])) is not None:
            found = meeting.with_other(found)
    moments = (candidate["created_at"].to_native(), candidate["updated_at"].to_native())
    return found if found is not None and found.touches(*moments) else None


def blanked(candidate: Mapping[str, Any]) -> dict[str, str | None]:
    """The evidence of a candidate, and why it was reopened, as they are kept without what was stated.

    A decided one keeps what each row weighed, or all it knew would be news (`reopening`). What still waits is told anew
    when somebody looks.
    """
    if candidate.get("decision") is None:
        return {"evidence": None, "reopened": None}
    return {name: _blank(candidate.get(name)) for name in ("evidence", "reopened")}


def _blank(kept: str | None) -> str | None:
    if kept is None:
        return None
    form = orjson.loads(kept)
    for number, row in enumerate(form.get("evidence", ()), start=1):
        # Numbered, as rows that state the same are one row to `reopening`, and what it lost would be news.
        row.update({side: BLANK.format(number) for side in ("left", "right") if row.get(side)})
    return orjson.dumps(form).decode()
