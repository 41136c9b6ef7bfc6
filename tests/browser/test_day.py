"""The day of a specialist: a queue that lives, colleagues, second persons, many at once, and a server that restarts."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest

from tests.browser.conftest import Served
from tests.browser.walk import becomes, choose, decide, next_pair, press, said, shoot, shown_pair, sign_in, status
from tests.deciding import BEN, person, propose, saw, say, view
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict

DWELL = 1_500  # ms, after which the desk has what it shows

# What `propose` of the tests leaves out, and those who listen are told by.
TOUCH = Statement("test/touch", "MATCH (c:Candidate {id: $id}) SET c.updated_at = datetime()")


@pytest.fixture
async def queue(graph: Graph) -> list[str]:
    """Twelve pairs in band A of people who have nothing to do with each other."""
    names = [f"p{number}" for number in range(24)]
    people = [await person(graph, name) for name in names]
    return [await propose(graph, *people[place : place + 2]) for place in range(0, len(people), 2)]


@pytest.fixture
async def desk(page: Any, queue: list[str], secrets: dict[Role, str]) -> Any:
    """The page, signed in, with the queue shown."""
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    return page


async def test_the_next_pair_is_there_before_the_verdict_is_recorded(desk: Any, specialist: httpx.AsyncClient) -> None:
    held = asyncio.Event()

    async def wait(route: Any) -> None:
        await held.wait()
        await route.continue_()

    await desk.route("**/decisions", wait)
    # Pairs are read ahead; those that were looked at are there for certain.
    first = await shown_pair(desk)
    for key in "jjkk":
        before = await shown_pair(desk)
        await press(desk, key)
        await next_pair(desk, before)
    await press(desk, "d")
    second = await next_pair(desk, first)
    assert (await status(specialist, first))[0] != "decided"
    await press(desk, "h")
    await next_pair(desk, second)
    held.set()
    await becomes(specialist, first, ("decided", "different"))
    await becomes(specialist, second, ("decided", "household"))


async def test_a_whole_queue_by_keyboard(desk: Any, specialist: httpx.AsyncClient, queue: list[str]) -> None:
    decided: dict[str, str] = {}
    keys = {"s": "same", "h": "household", "d": "different", "u": "unsure"}
    for number in range(len(queue)):
        id = await shown_pair(desk)
        key = "shdu"[number % 4]
        decided[id] = keys[key]
        await press(desk, key)
        if number < len(queue) - 1:
            await next_pair(desk, id)
    await desk.get_by_text("Nothing to decide here").wait_for()
    assert sorted(decided) == sorted(queue)
    for id, verdict in decided.items():
        await becomes(specialist, id, ("decided", verdict))


async def test_the_queue_lives(desk: Any, graph: Graph, colleague: httpx.AsyncClient, queue: list[str]) -> None:
    shown = await shown_pair(desk)
    taken, decided = [id for id in queue if id != shown][:2]
    assert (await colleague.post(f"/v1/candidates/{taken}/claim")).status_code == 200
    await desk.locator(f"#items [data-id={taken}]", has_text="Claimed by Chris").wait_for()
    assert (await decide(colleague, decided, "different")).status_code == 201
    await desk.locator(f"#items [data-id={decided}]").wait_for(state="detached")
    fresh = await propose(graph, await person(graph, "new1"), await person(graph, "new2"))
    await graph.run(TOUCH, id=fresh)
    await desk.locator(f"#items [data-id={fresh}]").wait_for()
    assert await shown_pair(desk) == shown
    await desk.locator(f"#items [data-id={taken}]").click()
    await desk.locator("#lease.other", has_text="Chris has it until").wait_for()
    await shoot(desk, "claimed-by-a-colleague")
    await shown_pair(desk)
    await press(desk, "s")
    await desk.locator("#notices, #decide-error").filter(has_text="is claimed by").wait_for()
    assert (await status(colleague, taken))[0] == "claimed"


async def test_what_is_looked_at_for_a_while_is_claimed_and_given_back(desk: Any, colleague: httpx.AsyncClient) -> None:
    first = await shown_pair(desk)
    await desk.locator("#lease", has_text="Yours until").wait_for()
    refused = await colleague.post(f"/v1/candidates/{first}/claim")
    assert refused.status_code == 409
    await desk.locator(f"#items [data-id={first}][data-status=claimed]").wait_for()
    await press(desk, "j")
    await next_pair(desk, first)
    await desk.locator(f"#items [data-id={first}]:not([data-status=claimed])").wait_for()
    assert (await colleague.post(f"/v1/candidates/{first}/claim")).status_code == 200


async def test_a_colleague_takes_over_what_a_closed_page_had(
    desk: Any, colleague: httpx.AsyncClient, specialist: httpx.AsyncClient
) -> None:
    first = await shown_pair(desk)
    await press(desk, "c")
    await desk.locator("#lease", has_text="Yours until").wait_for()
    await desk.goto("about:blank")
    async with asyncio.timeout(60):
        while (await colleague.post(f"/v1/candidates/{first}/claim")).status_code != 200:  # noqa: ASYNC110  see `becomes`
            await asyncio.sleep(0.1)
    assert (await decide(colleague, first, "same")).status_code == 201
    assert await status(specialist, first) == ("decided", "same")


async def test_four_eyes(desk: Any, graph: Graph, specialist: httpx.AsyncClient, colleague: httpx.AsyncClient) -> None:
    # What was decided to be two people is to be one after all: that takes a second person.
    apart = await propose(graph, *(people := [await person(graph, name) for name in ("a1", "a2")]))
    await say(graph, apart, Verdict.DIFFERENT, BEN)
    again = await propose(graph, *people)
    await desk.reload()
    await shown_pair(desk)
    await desk.locator(f"#items [data-id={again}]").click()
    assert await shown_pair(desk) == again
    await press(desk, "s")
    await said(desk, "waits for a second person to confirm")
    assert await view(graph, people[0]) != await view(graph, people[1])
    await choose(desk, "status", "awaiting")
    await desk.locator(f"#items [data-id={again}][aria-current]").wait_for()
    await desk.get_by_role("button", name="Confirm as second person").click()
    await said(desk, "Not confirmed: .* you decided this yourself")
    await shoot(desk, "four-eyes")

    # The page of the second person confirms what a colleague decided.
    other = await propose(graph, *(people := [await person(graph, name) for name in ("b1", "b2")]))
    await say(graph, other, Verdict.DIFFERENT, BEN)
    await propose(graph, *people)
    assert (await decide(colleague, other, "same")).status_code == 202
    await desk.locator(".tabs [data-view=person]").click()
    await desk.locator(f"#items [data-id={other}]").click()
    assert await shown_pair(desk) == other
    await desk.get_by_role("button", name="Confirm as second person").click()
    await said(desk, "Confirmed: .* same person")
    assert await status(specialist, other) == ("decided", "same")
    assert await view(graph, people[0]) == await view(graph, people[1])


async def test_many_at_once_and_back(desk: Any, specialist: httpx.AsyncClient, queue: list[str]) -> None:
    await choose(desk, "band", "A")
    shown = await shown_pair(desk)
    # Who looks at a pair has it, and decides it with the others: behind the list it is nobody's.
    await desk.locator("#lease", has_text="Yours until").wait_for()
    await desk.locator("#bulk-open").click()
    await desk.locator("#bulk-list").wait_for()
    assert await desk.locator("#bulk-list tbody tr").count() == len(queue)
    await press(desk, "Escape")
    await desk.locator("#bulk[open]").wait_for(state="detached")
    await desk.locator("#lease", has_text="Yours until").wait_for()
    assert await shown_pair(desk) == shown
    await desk.locator("#bulk-open").click()
    await desk.locator("#bulk-list").wait_for()
    await becomes(specialist, shown, ("open", None))
    await desk.wait_for_timeout(2 * DWELL)
    assert await status(specialist, shown) == ("open", None), "it is not taken again behind the list"
    await desk.locator("#bulk-record").click()
    await desk.locator("#batch", has_text=f"{len(queue)} of {len(queue)} decisions stand").wait_for()
    await desk.locator("#batch", has_text="2 pairs drawn to be looked at again").wait_for()
    await shoot(desk, "batch")
    for id in queue:
        assert await status(specialist, id) == ("decided", "same")
    await desk.locator("#batch-retract").click()
    await desk.locator("#batch", has_text=re.compile("^0 of")).wait_for()
    for id in queue:
        assert (await status(specialist, id))[0] == "open"


async def test_devices_of_one_person(desk: Any, graph: Graph, specialist: httpx.AsyncClient) -> None:
    owner = await person(graph, "owner")
    pairs = [await propose(graph, owner, (await saw(graph, f"cookie:c{number}?")).person_id) for number in range(3)]
    other = await person(graph, "other")
    await propose(graph, other, (await saw(graph, "cookie:other?")).person_id)
    await desk.locator(".tabs [data-view=device]").click()
    await desk.locator("#items .item").nth(3).wait_for()
    await desk.locator("#owners .owner").first.click()
    await desk.locator("#items .item").nth(3).wait_for(state="detached")
    await shown_pair(desk)
    await shoot(desk, "devices-of-one")
    await desk.locator("#bulk-open").click()
    await desk.locator("#bulk-list tbody tr").nth(2).wait_for()
    await desk.locator("#bulk-record").click()
    await desk.locator("#batch", has_text="3 of 3 decisions stand").wait_for()
    for id in pairs:
        assert await status(specialist, id) == ("decided", "same")


async def test_whose_devices_are_shown_was_chosen_last(desk: Any, graph: Graph) -> None:
    owner = await person(graph, "owner")
    pairs = {await propose(graph, owner, (await saw(graph, f"cookie:c{number}?")).person_id) for number in range(3)}
    for name in ("other", "another"):
        await propose(graph, await person(graph, name), (await saw(graph, f"cookie:{name}?")).person_id)
    held = asyncio.Event()

    async def wait(route: Any) -> None:
        await held.wait()
        await route.continue_()

    # The list of all devices is read, but not drawn yet, while that of one person is asked for.
    await desk.route("**/v1/candidates/counts*", wait)
    async with desk.expect_response(lambda answer: "kind=device" in answer.url):
        await desk.locator(".tabs [data-view=device]").click()
    await desk.route("**/v1/candidates?*person=*", wait)
    await desk.locator("#owners .owner").first.click()
    held.set()
    await desk.wait_for_function(f"() => document.querySelectorAll('#items .item').length === {len(pairs)}")
    assert await shown_pair(desk) in pairs


async def test_blind_mode_shows_no_score(
    desk: Any, specialist: httpx.AsyncClient, colleague: httpx.AsyncClient, queue: list[str]
) -> None:
    await desk.get_by_label("Blind: hide scores").check()
    told = "#items .chance, #items .band, .numbers, #waterfall, .history"
    await desk.wait_for_function(f"() => !document.querySelector('{told}')")
    await desk.locator("#section-compared").wait_for()
    id = await shown_pair(desk)
    other = next(one for one in queue if one != id)
    assert (await colleague.post(f"/v1/candidates/{other}/claim")).status_code == 200
    await desk.locator(f"#items [data-id={other}]", has_text="Claimed by Chris").wait_for()
    assert await desk.locator(told).count() == 0
    await shoot(desk, "blind")
    await press(desk, "u")
    await said(desk, "Recorded")
    entries = (await specialist.get("/v1/decisions")).json()["items"]
    assert [(entry["candidate_id"], entry["blind"]) for entry in entries] == [(id, True)]
    assert await desk.locator("#pair-content button.name").count() == 0, "whom somebody is one with is not told"
    # Whether another pair is as likely is hidden, so one key joins none.
    await shown_pair(desk)
    await press(desk, "s")
    await desk.locator("#reason-form").wait_for()
    await press(desk, "Escape")
    await desk.locator("#bulk-open").click()
    await desk.locator("#bulk-list").wait_for()
    assert await desk.locator("#bulk-list th[scope=col]").all_inner_texts() == ["Left", "Right"]
    assert "same" not in await desk.locator("#bulk-verdict option").evaluate_all("all => all.map((one) => one.value)")
    await choose(desk, "bulk-verdict", "different")
    rows = await desk.locator("#bulk-list tbody tr").count()
    await desk.locator("#bulk-record").click()
    await desk.locator("#batch", has_text=f"{rows} of {rows} decisions stand").wait_for()


async def test_filters(desk: Any, colleague: httpx.AsyncClient, queue: list[str]) -> None:
    await choose(desk, "band", "B")
    await desk.locator("#queue-note", has_text="No pair is waiting in band B").wait_for()
    await choose(desk, "band", "A")
    await shown_pair(desk)
    # One less, once the desk has the pair that is shown.
    await desk.locator("#lease", has_text="Yours until").wait_for()
    told = re.compile(rf"^A \({len(queue) - 1}\)$")
    await desk.locator("#band option:checked", has_text=told).wait_for(state="attached")
    await choose(desk, "age", "hour")
    await desk.locator("#matching", has_text=f"{len(queue)} match").wait_for()
    await choose(desk, "age", "oldest")
    await desk.locator("#matching", has_text="0 match").wait_for()
    await choose(desk, "age", "")
    await desk.locator("#campaign").fill("no-such-")
    assert (await colleague.post(f"/v1/candidates/{queue[0]}/claim")).status_code == 200
    # Two, where the desk goes on to a pair that nobody has.
    await desk.locator("#status option[value=claimed]", has_text=re.compile(r"\([12]\)")).wait_for(state="attached")
    await desk.locator("#campaign").press_sequentially("campaign")
    await press(desk, "Enter")
    await desk.locator("#matching", has_text="0 match").wait_for()


async def test_a_server_that_restarts_in_the_middle(
    desk: Any, served: Served, colleague: httpx.AsyncClient, graph: Graph
) -> None:
    first = await shown_pair(desk)
    await served.stop()
    await desk.locator("#line", has_text="The server does not answer").wait_for()
    await press(desk, "s")
    await desk.locator("#notices, #decide-error").get_by_text("The server does not answer").first.wait_for()
    await shoot(desk, "no-server")
    await served.start()
    await desk.locator("#line", has_text=re.compile("^$")).wait_for(state="attached")
    assert (await status(colleague, first))[0] in ("open", "claimed")
    await desk.locator(f"#items [data-id={first}]").click()
    await shown_pair(desk)
    await press(desk, "s")
    await said(desk, "Recorded")
    assert await status(colleague, first) == ("decided", "same")
    fresh = await propose(graph, await person(graph, "after1"), await person(graph, "after2"))
    await graph.run(TOUCH, id=fresh)
    await desk.locator(f"#items [data-id={fresh}]").wait_for()
