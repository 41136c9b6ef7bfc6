"""People sign in with the link of this machine or at an issuer of another site, decide, and sign out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.browser.walk import becomes, press, said, shoot, shown_pair, waits_again
from tests.deciding import person, propose
from tests.issuer import Provider
from tests.serving import Served, serving
from vitograph.api.access.sessions import COOKIE
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role
from vitograph.graph.access.sessions import issue_ticket
from vitograph.graph.driver import Graph


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Provider]:
    """An issuer of another site than the page: `localhost` beside `127.0.0.1`."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    provider = Provider()
    async with serving(provider.app()) as url:
        provider.url = url.replace("127.0.0.1", "localhost")
        yield provider


@pytest.fixture
async def served(browser: Any, graph: Graph, settings: Settings, provider: Provider) -> AsyncIterator[Served]:
    served = Served(settings.model_copy(update=provider.settings()))
    await served.start()
    yield served
    await served.stop()


async def cookies(page: Any) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in await page.context.cookies()}


async def test_a_link_of_this_machine_signs_in(
    page: Any, served: Served, graph: Graph, specialist: httpx.AsyncClient
) -> None:
    id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    ticket = await issue_ticket(graph, "zoe", "Zoe", Role.SPECIALIST)
    await page.goto("about:blank")
    await page.goto(f"{served.address}/review#ticket={ticket}")
    assert await shown_pair(page) == id
    assert page.url == f"{served.address}/review", "a ticket stays in no history"
    assert await page.locator("#who").inner_text() == "Zoe"
    cookie = (await cookies(page))[COOKIE]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
    assert await page.evaluate("document.cookie") == ""
    await press(page, "d")
    await becomes(specialist, id, ("decided", "different"))
    await press(page, "z")
    await waits_again(specialist, id)
    await page.reload()
    assert await shown_pair(page) == id
    async with page.expect_response(lambda answer: answer.request.method == "DELETE" and "session" in answer.url):
        await page.get_by_role("button", name="Sign out").click()
    await page.get_by_label("API key").wait_for()
    assert COOKIE not in await cookies(page)
    await page.goto("about:blank")
    await page.goto(f"{served.address}/review#ticket={ticket}")
    await page.locator("#key-error", has_text="used already").wait_for()


async def test_people_sign_in_at_their_issuer(page: Any, served: Served, provider: Provider, graph: Graph) -> None:
    id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    await page.get_by_role("link", name="Sign in with your organisation").wait_for()
    await shoot(page, "sign-in")
    await page.get_by_role("link", name="Sign in with your organisation").click()
    assert await shown_pair(page) == id
    assert await page.locator("#who").inner_text() == "Ana Lopez"
    await press(page, "u")
    await said(page, "Recorded")
    assert provider.exchanged == 1
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/logout?client_id=*", wait_until="commit")
    assert COOKIE not in await cookies(page)
