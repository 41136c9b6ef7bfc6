"""Reading what persons agreed to."""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Any

import orjson

from vitograph.graph.driver import Graph, Row
from vitograph.graph.queries import load
from vitograph.graph.reach import EVERYTHING, Reach
from vitograph.resolver.publishing.consent import EVERY, GRANTED, Consent, allows, conflicting, consents, to_json

LIST_VIEW_CONSENTS = load("person/list_view_consents")


async def list_consents(
    graph: Graph, view_id: str, reach: Reach, part: Container[str] | None = None
) -> dict[str, dict[str, Any]]:
    """What a view, or a part of its fragments, agreed to and withdrew, by purpose.

    The newest word counts whoever asks, but when it was said, and by which event, is told in reach only.
    """
    rows = await graph.rows(LIST_VIEW_CONSENTS, views=[view_id], reach=reach.parameter)
    said = [row for row in rows if part is None or row["person_id"] in part]
    within = {row["event_id"] for row in said if row["in_reach"]}
    return {
        purpose: word if word["event_id"] in within else {"granted": word["granted"]}
        for purpose, word in to_json(consents(map(_word, said))).items()
    }


async def list_refusing(graph: Graph, views: Iterable[str], purpose: str) -> set[str]:
    """Those of the views whose last word on a purpose is a withdrawal."""
    words: dict[str, list[Consent]] = {}
    for row in await graph.rows(LIST_VIEW_CONSENTS, views=sorted(views), reach=EVERYTHING.parameter):
        words.setdefault(row["view_id"], []).append(_word(row))
    return {view for view, said in words.items() if allows(consents(said), purpose) is False}


def conflicts(rows: Iterable[Row], left: Container[str]) -> list[str]:
    """The purposes on which two sides contradict each other, by what they said; `left` are the persons of the one."""
    sides: tuple[list[Consent], list[Consent]] = ([], [])
    for row in rows:
        sides[row["person_id"] in left].append(_word(row))
    return conflicting(*map(consents, sides))


def _word(row: Row) -> Consent:
    purpose = orjson.loads(row["properties"]).get("purpose")
    stated = purpose if isinstance(purpose, str) and purpose else EVERY
    return Consent(stated, row["type"] == GRANTED, row["occurred_at"].to_native(), row["event_id"])
