"""One Neo4j and one Valkey for the whole session; the graph is emptied before each test that asks for it.

`graph` is the empty graph, `api` an HTTP client of the whole app over it, `secrets` one API key a role.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from hypothesis import settings as hypothesis_settings
from pydantic import SecretStr

from tests.servers import start_backend
from vitograph.api.app import create_app
from vitograph.api.running.addresses import Addresses
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.queries import Statement
from vitograph.graph.schema import migrate
from vitograph.resolver.erasure import Seal

ADMIN_KEY = "an admin key of the tests"
SIGNED_WITH = "what the tests sign with"
ERASURE_KEY = "an erasure key of the tests"
EMPTY = Statement(
    "test/empty", "MATCH (n) WHERE NOT n:Migration CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 500 ROWS"
)

# A busy machine fails no test: what takes long is told by the time a test may take. In CI examples follow from the
# test, so that a change is judged by what it changes; anywhere else they are drawn anew.
hypothesis_settings.register_profile("untimed", deadline=None, derandomize="CI" in os.environ)
hypothesis_settings.load_profile("untimed")

LOOPS: list[asyncio.AbstractEventLoop] = []


def pytest_collection_finish() -> None:
    """What was imported and collected is no garbage: whoever looks for some need not go through all of it each time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
async def loop() -> None:
    """What all tests of this session run on, for telling where its tasks stand."""
    LOOPS.append(asyncio.get_running_loop())


def waits(task: asyncio.Task[object]) -> str:
    """Where a task waits, from its outermost coroutine inwards."""
    inner: object = task.get_coro()
    places = []
    while frame := getattr(inner, "cr_frame", None) or getattr(inner, "ag_frame", None):
        places.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_name}")
        inner = getattr(inner, "cr_await", None) or getattr(inner, "ag_await", None)
    return " > ".join(places)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[object]) -> None:
    """A test that ran out of time tells where each task waited: the stack of the thread shows the loop alone."""
    if call.excinfo and "pytest-timeout" in str(call.excinfo.value):
        stands = [f"{task.get_name()}: {waits(task)}" for loop in LOOPS for task in asyncio.all_tasks(loop)]
        item.add_report_section(call.when, "tasks", "\n".join(stands))


@pytest.fixture(scope="session")
async def backend() -> AsyncIterator[Addresses]:
    """The real servers of this session."""
    async with start_backend() as addresses:
        yield addresses


@pytest.fixture(scope="session")
async def migrated(backend: Addresses) -> AsyncIterator[Graph]:
    login = (backend.neo4j_uri, backend.neo4j_user, backend.neo4j_password)
    async with open_graph(*login, seal=Seal(ERASURE_KEY.encode())) as graph:
        await migrate(graph)
        yield graph


@pytest.fixture
async def graph(migrated: Graph) -> Graph:
    """The real graph, empty but for its schema."""
    await migrated.run(EMPTY)
    return migrated


@pytest.fixture
def settings(backend: Addresses, tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path / "data",
        neo4j_uri=backend.neo4j_uri,
        neo4j_user=backend.neo4j_user,
        neo4j_password=SecretStr(backend.neo4j_password),
        redis_url=backend.redis_url,
        admin_key=SecretStr(ADMIN_KEY),
        signing_key=SecretStr(SIGNED_WITH),
        erasure_key=SecretStr(ERASURE_KEY),
    )


@pytest.fixture
async def api(graph: Graph, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The app itself, in this process, over the real servers."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://vito") as client:
            yield client


@pytest.fixture
async def secrets(graph: Graph) -> dict[Role, str]:
    """One key a role; marketing's is of the department `north`."""
    departments = {Role.MARKETING: "north", Role.SALES: "sales"}
    made = await asyncio.gather(*(create_key(graph, f"a {role}", role, departments.get(role)) for role in Role))
    return {role: secret for role, (_, secret) in zip(Role, made, strict=True)}


@pytest.fixture
def bearer(secrets: dict[Role, str]) -> dict[Role, dict[str, str]]:
    """The headers of a request, by role."""
    return {role: {"Authorization": f"Bearer {secret}"} for role, secret in secrets.items()}
