"""Promoting a model: a person's act, in the log of decisions, and the only way by which a model becomes live."""

from __future__ import annotations

import datetime as dt
import secrets
from functools import partial
from typing import Any

import orjson
import uuid_utils

from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.entries import lock_head, moment, shown
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.moments import microseconds
from vitograph.graph.people.lifecycle import RECORD_WEAKENED
from vitograph.graph.people.marks import BULK
from vitograph.graph.people.persons import LOCK_PERSONS
from vitograph.graph.queries import load
from vitograph.graph.resolving.models import LOCK_MODELS, as_believed, get_version, upsert_packaged
from vitograph.graph.resolving.population import GraphPopulation
from vitograph.graph.training.comparing import approved
from vitograph.graph.training.verdicts import list_decided
from vitograph.resolver.deciding.decisions import Entry
from vitograph.resolver.deciding.ledger import chain, evidence_hash
from vitograph.resolver.errors import Forbidden, StaleVersion, UnknownThing, WrongState

RECORD_PROMOTION = load("model/record_promotion")
CLOSE_WEAKENED = load("model/close_weakened")
GET_DUE = load("model/get_due")
CLOSE_COMPARISON = load("model/close_comparison")
MARK_PERSONS = load("model/mark_persons")

PAGE = 5_000

FRESH = dt.timedelta(days=7)
"""How old a comparison may be that a promotion relies on: the graph has not become another meanwhile."""

PROMOTERS = frozenset({Role.SPECIALIST, Role.ADMIN})


async def promote(graph: Graph, name: str, actor: Caller, reason: str = "promoted", version: int | None = None) -> Row:
    """Makes a model live; the one that was is retired, its queue is scored anew, and approved links that fail now are
    flagged, never split. Returns the entry of the log.

    Forbidden to all but specialists and admins. UnknownThing; StaleVersion when the model is not of the version given;
    WrongState when it is live already, or was not compared with the live one of late.
    """
    if actor.role not in PROMOTERS:
        raise Forbidden(f"only a specialist or an admin promotes a model; this is a {actor.role} key")

    async def work(tx: Transaction) -> Row:
        await upsert_packaged(tx)
        models = {row["name"]: row for row in await tx.run(LOCK_MODELS)}
        if name not in models:
            raise UnknownThing("model", name)
        at = dt.datetime.now(dt.UTC)
        model = models[name]
        if version is not None and model["version"] != version:
            raise StaleVersion("model", name)
        live = next(row["name"] for row in models.values() if row["status"] == "live")
        _require_comparison(model, live, at)
        comparison = orjson.loads(model["report"])["comparison"]
        failing = comparison["approved"]["failing"]
        await _lock_ends(tx, failing)
        entry = await _append(tx, _entry(model, live, actor, reason, at), at, comparison.get("seq", -1))
        await tx.run(CLOSE_WEAKENED)
        await tx.run(RECORD_WEAKENED, rows=[_link(row) for row in failing], cause=entry["id"])
        return entry

    entry = await graph.write(work)
    await follow_promotion(graph)
    return entry


async def follow_promotion(graph: Graph) -> None:
    """Does what the last promotion made due and nobody has done: flags failing links that were approved since its
    comparison, and asks for everybody to be scored. To be called again if it is interrupted; done, it does nothing.
    """
    for due in await graph.rows(GET_DUE):
        if due["compared_to"] is not None:
            await _flag_late(graph, due)
        at = BULK + microseconds(dt.datetime.now(dt.UTC))
        while await graph.write(partial(_mark_page, due["promotion"], at)):
            pass


async def _flag_late(graph: Graph, due: Row) -> None:
    model = await as_believed(graph, (await get_version(graph, due["name"])).model)
    population = GraphPopulation()
    await population.count(graph)
    decided = await list_decided(graph, population, due["compared_to"])
    failing = approved(decided, model, model)["failing"]
    # Who asks for a frequency that was not read yet is answered 0, and asks again once it is.
    while population.unknown:
        await population.learn(graph, ())
        failing = approved(decided, model, model)["failing"]

    async def work(tx: Transaction) -> None:
        if await tx.run(CLOSE_COMPARISON, promotion=due["promotion"]):
            await _lock_ends(tx, failing)
            await tx.run(RECORD_WEAKENED, rows=[_link(row) for row in failing], cause=due["promotion"])

    await graph.write(work)


async def _mark_page(promotion: str, at: int, tx: Transaction) -> list[Row]:
    return await tx.run(MARK_PERSONS, promotion=promotion, at=at, limit=PAGE)


async def _lock_ends(tx: Transaction, links: list[Row]) -> None:
    await tx.run(LOCK_PERSONS, ids=sorted({row[side] for row in links for side in ("left", "right")}))


def _require_comparison(model: Row, live: str, at: dt.datetime) -> None:
    name = model["name"]
    if name == live:
        raise WrongState(f"model {name!r} is live already")
    if model["compared_with"] != live:
        raise WrongState(f"model {name!r} was not compared with {live!r}, which is live: `vito model compare {name}`")
    if at - model["compared_at"].to_native() > FRESH:
        days = FRESH.days
        raise WrongState(f"the comparison of model {name!r} is over {days} days old: `vito model compare {name}`")


def _entry(model: Row, live: str, actor: Caller, reason: str, at: dt.datetime) -> Row:
    return {
        "id": f"d-{uuid_utils.uuid7()}",
        "entry": Entry.MODEL.value,
        "actor": actor.id,
        "actor_name": actor.name,
        "actor_role": actor.role.value,
        "at": moment(at),
        "model": model["name"],
        "replaces": live,
        "evidence_hash": evidence_hash(model["content"]),
        "report_hash": evidence_hash(model["report"]),
        "concerns": [],
        "reason": reason,
        "salt": secrets.token_hex(16),
    }


async def _append(tx: Transaction, entry: Row, at: dt.datetime, since: int) -> Row:
    """The head of the log is the last lock that is taken."""
    whole = chain(await lock_head(tx), entry)
    await tx.run(RECORD_PROMOTION, name=entry["model"], replaces=entry["replaces"], entry=whole, at=at, since=since)
    return shown({"entry": whole, "superseded_by": [], "confirmed": True})


def _link(row: dict[str, Any]) -> Row:
    return {"left": row["left"], "right": row["right"], "decision": row["decision"]}
