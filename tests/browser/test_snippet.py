"""The script of `/vito.js` and the example pages in a real browser, and Segment's own library beside them."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ADMIN_KEY
from tests.live.channels.test_sdks import all_arrived
from tests.live.channels.test_segment import EVENTS, holders
from tests.npm import installed
from tests.serving import Served
from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.driver import Graph
from vitograph.graph.publishing.campaigns import Writer, activate, end, put
from vitograph.resolver.publishing.campaigns import read_body
from vitograph.resolver.terms import Terms

EXAMPLES = Path(__file__).parents[2] / "examples"
WITHIN = 60.0


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """The folder of examples on an origin of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(EXAMPLES)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
async def visitor(browser: Any, served: Served) -> AsyncIterator[Any]:
    """A page of somebody who was never here; a script that fails fails the test."""
    wrong: list[str] = []
    context = await browser.new_context()
    page = await context.new_page()
    page.set_default_timeout(WITHIN * 1000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page
    await context.close()
    assert wrong == []


async def until(claim: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(WITHIN):
        while not await claim():  # noqa: ASYNC110  another process changes it
            await asyncio.sleep(0.05)


async def types(graph: Graph) -> list[str]:
    return sorted(event["type"] for event in await graph.rows(EVENTS))


async def key_for(graph: Graph, site: str) -> str:
    writer = Writer("north")
    await put(graph, "summer", writer, read_body({"name": "Summer"}))
    await activate(graph, "summer", writer)
    terms = Terms(publishable=True, campaigns=("summer",), origins=(site,))
    return (await create_key(graph, "page", Role.CHANNEL, terms=terms))[1]


async def open_form(visitor: Any, served: Served, site: str, key: str) -> None:
    await visitor.goto(f"{site}/web-form/index.html?vito={served.address}&key={key}&campaign=summer")
    await visitor.wait_for_function("() => window.vito")


async def send_form(visitor: Any) -> None:
    await visitor.fill("[name=given_name]", "Maria")
    await visitor.fill("[name=email]", "Maria@Example.com")
    await visitor.click("text=I want it")


async def test_a_form_stores_and_sends_nothing_before_consent(
    visitor: Any, served: Served, graph: Graph, site: str
) -> None:
    await open_form(visitor, served, site, await key_for(graph, site))
    await send_form(visitor)
    assert await visitor.evaluate("[document.cookie, sessionStorage.length, localStorage.length]") == ["", 0, 0]
    assert await types(graph) == []
    await visitor.click("#yes")
    await visitor.wait_for_selector("text=Please look into your mailbox")
    assert await types(graph) == ["campaign.enrolment_requested", "page.viewed"]
    cookie = (await visitor.evaluate("document.cookie")).removeprefix("vito_id=")
    held = await holders(graph)
    assert {assurance for _, assurance in held["email:maria@example.com"]} == {"asserted"}
    assert f"cookie:{cookie}" in held
    await visitor.evaluate("vito.consent(false)")
    assert await visitor.evaluate("[document.cookie, sessionStorage.length]") == ["", 0]


async def test_a_form_after_a_no_says_what_it_waits_for(visitor: Any, served: Served, graph: Graph, site: str) -> None:
    await open_form(visitor, served, site, await key_for(graph, site))
    await visitor.click("#no")
    await send_form(visitor)
    await visitor.wait_for_selector("text=This is sent once you say yes below")
    await visitor.click("#yes")
    await visitor.wait_for_selector("text=Please look into your mailbox")
    assert await types(graph) == ["campaign.enrolment_requested"]


async def test_a_form_for_what_is_over_says_so(visitor: Any, served: Served, graph: Graph, site: str) -> None:
    key = await key_for(graph, site)
    await end(graph, "summer", Writer("north"))
    await open_form(visitor, served, site, key)
    await visitor.click("#yes")
    await send_form(visitor)
    await visitor.wait_for_selector("text=This offer is over.")
    assert "campaign.enrolment_refused" in await types(graph)


async def test_what_came_too_slowly_or_too_often_is_sent_again(
    visitor: Any, served: Served, graph: Graph, site: str
) -> None:
    await open_form(visitor, served, site, await key_for(graph, site))
    refusals = [408, 429, 503]

    async def refuse_first(route: Any) -> None:
        if refusals:
            await route.fulfill(status=refusals.pop(0), headers={"Access-Control-Allow-Origin": "*"})
        else:
            await route.continue_()

    await visitor.route("**/v1/observations*", refuse_first)
    await visitor.evaluate("vito.consent(true)")
    await until(lambda: has(graph, "page.viewed"))
    assert (refusals, await types(graph)) == ([], ["page.viewed"])


async def test_what_could_not_be_sent_is_sent_later_and_once(
    visitor: Any, served: Served, graph: Graph, site: str
) -> None:
    await open_form(visitor, served, site, await key_for(graph, site))
    await visitor.evaluate("vito.consent(true)")
    await until(lambda: has(graph, "page.viewed"))
    await served.stop()
    await visitor.evaluate("void vito.track('offer.opened')")
    await served.start()
    await until(lambda: has(graph, "offer.opened"))

    async def only_beacons(route: Any) -> None:
        await (route.continue_() if route.request.resource_type == "ping" else route.abort())

    await visitor.route("**/v1/observations*", only_beacons)
    await visitor.evaluate("void vito.track('offer.closed')")
    await visitor.goto("about:blank")
    await until(lambda: has(graph, "offer.closed"))
    assert await types(graph) == ["offer.closed", "offer.opened", "page.viewed"]
    assert len({event["person"] for event in await graph.rows(EVENTS)}) == 1


async def test_consent_that_another_tab_was_given_is_given_here(
    visitor: Any, served: Served, graph: Graph, site: str
) -> None:
    page = f"{site}/web-form/index.html?vito={served.address}&key={await key_for(graph, site)}&campaign=summer"
    left, consenting = await visitor.context.new_page(), await visitor.context.new_page()
    for tab in (visitor, left, consenting):
        await tab.goto(page)
        await tab.wait_for_function("() => window.vito")
    assert await types(graph) == []
    await consenting.evaluate("vito.consent(true)")
    await visitor.evaluate("dispatchEvent(new Event('online'))")
    await visitor.evaluate("void vito.track('offer.opened')")
    await until(lambda: has(graph, "offer.opened"))
    await left.goto("about:blank")

    async def all_came() -> bool:
        return await types(graph) == ["offer.opened", *["page.viewed"] * 3]

    await until(all_came)
    assert len({event["person"] for event in await graph.rows(EVENTS)}) == 1


async def has(graph: Graph, type: str) -> bool:
    return type in await types(graph)


async def test_a_chat_knows_who_is_logged_in_until_they_log_out(visitor: Any, served: Served, graph: Graph) -> None:
    terms = {"publishable": True, "identity": {"issuer": "https://shop.example", "audience": "vito"}}
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {ADMIN_KEY}"}, timeout=60) as admin:
        made = (await admin.post(f"{served.address}/v1/keys", json={"name": "c", "role": "channel", **terms})).json()
    environment = os.environ | {"IDENTITY_SECRET": made["identity_secret"]}
    command = [sys.executable, str(EXAMPLES / "chat" / "site.py"), "0"]
    site = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.PIPE)
    try:
        assert site.stdout
        address = (await site.stdout.readline()).decode().removeprefix("ready ").strip()
        await visitor.goto(f"{address}/?vito={served.address}&key={made['key']}")
        await visitor.wait_for_selector("body[data-ready]")
        for text, shown in (("hello", "hello"), ("<b>you</b>", "<b>you</b>")):
            await visitor.fill("[name=text]", text)
            await visitor.click("text=Send")
            await visitor.wait_for_selector(f"li:text-is('{shown}')")
        await visitor.click("text=Log out")
        await visitor.wait_for_selector("text=You are logged out.")
        await visitor.fill("[name=text]", "who am I")
        await visitor.click("text=Send")
        await visitor.wait_for_selector("li:text-is('who am I')")
    finally:
        site.terminate()
        await site.wait()
    persons = [event["person"] for event in await graph.rows(EVENTS)]
    [(maria, assurance)] = (await holders(graph))["user_id:shop:maria"]
    assert (assurance, persons[:3], persons[3] != maria) == ("verified", [maria] * 3, True)


async def test_segments_own_library_delivers_from_a_page(
    visitor: Any, served: Served, graph: Graph, secrets: dict[Role, str], site: str
) -> None:
    library = installed() / "node_modules/@segment/analytics-next/dist/umd/index.js"
    host = served.address.removeprefix("http://")
    await visitor.goto(f"{site}/web-form/index.html?vito={served.address}")
    await visitor.add_script_tag(path=str(library))
    await visitor.evaluate(
        """async ([writeKey, host]) => {
          const { AnalyticsBrowser } = window.AnalyticsNext;
          const cdnSettings = { integrations: { "Segment.io": { apiKey: writeKey } } };
          const integrations = { "Segment.io": { apiHost: `${host}/segment/v1`, protocol: "http" } };
          const [analytics] = await AnalyticsBrowser.load({ writeKey, cdnSettings }, { integrations });
          analytics.setAnonymousId("page-device");
          const at = (minute) => ({ timestamp: new Date(Date.UTC(2026, 10, 24, 10, minute)) });
          await analytics.page("Home", {}, at(1));
          await analytics.identify("page-1", { email: "Petra@Example.com" }, at(2));
          await analytics.track("Order Completed", { total: 12.5 }, at(3));
          await analytics.group("shop-7", {}, at(4));
          await analytics.screen("Basket", {}, at(5));
          await analytics.alias("page-1", "page-0", at(6));
        }""",
        [secrets[Role.CHANNEL], host],
    )
    await until(lambda: has(graph, "person.aliased"))
    await all_arrived(graph, "page")
