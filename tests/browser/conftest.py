"""The review page in a real browser, on the real API and the real servers."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.browser.walk import stated
from tests.deciding import person, propose
from tests.serving import Served
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.driver import Graph
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.scoring.parameters_json import load_model

CHROMIUM = os.environ.get("VITO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WITHIN = 30.0  # seconds for one answer on a machine that does much else

MARIA = {"given_name": "Maria", "family_name": "Lopez", "date_of_birth": "1990-03-02"}
INGRID = {"given_name": "Ingrid", "family_name": "Vandermeer", "date_of_birth": "1966-05-04"}

# Two persons twice each: Maria with two accounts of one shop and one phone, Ingrid with two mailboxes.
OBSERVATIONS = (
    stated("shop:1", MARIA, ("phone", "+34600100200", "verified")),
    stated("shop:9", {**MARIA, "given_name": "María"}, ("phone", "+34600100200", "asserted")),
    stated("shop:2", {**INGRID, "city": "Utrecht"}, ("email", "ingrid.vandermeer@example.com", "verified")),
    stated("crm:2", {**INGRID, "city": "Leiden"}, ("email", "ingridvandermeer@example.net", "asserted")),
)


@pytest.fixture
async def queue(graph: Graph) -> list[str]:
    """Five pairs in band A."""
    return [await propose(graph, await person(graph, f"a{n}"), await person(graph, f"b{n}")) for n in range(5)]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Any]:
    playwright_api = pytest.importorskip("playwright.async_api", reason="this machine lacks the package playwright")
    if CHROMIUM is None:
        pytest.skip("this machine lacks Chromium: install it (apt-get install chromium) or set VITO_CHROMIUM")
    async with playwright_api.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def served(browser: Any, graph: Graph, settings: Settings) -> AsyncIterator[Served]:
    served = Served(settings)
    await served.start()
    yield served
    await served.stop()


@pytest.fixture
async def address(served: Served) -> str:
    return served.address


@pytest.fixture
async def pairs(served: Served, graph: Graph, secrets: dict[Role, str]) -> None:
    """Pairs in the queue: what channels posted, and the resolver scored."""
    headers = {"Authorization": f"Bearer {secrets[Role.CHANNEL]}"}
    async with httpx.AsyncClient(base_url=served.address, headers=headers, timeout=WITHIN) as channel:
        for observation in OBSERVATIONS:
            assert (await channel.post("/v1/observations", json=observation)).status_code == 201
    await Resolver(graph, load_model()).finish()


@pytest.fixture
async def specialist(served: Served, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    """The API as the specialist of the page sees it with a program of their own."""
    headers = {"Authorization": f"Bearer {secrets[Role.SPECIALIST]}"}
    async with httpx.AsyncClient(base_url=served.address, headers=headers, timeout=WITHIN) as client:
        yield client


@pytest.fixture
async def colleague(served: Served, graph: Graph) -> AsyncIterator[httpx.AsyncClient]:
    """The API as another specialist sees it."""
    _, secret = await create_key(graph, "Chris", Role.SPECIALIST)
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(base_url=served.address, headers=headers, timeout=WITHIN) as client:
        yield client


@pytest.fixture
async def page(browser: Any, served: Served) -> AsyncIterator[Any]:
    """The page before signing in; a script that fails or a refused resource fails the test."""
    wrong: list[str] = []
    page = await browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(60_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Security Policy" in message.text else None)
    await page.goto(f"{served.address}/review")
    yield page
    await page.context.close()
    assert wrong == []
