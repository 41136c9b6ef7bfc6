"""Visitors: who is greeted on a cookie, and noting for the projections when that may have changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.people.consents import list_refusing
from vitograph.graph.people.holdings import HUB
from vitograph.graph.people.persons import LIST_TRAITS, preferred_traits
from vitograph.graph.queries import load
from vitograph.graph.reach import EVERYTHING
from vitograph.resolver.model import Identifier, IdentifierKind, IdentifierStatus, PersonKind
from vitograph.resolver.publishing.consent import MARKETING
from vitograph.resolver.publishing.visitors import MOST_CAMPAIGNS, Binding, Proof, Visitor, first_name, greeted

GET_BINDINGS = load("visitor/get_bindings")
LIST_MET = load("visitor/list_met")
LIST_SAID = load("visitor/list_said")
LIST_COOKIES = load("visitor/list_cookies")
RECORD_CHANGES = load("visitor/record_changes")

# Cookies of one view that are told of a change at once; what is held of others lapses by itself within a minute.
MOST_COOKIES = 1_000


async def get_visitor(graph: Graph, cookie: str) -> Visitor | None:
    """Who is greeted on a cookie, None for nobody: also for one who withdrew their consent to marketing."""
    key = Identifier(IdentifierKind.COOKIE, cookie).key
    rows = await graph.rows(GET_BINDINGS, key=key, hub=HUB)
    found = greeted(IdentifierStatus(rows[0]["status"]), map(_binding, rows[0]["bindings"])) if rows else None
    if found is None:
        return None
    view_id, proof = found
    if await list_refusing(graph, [view_id], MARKETING):
        return None
    # Who only said who they are is told what they said here; a login may be told what the view knows.
    here = key if proof is Proof.STATED else None
    met = await graph.rows(LIST_MET, view_id=view_id, key=here, limit=MOST_CAMPAIGNS)
    if here is None:
        stated = await graph.rows(LIST_TRAITS, view_id=view_id, reach=EVERYTHING.parameter)
    else:
        stated = await graph.rows(LIST_SAID, view_id=view_id, key=here)
    return Visitor(first_name(preferred_traits(stated)), tuple(row["id"] for row in met))


async def warm(graph: Graph) -> None:
    """Has Neo4j compile these statements before the first visitor waits for them."""
    nobody = "-"
    await graph.rows(GET_BINDINGS, key=nobody, hub=HUB)
    await list_refusing(graph, [nobody], MARKETING)
    await graph.rows(LIST_MET, view_id=nobody, key=None, limit=MOST_CAMPAIGNS)
    await graph.rows(LIST_TRAITS, view_id=nobody, reach=EVERYTHING.parameter)
    await graph.rows(LIST_SAID, view_id=nobody, key=nobody)


async def list_cookies(graph: Graph, views: Sequence[str]) -> list[str]:
    """The cookies on which somebody of these views could be greeted."""
    return [row["value"] for row in await graph.rows(LIST_COOKIES, views=list(views), limit=MOST_COOKIES)]


async def record_changes(tx: Transaction, persons: Iterable[str], at: dt.datetime) -> None:
    """Notes that the visitors behind these persons may be greeted otherwise, in the transaction that makes it so."""
    ids = sorted(set(persons))
    if ids:
        version = round(at.timestamp() * 1_000_000)
        await tx.run(RECORD_CHANGES, persons=ids, version=version, trace=tx.trace())


def _binding(row: Row) -> Binding:
    return Binding(
        row["view_id"],
        PersonKind(row["kind"]),
        row["current"],
        _moment(row["last_bound"]),
        _moment(row["last_out"]),
        row["proven"] and Proof(row["proven"]),
    )


def _moment(stored: Any) -> dt.datetime | None:
    return None if stored is None else stored.to_native()
