"""Every error that is raised on purpose has its status, by a row of its own or of what it is a kind of."""

from __future__ import annotations

import importlib
import pkgutil

import httpx
import pytest
from fastapi import FastAPI

import vitograph
from vitograph.api.wire.errors import STATUS, WITHOUT_ROW, install, status_of
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
