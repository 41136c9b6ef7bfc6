"""A specialist's walk over /review, in a real browser, on the real API and the real servers."""

from __future__ import annotations

import asyncio
import math
import os
import re
import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.graph.driver import Graph
from vitograph.graph.keys import Role
from vitograph.graph.resolution import Resolver
from vitograph.resolver.parameters import load_model

playwright_api = pytest.importorskip("playwright.async_api", reason="this machine lacks the package playwright")
axe_api = pytest.importorskip(
    "axe_playwright_python.async_playwright", reason="this machine lacks the package axe-playwright-python"
)

CHROMIUM = os.environ.get("VITO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="this machine lacks Chromium: install it (apt-get install chromium) or set VITO_CHROMIUM"
)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = Path(__file__).parents[2] / "build/screenshots"
SCHEMES = ("light", "dark")

MARIA = {"given_name": "Maria", "family_name": "Lopez", "date_of_birth": "1990-03-02"}
INGRID = {"given_name": "Ingrid", "family_name": "Vandermeer", "date_of_birth": "1966-05-04"}


def stated(user_id: str, traits: dict[str, str], *more: tuple[str, str, str]) -> dict[str, Any]:
    """An observation of a person with an account."""
    identifiers = [("user_id", user_id, "verified"), *more]
    return {
        "channel": "web_form",
        "occurred_at": "2026-11-20T10:00:00Z",
        "identifiers": [{"kind": kind, "value": value, "assurance": level} for kind, value, level in identifiers],
        "traits": traits,
        "event": {"type": "campaign.enrolled", "target_id": "summer-offer"},
    }


# Two persons twice each: Maria with two accounts of one shop and one phone, Ingrid with two mailboxes.
OBSERVATIONS = (
    stated("shop:1", MARIA, ("phone", "+34600100200", "verified")),
    stated("shop:9", {**MARIA, "given_name": "María"}, ("phone", "+34600100200", "asserted")),
    stated("shop:2", {**INGRID, "city": "Utrecht"}, ("email", "ingrid.vandermeer@example.com", "verified")),
    stated("crm:2", {**INGRID, "city": "Leiden"}, ("email", "ingridvandermeer@example.net", "asserted")),
)


@pytest.fixture
async def address(graph: Graph, settings: Settings, secrets: dict[Role, str]) -> AsyncIterator[str]:
    """The API on a port of its own with pairs in its queue: what channels posted, and the resolver scored."""
    endpoint = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_level="warning", timeout_graceful_shutdown=2))
    serving = asyncio.create_task(server.serve(sockets=[endpoint]))
    address = f"http://127.0.0.1:{endpoint.getsockname()[1]}"
    headers = {"Authorization": f"Bearer {secrets[Role.CHANNEL]}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as channel:
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.02)
        for observation in OBSERVATIONS:
            assert (await channel.post("/v1/observations", json=observation)).status_code == 201
    await Resolver(graph, load_model()).finish()
    yield address
    server.should_exit = True
    await serving


