"""The versions of the model that a graph keeps, and the one that is live.

A version is never changed: what it is called says what it holds. Only the packaged model is what the ViTo at work
brings, whatever a graph kept by its name. It is live where nobody has trained or brought in another.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.queries import load
from vitograph.graph.resolving.priors import get_priors
from vitograph.resolver.deciding.reports import named, without
from vitograph.resolver.errors import Conflict, Fault, InvalidInput, UnknownThing
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import (
    DEFAULT,
    BadModel,
    dump_model,
    load_model,
    parse_model,
    require_levels,
)

LIST_MODELS = load("model/list_models")
GET_MODEL = load("model/get_model")
LOCK_MODELS = load("model/lock_models")
LIST_PRESENT = load("model/list_present")
RECORD_REPORT = load("model/record_report")
GET_LIVE = load("model/get_live")
UPSERT_PACKAGED = load("model/upsert_packaged")
RECORD_MODEL = load("model/record_model")
RECORD_COMPARISON = load("model/record_comparison")


class UnreadableModel(Conflict):
    """The model is not of the form that this version of ViTo knows: a newer one kept it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it is kept: the model, its status (`draft`, `live`, `retired`), and the report beside it."""

    model: Model
    status: str
    report: Mapping[str, Any]
    facts: Row


async def list_models(graph: Graph) -> list[Row]:
    """All versions, the oldest first; the packaged one alone where there are no others."""
    return await graph.rows(LIST_MODELS) or [_packaged()]


async def get_version(graph: Graph, name: str) -> Version:
    """UnknownThing when there is none of that name; UnreadableModel when only a newer ViTo can read it."""
    for row in await graph.rows(GET_MODEL, name=name):
        content, report = orjson.loads(row.pop("content")), orjson.loads(row.pop("report") or "{}")
        return Version(load_model() if name == DEFAULT else _readable(name, content), row["status"], report, row)
    if name == DEFAULT:
        facts = _packaged() | {"status": "retired" if await graph.rows(GET_LIVE) else "live"}
        return Version(load_model(), facts["status"], {}, facts)
    raise UnknownThing("model", name)


async def find_model(graph: Graph, name: str) -> Model | None:
    """The model of that name; None where there is none, or only a newer ViTo can read it."""
    try:
        return (await get_version(graph, name)).model
    except (UnknownThing, UnreadableModel):
        return None


async def live_name(graph: Graph) -> str:
    """What the model is called that is live."""
    rows = await graph.rows(GET_LIVE)
    return str(rows[0]["name"]) if rows else DEFAULT


async def live_model(graph: Graph, otherwise: Model | None = None) -> Model:
    """The model that is live. `otherwise` is returned, unread, when it is that one or nothing says which is.

    UnreadableModel when only a newer ViTo can read it.
    """
    rows = await graph.rows(GET_LIVE)
    return await named_live(graph, rows[0]["name"] if rows else None, otherwise or load_model())


async def named_live(graph: Graph, name: str | None, otherwise: Model) -> Model:
    """As `live_model`, where it was read already what it is called."""
    if name is None or name == otherwise.name:
        return otherwise
    return (await get_version(graph, name)).model


async def as_believed(graph: Graph, model: Model) -> Model:
    """The model with the priors of this graph, as the resolver scores with it."""
    priors = await get_priors(graph)
    return model if priors is None else priors.in_model(model)


async def record_model(graph: Graph, model: Model, created_by: str, parent: str, report: Mapping[str, Any]) -> None:
    """Keeps a new version, as a draft. Conflict when another one has its name; InvalidInput when it cannot score."""
    try:
        require_levels(parse_model(dump_model(model)), load_model())
    except BadModel as error:
        raise InvalidInput([Fault(pointer(error), error.sentence)]) from error
    content = orjson.dumps(dump_model(model)).decode()
    fields = {"name": model.name, "parent": parent, "created_by": created_by, "report": orjson.dumps(report).decode()}

    async def work(tx: Transaction) -> str:
        await upsert_packaged(tx)
        at = dt.datetime.now(dt.UTC)
        return str((await tx.run(RECORD_MODEL, content=content, at=at, **fields))[0]["content"])

    if await graph.write(work) != content:
        raise Conflict(f"there is another model {model.name!r}, and a version is never changed: choose another name")


async def record_comparison(graph: Graph, name: str, live: str, report: Mapping[str, Any]) -> None:
    """Keeps what a comparison with the live model found: who promotes relies on it."""

    async def work(tx: Transaction) -> None:
        at = dt.datetime.now(dt.UTC)
        await upsert_packaged(tx)
        await tx.run(LOCK_MODELS)
        # Under the lock: whoever was erased while it was compared is not named, and `close_in_reports` comes after.
        gone = await _list_gone(tx, named(report))
        written = orjson.dumps(without(report, gone.__contains__)).decode()
        await tx.run(RECORD_COMPARISON, **{"name": name, "with": live, "report": written, "at": at})

    await graph.write(work)


async def close_in_reports(tx: Transaction, person_ids: Iterable[str]) -> None:
    """Takes the links of these persons, and of all who are not there, out of the reports of all models, which are
    locked before any person is.
    """
    found = {row["name"]: orjson.loads(row["report"] or "{}") for row in await tx.run(LOCK_MODELS)}
    gone = set(person_ids) | await _list_gone(tx, set().union(*map(named, found.values())))
    for name, report in found.items():
        if named(report) & gone:
            written = orjson.dumps(without(report, gone.__contains__)).decode()
            await tx.run(RECORD_REPORT, name=name, report=written)


async def _list_gone(tx: Transaction, persons: set[str]) -> set[str]:
    return persons - {row["id"] for row in await tx.run(LIST_PRESENT, ids=sorted(persons))} if persons else set()


def read_model(content: Any) -> Model:
    """A model from JSON that somebody brings. InvalidInput with where it contradicts itself or falls short."""
    if not isinstance(content, dict):
        raise InvalidInput([Fault("", "a model is a JSON object")])
    try:
        model = parse_model(content)
        require_levels(model, load_model())
    except BadModel as error:
        raise InvalidInput([Fault(pointer(error), error.sentence)]) from error
    return model


def _readable(name: str, content: Any) -> Model:
    try:
        return parse_model(content)
    except BadModel as error:
        raise UnreadableModel(f"the model {name!r} needs a newer ViTo ({error.where})") from error


def pointer(error: BadModel) -> str:
    return "/" + error.where.replace(".", "/")


async def upsert_packaged(tx: Transaction) -> None:
    """The packaged model is a version like the others as soon as there are others."""
    content = orjson.dumps(dump_model(load_model())).decode()
    await tx.run(UPSERT_PACKAGED, name=DEFAULT, content=content, at=dt.datetime.now(dt.UTC))


def _packaged() -> Row:
    absent = ("parent", "created_at", "compared_with", "compared_at", "promoted_at")
    return {"name": DEFAULT, "status": "live", "created_by": "ViTo", "version": 1} | dict.fromkeys(absent)
