"""What somebody agreed to, read off their events `consent.granted` and `consent.withdrawn`.

A consent is for a purpose: the event's property `purpose`, or `*` for every purpose. Of one purpose the newest word
counts, whichever fragment of the view said it; at the same moment a withdrawal does. So a withdrawal outdoes every
grant that is older, also after a join, and each side keeps its own words when it is parted.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

GRANTED = "consent.granted"
WITHDRAWN = "consent.withdrawn"
EVERY = "*"
MARKETING = "marketing"
"""The purpose without which nobody is a lead any more, or greeted."""
WORDS = frozenset({GRANTED, WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Consent:
    """The last word on a purpose. `event_id` is the event that said it."""

    purpose: str
    granted: bool
    at: dt.datetime
    event_id: str


def consents(words: Iterable[Consent]) -> dict[str, Consent]:
    """By purpose the word that counts, sorted. What was said of every purpose is told as `*`."""
    last: dict[str, Consent] = {}
    for word in words:
        before = last.get(word.purpose)
        if before is None or _order(word) > _order(before):
            last[word.purpose] = word
    return {purpose: last[purpose] for purpose in sorted(last)}


def allows(found: Mapping[str, Consent], purpose: str) -> bool | None:
    """Whether these consents allow a purpose; None where nothing was said. The newer of `*` and the purpose counts."""
    words = [word for name in (purpose, EVERY) if (word := found.get(name)) is not None]
    return max(words, key=_order).granted if words else None


def conflicting(left: Mapping[str, Consent], right: Mapping[str, Consent]) -> list[str]:
    """The purposes to which one side agreed and which the other refused: joined, one of them is overruled."""
    purposes = sorted({*left, *right})
    return [purpose for purpose in purposes if {allows(left, purpose), allows(right, purpose)} == {True, False}]


def to_json(found: Mapping[str, Consent]) -> dict[str, dict[str, Any]]:
    """As a view tells it: `{purpose: {granted, at, event_id}}`."""
    return {
        purpose: {"granted": word.granted, "at": word.at.isoformat(), "event_id": word.event_id}
        for purpose, word in found.items()
    }


def from_json(told: Mapping[str, Mapping[str, Any]]) -> dict[str, Consent]:
    """The reverse of `to_json`."""
    return {
        purpose: Consent(purpose, word["granted"], dt.datetime.fromisoformat(word["at"]), word["event_id"])
        for purpose, word in told.items()
    }


def _order(word: Consent) -> tuple[dt.datetime, bool, str]:
    return word.at, not word.granted, word.event_id
