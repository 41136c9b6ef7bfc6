"""A Valkey that tests may stop and freeze, and the whole app over it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from tests.serving import Served
from tests.wagtail import Site
from vitograph.api.app import create_app
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.graph.driver import Graph
from vitograph.graph.keeping import audit
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot.memory import HotMemory, open_hot


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """Beside most of these tests no worker runs: that something waits for one tells of a slow machine only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(audit, "OVERDUE", dt.timedelta(minutes=30))
        yield


@pytest.fixture(scope="session")
async def valkey(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Child]:
    """A Valkey of our own, to do to it what may happen."""
    child = Child(ValkeyServer(Path(tmp_path_factory.mktemp("valkey"))))
    await child.start()
    yield child
    await child.stop()


@pytest.fixture
async def hot(valkey: Child) -> AsyncIterator[HotMemory]:
    if valkey.process is None:
        await valkey.start()
    assert isinstance(valkey.recipe, ValkeyServer)
    async with open_hot(valkey.recipe.url) as hot:
        await hot.client.flushall()
        yield hot


@pytest.fixture
async def host(graph: Graph, settings: Settings) -> AsyncIterator[str]:
    """The address of the whole app on a port of its own."""
    served = Served(settings)
    await served.start()
    yield served.address
    await served.stop()


@pytest.fixture
async def page(graph: Graph, settings: Settings, hot: HotMemory, valkey: Child) -> AsyncIterator[httpx.AsyncClient]:
    """The whole app over our own Valkey."""
    assert isinstance(valkey.recipe, ValkeyServer)
    app = create_app(settings.model_copy(update={"redis_url": valkey.recipe.url}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://vito") as client:
            yield client


@pytest.fixture(scope="session")
async def site(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    """A Wagtail of our own, which runs at the beginning of a test and may be stopped by it."""
    site = Site(tmp_path_factory.mktemp("wagtail"))
    await site.start()
    yield site
    await site.stop()
