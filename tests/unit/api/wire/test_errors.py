"""Every error that is raised on purpose has its status, by a row of its own or of what it is a kind of."""

from __future__ import annotations

import importlib
import pkgutil

import httpx
import pytest
from fastapi import FastAPI

import vitograph
from vitograph.api.routes.retention import EventType, Period
from vitograph.api.wire.errors import STATUS, WITHOUT_ROW, install, status_of
from vitograph.api.wire.moments import Moment
from vitograph.graph.schema import SchemaMismatch
from vitograph.resolver.errors import (
    Conflict,
    DamagedEvidence,
    EvidenceUnavailable,
    Gone,
    GraphUnavailable,
    HotMemoryUnavailable,
    InvalidInput,
    LaggingSource,
    ReusedId,
    ServerFailed,
    StaleVersion,
    Unauthenticated,
    UnknownThing,
    VitoError,
    WrongState,
)


def every_error(kind: type[VitoError] = VitoError) -> list[type[VitoError]]:
    for module in pkgutil.walk_packages(vitograph.__path__, "vitograph."):
        if "embedded.jvm" not in module.name and "leash" not in module.name:
            importlib.import_module(module.name)
    return sorted(
        {child for sub in kind.__subclasses__() for child in (sub, *every_error(sub))}, key=lambda one: one.__name__
    )


@pytest.mark.parametrize(
    "kind", [one for one in every_error() if one.__module__.startswith("vitograph.")], ids=lambda kind: kind.__name__
)
def test_it_is_in_the_table_or_a_kind_of_what_is(kind: type[VitoError]) -> None:
    assert any(one in STATUS for one in kind.__mro__)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput([]), 422),
        (UnknownThing("person", "p"), 404),
        (Conflict("no"), 409),
        (ReusedId("o-1"), 409),
        (WrongState("no"), 409),
        (SchemaMismatch("no"), 409),
        (StaleVersion("candidate", "c"), 412),
        (Unauthenticated("no"), 401),
        (GraphUnavailable("no"), 503),
        (EvidenceUnavailable("no"), 503),
        (DamagedEvidence("no"), 500),
        (Gone("no"), 410),
        (HotMemoryUnavailable("no"), 503),
        (LaggingSource("no"), 503),
        (ServerFailed("no"), 500),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, VitoError) else str(value),
)
def test_its_status_is_that_of_its_cause(error: VitoError, status: int) -> None:
    assert status_of(error) == status


@pytest.mark.parametrize(
    "kind", [kind for kind, status in STATUS.items() if status == 503], ids=lambda one: one.__name__
)
async def test_whoever_is_told_to_come_later_is_told_when(kind: type[VitoError]) -> None:
    app = FastAPI()
    install(app)

    @app.get("/")
    async def fail() -> None:
        raise kind("not now")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vito") as client:
        answer = await client.get("/")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0


def test_an_error_that_the_table_forgot_is_our_fault() -> None:
    class Forgotten(VitoError):
        pass

    assert VitoError not in STATUS
    assert status_of(Forgotten("no")) == WITHOUT_ROW == 500


@pytest.mark.parametrize(
    ("place", "body", "faults"),
    [
        ("/kept/page.viewed", '{"days": "90"}', {"/days": "it must be a whole number"}),
        ("/kept/page.viewed", '{"days": 1.5}', {"/days": "it must be a whole number"}),
        ("/kept/page.viewed", '{"days": 0}', {"/days": "it must be greater than or equal to 1"}),
        ("/kept/page.viewed", '{"weeks": 2}', {"/days": "it is required", "/weeks": "there is no such field"}),
        ("/kept/page.viewed", "[90]", {"": "it must be a JSON object"}),
        ("/kept/page.viewed", "", {"": "it is required"}),
        ("/kept/Page", '{"days": 90}', {"/type": "it must match ^[a-z0-9_.]+$"}),
        (f"/kept/{'x' * 200}", '{"days": 90}', {"/type": "it must have at most 128 characters"}),
        ("/kept/page.viewed?since=2026", '{"days": 90}', {"/since": "write a moment out, as 2026-11-24T10:00:00Z"}),
        ("/kept/page.viewed?all=perhaps", '{"days": 90}', {"/all": "it must be true or false"}),
    ],
    ids=str,
)
async def test_what_is_wrong_with_a_request_is_told_in_a_sentence_of_ours(
    place: str, body: str, faults: dict[str, str]
) -> None:
    answer = await put(place, body)
    assert answer.status_code == 422
    assert {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]} == faults


async def test_what_is_no_json_is_so_wherever_it_is_sent() -> None:
    answer = await put("/kept/page.viewed", '{"days": 90')
    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("the body is not JSON: ")


async def put(place: str, body: str) -> httpx.Response:
    """What an app answers that takes periods as ours does."""
    app = FastAPI()
    install(app)

    @app.put("/kept/{type}")
    async def keep(type: EventType, body: Period, since: Moment | None = None, all: bool = False) -> None:
        raise AssertionError("it was taken")

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://vito") as client:
        return await client.put(place, content=body, headers={"Content-Type": "application/json"})
