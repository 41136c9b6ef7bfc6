"""Clicks at the desk that come twice: each act is done once, to the pair that was shown when it was meant."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.browser.walk import becomes, choose, decide, next_pair, press, said, shown_pair, sign_in, status
from tests.deciding import BEN, person, propose, say
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.resolver.deciding.decisions import Verdict

APART = 700  # ms between two clicks that are no double click


@pytest.fixture
async def desk(page: Any, queue: list[str], secrets: dict[Role, str]) -> Any:
    """The page, signed in, with the pairs beside the one that is shown read ahead."""
    await sign_in(page, secrets[Role.SPECIALIST])
    for key in "jjkk":
        before = await shown_pair(page)
        await press(page, key)
        await next_pair(page, before)
    return page


def posts(desk: Any, to: str) -> list[str]:
    """The addresses that the page posts to from now on, of those that end so."""
    found: list[str] = []

    def note(request: Any) -> None:
        if request.method == "POST" and request.url.endswith(to):
            found.append(request.url)

    desk.on("request", note)
    return found


async def test_a_double_click_decides_the_pair_that_was_shown_and_no_other(
    desk: Any, specialist: httpx.AsyncClient
) -> None:
    sent = posts(desk, "/decisions")
    first = await shown_pair(desk)
    await desk.dblclick("[data-verdict=different]", delay=40)
    second = await next_pair(desk, first)
    await becomes(specialist, first, ("decided", "different"))
    # A button that is pressed by key acts, and so does a click that stands alone.
    await desk.locator("[data-verdict=household]").focus()
    await press(desk, "Enter")
    third = await next_pair(desk, second)
    await becomes(specialist, second, ("decided", "household"))
    await desk.wait_for_timeout(APART)
    await desk.click("[data-verdict=unsure]")
    await next_pair(desk, third)
    await becomes(specialist, third, ("decided", "unsure"))
    assert len(sent) == 3
    # Undoing by a double click undoes one.
    undone = posts(desk, "/retract")
    await desk.dblclick("#undo", delay=40)
    await said(desk, "Undone: .* unsure")
    await desk.wait_for_timeout(APART)
    assert len(undone) == 1
    assert await status(specialist, second) == ("decided", "household")


async def test_a_key_that_comes_at_once_again_decides_no_pair_that_nobody_saw(
    desk: Any, specialist: httpx.AsyncClient
) -> None:
    sent = posts(desk, "/decisions")
    first = await shown_pair(desk)
    await desk.evaluate(
        "() => ['d', 'd'].forEach((key) => document.dispatchEvent(new KeyboardEvent('keydown', {key})))"
    )
    second = await next_pair(desk, first)
    await becomes(specialist, first, ("decided", "different"))
    # Where the keyboard is by now tells which pair that is; going on is told as well.
    names = await desk.locator(".heading .name").all_inner_texts()
    assert await desk.evaluate("document.activeElement.ariaLabel") == f"Pair: {' & '.join(names)}"
    await press(desk, "j")
    third = await next_pair(desk, second)
    await said(desk, "^" + " & ".join(await desk.locator(".heading .name").all_inner_texts()))
    await press(desk, "u")
    await becomes(specialist, third, ("decided", "unsure"))
    assert len(sent) == 2


async def test_a_second_person_confirms_once(desk: Any, graph: Graph, colleague: httpx.AsyncClient) -> None:
    awaiting = []
    for name in ("x", "y"):
        people = [await person(graph, f"{name}{number}") for number in range(2)]
        pair = await propose(graph, *people)
        await say(graph, pair, Verdict.DIFFERENT, BEN)
        await propose(graph, *people)
        assert (await decide(colleague, pair, "same")).status_code == 202
        awaiting.append(pair)
    held = asyncio.Event()

    async def wait(route: Any) -> None:
        await held.wait()
        await route.continue_()

    await desk.route("**/confirm", wait)
    sent = posts(desk, "/confirm")
    await choose(desk, "status", "awaiting")
    await desk.locator(f"#items [data-id={awaiting[0]}]").click()
    assert await shown_pair(desk) == awaiting[0]
    await desk.dblclick("#confirm", delay=40)
    await desk.wait_for_timeout(APART)
    await desk.click("#confirm")
    held.set()
    await said(desk, "Confirmed: .* same person")
    await becomes(colleague, awaiting[0], ("decided", "same"))
    assert await status(colleague, awaiting[1]) == ("awaiting", "same")
    assert len(sent) == 1
