"""The example landing page in a real browser: what it says to whom, and that every failure leaves it dark."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from examples.landing.serve import CAMPAIGN, LandingServer

from tests.browser.conftest import Served
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.people.visitors import warm
from vitograph.graph.publishing import campaigns
from vitograph.graph.publishing.campaigns import Writer
from vitograph.graph.reach import EVERYTHING
from vitograph.projections.embedded import ValkeyServer
from vitograph.resolver.publishing.artifacts import read_artifact
from vitograph.resolver.publishing.campaigns import CampaignBody

OFFERS = Writer("offers")
ARTIFACTS: dict[str, Any] = {
    "headline": {
        "kind": "copy",
        "content": {
            "default": "en",
            "locales": {"en": {"text": "Two months free"}, "es": {"text": "Dos meses gratis"}},
        },
    },
    "new": {"kind": "offer", "content": {"text": "A gift for your first order", "when": "!known"}},
    "again": {"kind": "offer", "content": {"text": "Double points", "when": f'"{CAMPAIGN}" in campaigns'}},
}
Fault = Callable[[Any], Awaitable[None]]
LIFT = """form => {
  document.documentElement.dataset.vito = "asked again";
  form.inert = false;
  form.noValidate = true;
  form.requestSubmit();
}"""
WITHIN = 60_000  # milliseconds that a busy machine may take


@dataclass
class Landing:
    """The page on its server, the API that it asks and the Valkey behind that."""

    address: str
    served: Served
    valkey: Child


@pytest.fixture
async def landing(browser: Any, graph: Graph, settings: Settings, secrets: dict[Role, str], tmp_path: Path) -> Any:
    await campaigns.put(graph, CAMPAIGN, OFFERS, CampaignBody("Summer", closing="Bye"))
    for key, raw in ARTIFACTS.items():
        await campaigns.put_artifact(graph, CAMPAIGN, OFFERS, read_artifact(key, raw))
    await campaigns.activate(graph, CAMPAIGN, OFFERS)
    await warm(graph)
    valkey = Child(ValkeyServer(tmp_path / "valkey"))
    await valkey.start()
    assert isinstance(valkey.recipe, ValkeyServer)
    served = Served(settings.model_copy(update={"redis_url": valkey.recipe.url}))
    await served.start()
    server = LandingServer(0, served.address, secrets[Role.CHANNEL])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Landing(f"http://127.0.0.1:{server.server_address[1]}/", served, valkey)
    await asyncio.to_thread(server.shutdown)
    await asyncio.to_thread(thread.join)
    server.server_close()
    await served.stop()
    if valkey.process is not None:
        await valkey.stop()


@asynccontextmanager
async def visiting(browser: Any, **options: Any) -> AsyncIterator[Any]:
    """A browser of one visitor. Nothing that the page's own policy forbids is tried."""
    refused: list[str] = []
    context = await browser.new_context(**options)
    page = await context.new_page()
    page.set_default_timeout(WITHIN)
    page.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    yield page
    await context.close()
    assert refused == []


async def becomes(page: Any, *states: str) -> None:
    """Waits until the switch says one of these."""
    script = "(states) => states.includes(document.documentElement.dataset.vito)"
    await page.wait_for_function(script, arg=list(states))


async def is_dark(page: Any) -> bool:
    live, closed, form = (page.locator(f"[data-vito-{mark}]") for mark in ("live", "closed", "enrol"))
    can_send = not await form.evaluate("form => form.inert")
    return not await live.is_visible() and await closed.is_visible() and not can_send


async def enrol(page: Any, name: str = "Maria") -> None:
    await page.get_by_label("First name").fill(name)
    await page.get_by_label("E-mail").fill(f"{name.lower()}@example.com")
    await page.get_by_role("button", name="Count me in").click()


async def test_a_visitor_is_offered_enrols_and_is_greeted_when_they_come_back(
    browser: Any, landing: Landing, graph: Graph
) -> None:
    async with visiting(browser, locale="es-AR") as page:
        await page.goto(landing.address)
        await page.wait_for_selector("[data-landing=shown]", state="attached")
        assert await page.get_by_role("heading", name="Dos meses gratis").is_visible()
        assert await page.locator("#offers li").all_inner_texts() == ["A gift for your first order"]
        assert await page.locator("#greeting").inner_text() == ""
        assert not await page.locator("[data-vito-closed]").is_visible()
        await enrol(page)
        await page.get_by_text("You are in!").wait_for()
        again = await page.context.new_page()
        again.set_default_timeout(WITHIN)
        await again.goto(landing.address)
        await again.get_by_text("Welcome back, Maria!").wait_for()
        assert await again.locator("#offers li").all_inner_texts() == ["Double points"]
    (lead,) = await campaigns.leads(graph, CAMPAIGN, EVERYTHING, None, 10)
    assert lead.enrolments == 1
    async with visiting(browser) as stranger:
        await stranger.goto(landing.address)
        await stranger.wait_for_selector("[data-landing=shown]", state="attached")
        assert await stranger.locator("#greeting").inner_text() == ""


