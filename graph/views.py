"""Profiles of views, as scoring reads them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from vitograph.graph.driver import Graph, Row
from vitograph.graph.queries import load
from vitograph.resolver.model import Assurance, Held, Identifier, PersonKind, Profile
from vitograph.resolver.profiles import Stated, profile

LIST_FRAGMENTS = load("resolution/list_fragments")
LIST_PERSONS = load("resolution/list_persons")

# Identifiers read of one fragment, the newest first: more prove nothing more.
MOST_IDENTIFIERS = 200

# Views read at once: a query of Neo4j has a limit to its memory.
CHUNK = 500


async def load_profiles(graph: Graph, view_ids: Iterable[str]) -> dict[str, Profile]:
    """Profiles by view id."""
    wanted = sorted(view_ids)
    rows: list[Row] = []
    for start in range(0, len(wanted), CHUNK):
        rows += await graph.rows(LIST_FRAGMENTS, views=wanted[start : start + CHUNK], most=MOST_IDENTIFIERS)
    views: dict[str, Profile] = {}
    for view_id, group in groupby(rows, key=lambda row: str(row["view_id"])):
        members = list(group)
        kinds = {PersonKind(row["kind"]) for row in members}
        kind = PersonKind.KNOWN if PersonKind.KNOWN in kinds else min(kinds)
        views[view_id] = _profile(view_id, kind, members)
    return views


async def load_fragments(graph: Graph, person_ids: Iterable[str]) -> dict[str, Profile]:
    """Profiles of single persons, by their id: what each stated itself, whatever view it is in."""
    rows = await graph.rows(LIST_PERSONS, ids=sorted(person_ids), most=MOST_IDENTIFIERS)
    return {row["id"]: _profile(row["id"], PersonKind(row["kind"]), [row]) for row in rows}


def _profile(id: str, kind: PersonKind, rows: list[Row]) -> Profile:
    return profile(
        id, kind, [Stated.from_properties(row["stated"]) for row in rows], [_held(row["holds"]) for row in rows]
    )


def _held(holds: list[Row]) -> dict[str, Held]:
    return {
        hold["key"]: Held(
            Identifier.parse(hold["key"]),
            Assurance[hold["assurance"].upper()],
            hold["first_seen"].to_native(),
            hold["last_seen"].to_native(),
            hold["count"],
            *(moment and moment.to_native() for moment in (hold["first_bound"], hold["last_bound"], hold["first_out"])),
        )
        for hold in holds
    }
