"""The switch against servers that answer anyhow, forms sent at a bad moment, and a CMS that is down at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from examples.landing.serve import CAMPAIGN

from tests.browser.test_landing import OFFERS, Landing, becomes, enrol, is_dark, landing, visiting
from tests.live.publishing.test_sinks import put_sink, settle, states
from tests.wagtail import Site
from vitograph.api.routes.scripts import SWITCH
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import campaigns, deliveries
from vitograph.graph.reach import EVERYTHING
from vitograph.projections.embedded import ValkeyServer
from vitograph.projections.hot.memory import open_hot

__all__ = ["landing"]  # the fixture

Manner = Callable[[asyncio.StreamWriter], Awaitable[None]]
ACTIVE = b'{"status":"active"}'
CORS = "access-control-allow-origin: *\r\n"


def head(length: int, more: str = CORS, status: str = "200 OK") -> bytes:
    lines = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{more}"
    return f"{lines}cache-control: no-store\r\nconnection: close\r\n\r\n".encode()


async def a_byte_at_a_time(to: asyncio.StreamWriter) -> None:
    to.write(head(len(ACTIVE)))
    for byte in ACTIVE:
        to.write(bytes([byte]))
        await to.drain()
        await asyncio.sleep(0.2)


async def more_is_to_come(to: asyncio.StreamWriter) -> None:
    to.write(head(len(ACTIVE) + 1) + ACTIVE)
    await to.drain()
    await asyncio.sleep(30)


async def it_hangs_up(to: asyncio.StreamWriter) -> None:
    to.write(head(len(ACTIVE) + 1) + ACTIVE)


async def it_is_not_packed(to: asyncio.StreamWriter) -> None:
    to.write(head(len(ACTIVE), f"{CORS}content-encoding: gzip\r\n") + ACTIVE)


async def for_nobody(to: asyncio.StreamWriter) -> None:
    to.write(head(len(ACTIVE), "") + ACTIVE)


async def it_never_begins(to: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def nothing(to: asyncio.StreamWriter) -> None:
    to.write(head(0, status="204 No Content"))


async def no_http(to: asyncio.StreamWriter) -> None:
    to.write(b"active\r\n\r\n")


MANNERS: tuple[Manner, ...] = (
    a_byte_at_a_time,
    more_is_to_come,
    it_hangs_up,
    it_is_not_packed,
    for_nobody,
    it_never_begins,
    nothing,
    no_http,
)


@asynccontextmanager
async def answering(port: int, manner: Manner) -> AsyncIterator[None]:
    """A server in ViTo's place, which serves the switch and answers everything else in its manner."""

    async def answer(asked: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        line = await asked.readline()
        while (await asked.readline()).strip():
            pass
        try:
            if b"/switch.js" in line:
                script = head(len(SWITCH)).replace(b"application/json", b"text/javascript")
                to.write(script + SWITCH)
            else:
                await manner(to)
            await to.drain()
        except ConnectionError:
            pass
        finally:
            to.close()

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    try:
        yield
    finally:
        server.close()


async def test_however_the_status_is_answered_only_active_is_lit(browser: Any, landing: Landing) -> None:
    await landing.served.stop()
    for manner in MANNERS:
        async with answering(landing.served.port, manner), visiting(browser) as page:
            await page.goto(landing.address)
            await becomes(page, "unreachable")
            assert await is_dark(page), manner.__name__
    await landing.served.start()


async def enrolled_unanswered(page: Any) -> asyncio.Event:
    """The form is sent, and the status that it asks for is not answered until this is set."""
    asked, answer = asyncio.Event(), asyncio.Event()

    async def hold(route: Any) -> None:
        asked.set()
        await answer.wait()
        await route.continue_()

    # No time-out of the page's own comes between.
    await page.evaluate("window.setTimeout = () => 0")
    await page.context.route("**/status", hold)
    await enrol(page)
    await asyncio.wait_for(asked.wait(), 30)
    return answer


async def test_a_form_that_is_sent_while_the_status_is_read_again_is_sent(
    browser: Any, landing: Landing, graph: Graph
) -> None:
    async with visiting(browser) as page:
        await page.goto(landing.address)
        await becomes(page, "active")
        answer = await enrolled_unanswered(page)
        await page.evaluate("dispatchEvent(new Event('focus'))")  # a reading that is later than the form's
        answer.set()
        await page.get_by_text("You are in!").wait_for()
    (lead,) = await campaigns.leads(graph, CAMPAIGN, EVERYTHING, None, 10)
    assert lead.enrolments == 1


async def test_a_page_that_went_dark_while_a_form_waited_does_not_send_it(
    browser: Any, landing: Landing, graph: Graph
) -> None:
    async with visiting(browser) as page:
        await page.goto(landing.address)
        await becomes(page, "active")
        answer = await enrolled_unanswered(page)
        await page.context.set_offline(True)
        await becomes(page, "unreachable")
        await page.context.set_offline(False)
        await campaigns.end(graph, CAMPAIGN, OFFERS)
        await landing.served.app.state.vito.reader.push(await campaigns.get(graph, CAMPAIGN))
        answer.set()
        await becomes(page, "ended")
        assert await is_dark(page)
        assert await page.locator("#enrolled").inner_text() == ""
        await page.locator("#closing", has_text="Bye").wait_for()
    assert await campaigns.leads(graph, CAMPAIGN, EVERYTHING, None, 10) == []


async def test_a_cms_that_is_down_at_the_end_keeps_no_page_lit_and_is_cleared_when_it_is_back(
    browser: Any, landing: Landing, graph: Graph, tmp_path: Path
) -> None:
    assert isinstance(landing.valkey.recipe, ValkeyServer)
    (tmp_path / "wagtail").mkdir()
    site = Site(tmp_path / "wagtail")
    await site.start()
    shop = {"url": site.url, "type": "landing.LandingPage"}
    await put_sink(graph, "shop", "wagtail", shop, secret=site.token, campaigns=[CAMPAIGN])
    try:
        async with open_hot(landing.valkey.recipe.url) as hot, visiting(browser) as page:
            await settle(graph, hot)
            assert (await site.read(CAMPAIGN))[0] == 200
            await page.goto(landing.address)
            await becomes(page, "active")
            await site.stop()
            await campaigns.end(graph, CAMPAIGN, OFFERS)
            await settle(graph, hot)
            await page.evaluate("dispatchEvent(new Event('focus'))")
            await becomes(page, "ended")
            assert await is_dark(page)
            (row,) = await deliveries.of_campaign(graph, CAMPAIGN)
            assert (row["state"], row["attempts"] > 0) == ("removing", True)
            await site.start()
            async with asyncio.timeout(120):
                while await states(graph, CAMPAIGN) != {"shop": "gone"}:
                    await deliveries.revive(graph)
                    await settle(graph, hot)
            assert (await site.read(CAMPAIGN))[0] == 404
    finally:
        await site.stop()
