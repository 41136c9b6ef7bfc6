"""Profiles of views, as scoring reads them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from vitograph.graph.driver import Graph, Row
from vitograph.graph.moments import moment
from vitograph.graph.queries import load
from vitograph.resolver.batched import batched
from vitograph.resolver.model import Assurance, Held, Identifier, PersonKind, Profile
from vitograph.resolver.profiles import Stated, profile

LIST_FRAGMENTS = load("resolution/list_fragments")
LIST_PERSONS = load("resolution/list_persons")

# Identifiers read of one fragment, the newest first: more prove nothing more.
MOST_IDENTIFIERS = 200

# Views read at once: a query of Neo4j has a limit to its memory.
CHUNK = 500

_COLUMNS = (
    *("id", "view_id", "kind", "given_names", "family_names", "full_names", "names", "birth_dates", "genders"),
    *("addresses", "holds"),
)


async def load_profiles(graph: Graph, view_ids: Iterable[str]) -> dict[str, Profile]:
    """Profiles by view id."""
    rows: list[Row] = []
    for some in batched(sorted(view_ids), CHUNK):
        rows += _fragments(await graph.rows(LIST_FRAGMENTS, views=some, most=MOST_IDENTIFIERS))
    views: dict[str, Profile] = {}
    for view_id, group in groupby(rows, key=lambda row: str(row["view_id"])):
        members = list(group)
        kinds = {PersonKind(row["kind"]) for row in members}
        kind = PersonKind.KNOWN if PersonKind.KNOWN in kinds else min(kinds)
        views[view_id] = _profile(view_id, kind, members)
    return views


async def load_fragments(graph: Graph, person_ids: Iterable[str]) -> dict[str, Profile]:
    """Profiles of single persons, by their id: what each stated itself, whatever view it is in."""
    return {id: fragment for id, (fragment, _) in (await load_marked(graph, person_ids)).items()}


async def load_marked(graph: Graph, person_ids: Iterable[str]) -> dict[str, tuple[Profile, int | None]]:
    """As `load_fragments`, each with the mark that it had: whoever has another one later has changed since."""
    rows = await graph.rows(LIST_PERSONS, ids=sorted(set(person_ids)), most=MOST_IDENTIFIERS)
    return {row["id"]: (_alone(row), row["resolve_at"]) for row in _fragments(rows, "resolve_at")}


def _alone(row: Row) -> Profile:
    return _profile(row["id"], PersonKind(row["kind"]), [row])


def _fragments(rows: list[Row], *more: str) -> list[Row]:
    columns = (*_COLUMNS, *more)
    return [dict(zip(columns, found, strict=True)) for row in rows for found in row["found"]]


def _profile(id: str, kind: PersonKind, rows: list[Row]) -> Profile:
    return profile(id, kind, [Stated.from_properties(row) for row in rows], [_held(row["holds"]) for row in rows])


def _held(holds: list[list[Any]]) -> dict[str, Held]:
    return {
        key: Held(
            Identifier.parse(key),
            Assurance.of(assurance),
            moment(first_seen),
            moment(last_seen),
            count,
            *(None if at is None else moment(at) for at in logins),
        )
        for key, assurance, count, first_seen, last_seen, *logins in holds
    }
