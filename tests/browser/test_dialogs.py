"""The desk while dialogs are open or a list is read, undoing when the server is away, and a session that ends."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest

from tests.browser.walk import becomes, choose, next_pair, press, said, shown_pair, sign_in, status, waits_again
from tests.deciding import ANA, person, propose, say
from tests.serving import Served
from vitograph.graph.access.keys import Role, create_key, revoke_key
from vitograph.graph.access.sessions import issue_ticket
from vitograph.graph.deciding.reviews import make_gold
from vitograph.graph.driver import Graph
from vitograph.resolver.deciding.decisions import Verdict

KEYS = ("j", "k", "s", "h", "d", "i", "u", "z", "c", "?", "1", "S", "D")


@pytest.fixture
async def desk(page: Any, queue: list[str], secrets: dict[Role, str]) -> Any:
    """The page, signed in, with one pair decided already and the next one shown."""
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    await press(page, "d")
    await next_pair(page, first)
    await said(page, "Recorded")
    return page


async def test_no_key_acts_on_what_lies_behind_a_dialog(desk: Any, specialist: httpx.AsyncClient) -> None:
    log = (await specialist.get("/v1/decisions")).json()["items"]
    [decided] = [entry["candidate_id"] for entry in log]
    for opener, dialog, where in (
        ("#show-help", "#help", "open"),
        (".heading .name", "#person", "open"),
        ("#bulk-open", "#bulk", "open"),
        ("#retract-this", "#retract", "decided"),
    ):
        await choose(desk, "status", where)
        one = f"[data-id={decided}]" if where == "decided" else f":not([data-id={decided}])"
        await desk.locator(f"#items {one}[aria-current]").wait_for()
        shown = await shown_pair(desk)
        await desk.locator(opener).first.click()
        await desk.locator(f"{dialog}[open]").wait_for()
        if dialog == "#retract":
            await desk.locator("#retract-plan li").first.wait_for()
        for _ in range(2):  # with the focus on whatever the dialog gives it to, and on its last button
            await press(desk, *KEYS)
            await desk.locator(f"{dialog} button:visible").last.focus()
        assert await desk.locator("dialog[open]").count() == 1, dialog
        assert await desk.locator("#reason-form").count() == 0, dialog
        await press(desk, "Escape")
        await desk.locator(f"{dialog}[open]").wait_for(state="detached")
        assert await shown_pair(desk) == shown, dialog
        await desk.wait_for_function("() => document.activeElement !== document.body")
    assert (await specialist.get("/v1/decisions")).json()["items"] == log
    assert await status(specialist, decided) == ("decided", "different")
    # Once it is closed, they act again.
    await choose(desk, "status", "open")
    await desk.locator(f"#items :not([data-id={decided}])[aria-current]").wait_for()
    shown = await shown_pair(desk)
    await desk.locator("#pair").focus()
    await press(desk, "u")
    await next_pair(desk, shown)
    await becomes(specialist, shown, ("decided", "unsure"))


async def test_what_is_chosen_while_a_list_is_read_stays_shown(desk: Any) -> None:
    asked, held = asyncio.Event(), asyncio.Event()

    async def wait(route: Any) -> None:
        asked.set()
        await held.wait()
        await route.continue_()

    asking = re.compile(r"/v1/candidates\?")
    await desk.route(asking, wait)
    await choose(desk, "age", "day")
    await asked.wait()
    first = await desk.locator("#items .item").first.get_attribute("data-id")
    await desk.locator("#items .item").last.click()
    chosen = await shown_pair(desk)
    assert chosen != first
    async with desk.expect_response(asking) as listed:
        held.set()
    await (await listed.value).finished()
    await desk.wait_for_timeout(500)
    assert await shown_pair(desk) == chosen


async def test_the_keyboard_stays_where_it_was_when_that_is_drawn_anew(desk: Any, colleague: httpx.AsyncClient) -> None:
    here = "() => document.activeElement.dataset.id ?? document.activeElement.id"
    shown = await shown_pair(desk)
    other = await desk.locator(f"#items .item:not([data-id={shown}])").last.get_attribute("data-id")
    await desk.locator(f"#items [data-id={shown}]").focus()
    assert (await colleague.post(f"/v1/candidates/{other}/claim")).status_code == 200
    await desk.locator(f"#items [data-id={other}]", has_text="Claimed by").wait_for()
    assert await desk.evaluate(here) == shown
    # A button that acts on a pair never has the keyboard at once for another one.
    await desk.locator("#claim").focus()
    await press(desk, "j")
    beside = await next_pair(desk, shown)
    assert await desk.evaluate(here) == "pair"
    await desk.locator("[data-verdict=same]").focus()
    await press(desk, "k")
    assert await next_pair(desk, beside) == shown
    assert await desk.evaluate(here) == "pair"


async def test_undo_takes_back_the_last_one_or_nothing(
    desk: Any, specialist: httpx.AsyncClient, colleague: httpx.AsyncClient
) -> None:
    before = [entry["candidate_id"] for entry in (await specialist.get("/v1/decisions")).json()["items"]]
    last = await shown_pair(desk)
    await press(desk, "h")
    await next_pair(desk, last)
    await becomes(specialist, last, ("decided", "household"))
    # Nobody answers: the last decision stays the last one, however often it is tried.
    await desk.route("**/retract", lambda route: route.abort())
    for _ in range(2):
        await press(desk, "z")
        await said(desk, "The server does not answer")
    await desk.unroute("**/retract")
    assert await status(specialist, before[0]) == ("decided", "different")
    # A colleague was faster: that is said, and the one before is left alone.
    [entry] = (await specialist.get(f"/v1/candidates/{last}")).json()["history"]
    assert (await colleague.post(f"/v1/decisions/{entry['id']}/retract", json={"keep_apart": False})).status_code == 201
    await press(desk, "z")
    await said(desk, "is of no effect that could be taken back")
    assert await status(specialist, before[0]) == ("decided", "different")
    await press(desk, "z")
    await waits_again(specialist, before[0])


async def test_undo_of_a_verdict_that_is_refused_takes_back_nothing(
    desk: Any, specialist: httpx.AsyncClient, colleague: httpx.AsyncClient
) -> None:
    [before] = [entry["candidate_id"] for entry in (await specialist.get("/v1/decisions")).json()["items"]]
    held = asyncio.Event()

    async def wait(route: Any) -> None:
        await held.wait()
        await route.continue_()

    await desk.route("**/decisions", wait)
    shown = await shown_pair(desk)
    assert (await colleague.post(f"/v1/candidates/{shown}/claim")).status_code == 200
    await press(desk, "s", "z")
    held.set()
    await desk.locator("#notices, #decide-error").filter(has_text="is claimed by").wait_for()
    await press(desk, "c")
    assert await status(specialist, before) == ("decided", "different"), "z was about the one that was refused"
    assert await desk.locator("#undo").is_visible(), "what was decided before can be undone still"
    await press(desk, "z")
    await waits_again(specialist, before)


async def test_a_second_look_is_not_undone_by_undoing_something_else(
    desk: Any, graph: Graph, specialist: httpx.AsyncClient
) -> None:
    again = await propose(graph, await person(graph, "g1"), await person(graph, "g2"))
    await say(graph, again, Verdict.HOUSEHOLD, ANA)
    await make_gold(graph, again, is_gold=True)
    await desk.get_by_label("Blind: hide scores").check()
    await desk.locator(f"#items [data-id={again}]").click()
    await desk.locator(f"#pair-content [data-pair={again}]").wait_for()
    assert await desk.locator("#standings, .identifiers .tag").count() == 0, "how an identifier stands is not told"
    [before] = [
        entry["candidate_id"]
        for entry in (await specialist.get("/v1/decisions")).json()["items"]
        if entry["candidate_id"] != again
    ]
    await shown_pair(desk)
    await press(desk, "h")
    await said(desk, "Recorded")
    await press(desk, "z")
    await said(desk, "second look")
    assert await status(specialist, before) == ("decided", "different")


@pytest.mark.parametrize("is_blind", [False, True])
async def test_a_verdict_whose_answer_is_lost_is_the_one_that_is_undone(
    desk: Any, specialist: httpx.AsyncClient, is_blind: bool
) -> None:
    [before] = [entry["candidate_id"] for entry in (await specialist.get("/v1/decisions")).json()["items"]]

    async def lose(route: Any) -> None:
        await route.fetch()
        await route.abort()

    await desk.route("**/decisions", lose)
    if is_blind:
        await desk.get_by_label("Blind: hide scores").check()
        await desk.locator("#section-compared").wait_for()
    last = await shown_pair(desk)
    await press(desk, "h")
    await said(desk, "Recorded, though the answer was lost: .* household")
    assert await status(specialist, last) == ("decided", "household")
    assert await desk.locator(f"#items [data-id={last}]").count() == 0
    await press(desk, "z")
    await waits_again(specialist, last)
    assert await status(specialist, before) == ("decided", "different")


async def test_what_is_not_known_to_be_recorded_is_said_so_and_never_undone_as_something_else(
    desk: Any, specialist: httpx.AsyncClient
) -> None:
    [before] = [entry["candidate_id"] for entry in (await specialist.get("/v1/decisions")).json()["items"]]
    last = await shown_pair(desk)
    reading = re.compile(rf"/v1/candidates/{last}\?")

    async def lose(route: Any) -> None:
        await route.fetch()
        await route.fulfill(status=502, json={"title": "Bad Gateway"})

    await desk.route("**/decisions", lose)
    await desk.route(reading, lambda route: route.abort())
    await press(desk, "h")
    unknown = "It is not known whether this was recorded"
    await desk.locator("#notices, #decide-error").filter(has_text=unknown).first.wait_for()
    await press(desk, "z")
    await said(desk, "not known whether the last verdict was recorded")
    await desk.unroute(reading)
    await press(desk, "z")
    await said(desk, "Undone: .* household")
    await waits_again(specialist, last)
    await shown_pair(desk)
    # This one did not come through at all.
    await desk.unroute("**/decisions")
    await desk.route("**/decisions", lambda route: route.abort())
    await press(desk, "u")
    await said(desk, "It was not recorded when the pair was read again")
    await press(desk, "z")
    await said(desk, "nothing to undo")
    assert await status(specialist, before) == ("decided", "different")
    await press(desk, "z")
    await waits_again(specialist, before)


async def test_a_session_that_ends_leaves_nothing_open(
    page: Any, graph: Graph, queue: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vitograph.api.routes.queue.HEARTBEAT", 0.5)
    id, secret = await create_key(graph, "Kim", Role.SPECIALIST)
    await sign_in(page, secret)
    await shown_pair(page)
    await page.locator(".heading .name").first.click()
    await page.locator("#person[open] #person-content .history").wait_for()
    await revoke_key(graph, id)
    await page.locator("#key-error", has_text="session has ended").wait_for()
    assert await page.locator("dialog[open]").count() == 0
    assert await page.locator("#desk").is_hidden()
    assert await page.evaluate("sessionStorage.getItem('vito.review.key')") is None


async def test_a_page_that_nobody_is_at_signs_out(
    page: Any, served: Served, queue: list[str], secrets: dict[Role, str]
) -> None:
    await page.clock.install()
    await page.reload()
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    await page.clock.run_for("50:00")
    await press(page, "j")
    await page.clock.run_for("50:00")
    assert await page.locator("#desk").is_visible(), "somebody was here fifty minutes ago"
    await page.clock.run_for("11:00")
    await page.locator("#key-error", has_text="Nobody was here").wait_for()
    assert await page.locator("#desk").is_hidden()


async def test_a_forgotten_tab_ends_nobodys_session(
    browser: Any, served: Served, graph: Graph, queue: list[str]
) -> None:
    ticket = await issue_ticket(graph, "zoe", "Zoe", Role.SPECIALIST)
    both = await browser.new_context()
    both.set_default_timeout(60_000)
    await both.clock.install()
    page, at_work = await both.new_page(), await both.new_page()
    await page.goto(f"{served.address}/review#ticket={ticket}")
    await shown_pair(page)
    await at_work.goto(f"{served.address}/review")
    await shown_pair(at_work)
    await at_work.clock.run_for("50:00")
    told = "() => new Promise((told) => new BroadcastChannel('vito.presence').addEventListener('message', told))"
    async with asyncio.TaskGroup() as tasks:
        heard = tasks.create_task(page.evaluate(told))
        while not heard.done():
            await press(at_work, "j")
            await asyncio.sleep(0.2)
    await at_work.clock.run_for("50:00")
    assert await page.locator("#desk").is_visible(), "somebody was at the other tab"
    assert await at_work.locator("#desk").is_visible()
    await at_work.clock.run_for("11:00")
    for tab in (page, at_work):
        await tab.locator("#key-error", has_text=re.compile("Nobody was here|session has ended")).wait_for()
    await both.close()