@pytest.fixture
async def specialist(address: str, secrets: dict[Role, str]) -> AsyncIterator[httpx.AsyncClient]:
    """The API as a specialist's own program sees it, beside the page."""
    headers = {"Authorization": f"Bearer {secrets[Role.SPECIALIST]}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as client:
        yield client


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Any]:
    async with playwright_api.async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Any, address: str) -> AsyncIterator[Any]:
    """The page before signing in; a script that fails or a refused resource fails the test."""
    wrong: list[str] = []
    page = await browser.new_page(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page.set_default_timeout(10_000)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Security Policy" in message.text else None)
    await page.goto(f"{address}/review")
    yield page
    await page.context.close()
    assert wrong == []


async def sign_in(page: Any, key: str) -> None:
    await page.get_by_label("API key").fill(key)
    await page.keyboard.press("Enter")


async def shown_pair(page: Any) -> str:
    """The id of the pair that is shown, once all of it is."""
    await page.locator("#pair:not([aria-busy]) #timeline tbody tr").first.wait_for()
    return str(await page.locator("#items [aria-current]").get_attribute("data-id"))


async def press(page: Any, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def said(page: Any, words: str) -> None:
    """Waits until the live region says so."""
    await page.locator("#live", has_text=re.compile(words)).wait_for()


async def serious_violations(page: Any) -> list[str]:
    found = (await axe_api.Axe().run(page)).response["violations"]
    return [f"{one['id']}: {one['help']}" for one in found if one["impact"] in ("serious", "critical")]


async def test_a_wrong_key_says_so_and_is_not_kept(page: Any, secrets: dict[Role, str]) -> None:
    await sign_in(page, "no-such-key")
    await page.get_by_text("This key is not known").wait_for()
    await sign_in(page, secrets[Role.CHANNEL])
    await page.get_by_text("This key may not review").wait_for()
    assert await page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert await page.evaluate("document.cookie") == ""


async def test_the_main_walk(page: Any, specialist: httpx.AsyncClient, secrets: dict[Role, str]) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    assert await page.locator("#items .item").count() == 2

    # The waterfall adds up to the numbers that are shown, which are the API's.
    candidate = (await specialist.get(f"/v1/candidates/{first}")).json()
    for rival in ("stranger", "household"):
        cells = page.locator(f"td[data-column=bits_{rival}] data")
        rows = [float(value) for value in await cells.evaluate_all("cells => cells.map(cell => cell.value)")]
        total = float(await page.locator(f"[data-total=bits_{rival}] data").get_attribute("value"))
        assert len(rows) == len(candidate["waterfall"]["evidence"])
        assert math.isclose(math.fsum(rows), total, abs_tol=1e-9)
        assert total == candidate[f"bits_{rival}"]
        assert total == float(await page.locator(f"#bits-{rival} data").get_attribute("value"))
    assert "bits against a stranger" in await page.locator("#verdict-sentence").inner_text()

    # A reason is required: Enter without one records nothing.
    await press(page, "s")
    await page.locator("#record").click()
    assert (await specialist.get(f"/v1/candidates/{first}")).json()["status"] == "open"

    # Decided by keyboard; the next pair comes up.
    await press(page, "1", "Enter")
    await said(page, "Recorded: .* same person")
    second = await shown_pair(page)
    assert second != first
    decided = (await specialist.get(f"/v1/candidates/{first}")).json()
    assert (decided["status"], decided["verdict"]) == ("decided", "same")
    assert decided["left_person"]["view_id"] == decided["right_person"]["view_id"]

    # Taken back with a question in between; the views are two again and the pair waits.
    await press(page, "z")
    await page.locator("#retract[open]").wait_for()
    await page.keyboard.press("Escape")
    assert (await specialist.get(f"/v1/candidates/{first}")).json()["status"] == "decided"
    await press(page, "z")
    await page.get_by_role("button", name="Retract", exact=True).click()
    await said(page, "Retracted: .* same person")
    reopened = (await specialist.get(f"/v1/candidates/{first}")).json()
    assert reopened["status"] == "open"
    assert reopened["left_person"]["view_id"] != reopened["right_person"]["view_id"]

    # It waits again; from the list of what is decided it can be retracted as well.
    await page.locator(f"#items [data-id={first}]").wait_for()
    assert await shown_pair(page) == first
    await press(page, "d", "2", "Enter")
    await said(page, "Recorded: .* different")
    await page.get_by_label("Status").select_option("decided")
    await page.locator(f"#items [data-id={first}]").wait_for()
    await page.get_by_role("button", name="Retract decision").click()
    await page.get_by_role("button", name="Retract", exact=True).click()
    await said(page, "Retracted: .* different")
    history = page.locator(".history li")
    await history.nth(3).wait_for()
    assert await history.count() == 4


async def test_keys_do_not_fire_while_somebody_types(page: Any, secrets: dict[Role, str]) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    await press(page, "j")
    await page.wait_for_function("id => document.querySelector('#items [aria-current]').dataset.id !== id", arg=first)
    second = await shown_pair(page)
    await press(page, "u")
    await page.locator("#note").fill("")
    await page.locator("#note").type("jkshd?z")
    assert await page.locator("#note").input_value() == "jkshd?z"
    assert await shown_pair(page) == second
    await press(page, "Escape", "k")
    await page.wait_for_function("id => document.querySelector('#items [aria-current]').dataset.id === id", arg=first)
    await press(page, "?")
    await page.locator("#help[open]").wait_for()


async def test_a_pair_that_changed_meanwhile_is_read_again(
    page: Any, specialist: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    read = await specialist.get(f"/v1/candidates/{first}")
    verdict = {"verdict": "unsure", "reason": "somebody else was faster"}
    answer = await specialist.post(
        f"/v1/candidates/{first}/decisions", json=verdict, headers={"If-Match": read.headers["etag"]}
    )
    assert answer.status_code == 201
    await press(page, "s", "1", "Enter")
    await said(page, "changed and was read again")
    await page.get_by_text("somebody else was faster").wait_for()


async def test_a_contradiction_is_told_in_words(
    page: Any, address: str, specialist: httpx.AsyncClient, secrets: dict[Role, str], graph: Graph
) -> None:
    third = stated("web:2", {**INGRID, "city": "Utrecht"}, ("email", "ingrid.vandermeer@example.org", "verified"))
    headers = {"Authorization": f"Bearer {secrets[Role.CHANNEL]}"}
    async with httpx.AsyncClient(base_url=address, headers=headers) as channel:
        assert (await channel.post("/v1/observations", json=third)).status_code == 201
    await Resolver(graph, load_model()).finish()
    items = (await specialist.get("/v1/candidates")).json()["items"]
    triangle = [item for item in items if item["left_name"] == "ingrid vandermeer"]
    assert len(triangle) == 3
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    await page.locator(f"#items [data-id={triangle[2]['id']}]").click()
    await page.locator("#ambiguous").wait_for()

    # Both other sides of the triangle are decided elsewhere, while this page still shows the third.
    for item, verdict in ((triangle[0], "same"), (triangle[1], "different")):
        read = await specialist.get(f"/v1/candidates/{item['id']}")
        body = {"verdict": verdict, "reason": "by the papers"}
        url = f"/v1/candidates/{item['id']}/decisions"
        assert (await specialist.post(url, json=body, headers={"If-Match": read.headers["etag"]})).status_code == 201
    await press(page, "s", "1")
    await page.locator("#note").fill("looks alike")
    await press(page, "Enter")
    await (
        page.get_by_role("alert")
        .get_by_text(re.compile("is one with Ingrid .* were decided to be two people"))
        .wait_for()
    )


async def test_it_is_accessible_in_both_schemes_and_on_narrow_screens(page: Any, secrets: dict[Role, str]) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    assert await serious_violations(page) == []
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    await page.locator("#items .item", has_text="María").click()
    await page.locator("#in-common").wait_for()
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        await page.screenshot(path=SCREENSHOTS / f"pair-{scheme}.png")
        await press(page, "i")
        await page.locator("#reason-form").wait_for()
        await page.screenshot(path=SCREENSHOTS / f"decide-{scheme}.png")
        assert await serious_violations(page) == []

    # 200 % zoom of a common screen, and a telephone: nothing but tables scrolls sideways.
    for width in (720, 360):
        await page.set_viewport_size({"width": width, "height": 800})
        await page.screenshot(path=SCREENSHOTS / f"pair-{width}.png")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