async def test_a_campaign_that_ends_while_the_page_is_open_takes_no_enrolment(
    browser: Any, landing: Landing, graph: Graph
) -> None:
    async with visiting(browser) as page, visiting(browser) as idle:
        for one in (page, idle):
            await one.goto(landing.address)
            await becomes(one, "active")
        campaign = await campaigns.end(graph, CAMPAIGN, OFFERS)
        await landing.served.app.state.vito.reader.push(campaign)
        await enrol(page)
        await becomes(page, "ended")
        assert await is_dark(page)
        assert await page.get_by_text("This offer is over").first.is_visible()
        await idle.evaluate("dispatchEvent(new Event('focus'))")  # whoever comes back to the page
        await becomes(idle, "ended")
        assert await is_dark(idle)
        # Who sends it all the same, by the page's own server, is refused there.
        posted = await page.request.post(
            f"{landing.address}enrol", form={"given_name": "Eve", "email": "eve@example.com", "visitor": "v-1"}
        )
        assert await posted.json() == {"enrolled": False}
    assert await campaigns.leads(graph, CAMPAIGN, EVERYTHING, None, 10) == []
    assert [step.type for step in await campaigns.funnel(graph, CAMPAIGN)] == ["campaign.enrolment_refused"]


async def answers(page: Any, **answer: Any) -> None:
    """The status is answered so, whatever the server says."""
    await page.context.route("**/status", lambda route: route.fulfill(**answer))


async def hangs(page: Any) -> None:
    """The status is never answered."""

    async def never(route: Any) -> None:
        await asyncio.sleep(60)

    await page.context.route("**/status", never)


async def redirects(page: Any) -> None:
    """The status is answered by somebody else, who says what is hoped for."""
    elsewhere = {"location": "http://localhost:9/x", "access-control-allow-origin": "*"}
    await answers(page, status=302, headers=elsewhere)


async def tampered(page: Any) -> None:
    """The switch itself is another script, which the page's hash refuses."""
    wrong = "document.documentElement.dataset.vito = 'active'"
    headers = {"access-control-allow-origin": "*", "content-type": "text/javascript"}
    await page.context.route("**/switch.js", lambda route: route.fulfill(body=wrong, headers=headers))


def said(body: str, status: int = 200, origin: str = "*") -> Fault:
    headers = {"content-type": "application/json", "access-control-allow-origin": origin}
    return lambda page: answers(page, status=status, body=body, headers=headers)


FAULTS: dict[str, tuple[Fault, str | None]] = {
    "ended": (said('{"status":"ended"}'), "ended"),
    "unknown": (said('{"status":"unknown"}'), "unknown"),
    "another word": (said('{"status":"ACTIVE"}'), "ACTIVE"),
    "cut short": (said('{"status":"active"'), "unreachable"),
    "a page": (said("<html>active</html>"), "unreachable"),
    "null": (said("null"), "unreachable"),
    "a list": (said('{"status":["active"]}'), "unreachable"),
    "another word for checking": (said('{"status":"checking"}'), "checking"),
    "an error": (said('{"status":"active"}', status=503), "unreachable"),
    "for another origin": (said('{"status":"active"}', origin="https://other.example.com"), "unreachable"),
    "a redirect": (redirects, "unreachable"),
    "no answer": (hangs, "unreachable"),
    "another script": (tampered, None),
}


async def test_whatever_is_not_active_is_dark(browser: Any, landing: Landing) -> None:
    for name, (fault, state) in FAULTS.items():
        async with visiting(browser) as page:
            await fault(page)
            started = time.perf_counter()
            await page.goto(landing.address)
            if state is not None:
                await becomes(page, state)
            print(f"{name}: dark {time.perf_counter() - started:.2f} s after it was asked for")
            assert await is_dark(page), name
            if state is not None:  # nor does the switch let through whoever lifts the lock of the form
                await page.locator("[data-vito-enrol]").evaluate(LIFT)
                await becomes(page, state)
                assert await page.locator("#enrolled").inner_text() == "", name


async def test_what_is_down_makes_the_page_dark_or_is_not_noticed(browser: Any, landing: Landing, graph: Graph) -> None:
    async with visiting(browser) as page:
        await page.goto(landing.address)
        await becomes(page, "active")
        # Without the hot memory the graph says that it is active, and when it is not any more.
        await landing.valkey.stop()
        await page.reload()
        await becomes(page, "active")
        await campaigns.end(graph, CAMPAIGN, OFFERS)
        await page.reload()
        await becomes(page, "ended")
        assert await is_dark(page)
        # Without the server the page's own script finds nobody, or has never come.
        await landing.served.stop()
        await page.evaluate("dispatchEvent(new Event('focus'))")
        await becomes(page, "unreachable")
        assert await is_dark(page)
        # The browser may keep the script: while that asks, neither the offer nor its end is shown.
        await page.reload()
        await page.locator("[data-vito-closed]").wait_for()
        assert await is_dark(page)
        async with visiting(browser) as stranger:
            await stranger.goto(landing.address)
            assert await is_dark(stranger)
        await landing.served.start()


async def test_a_browser_that_goes_offline_shows_nothing_that_it_cannot_know(browser: Any, landing: Landing) -> None:
    async with visiting(browser) as page:
        await page.goto(landing.address)
        await becomes(page, "active")
        await page.context.set_offline(True)
        await becomes(page, "unreachable")
        assert await is_dark(page)
        await page.context.set_offline(False)
        await becomes(page, "active")
        assert not await is_dark(page)
