"""The desk on a network that loses answers or goes silent: nothing is said that is not known, nothing is lost."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.browser.walk import choose, press, said, shown_pair, sign_in
from vitograph.graph.access.keys import Role

# A line of changes that says it is open, and then nothing; how often it was asked for.
SILENT = """
    window.lines = 0;
    const ask = window.fetch;
    window.fetch = (path, options) => {
        if (!String(path).includes("/stream")) return ask(path, options);
        window.lines += 1;
        const signal = options.signal;
        const start = (line) => {
            line.enqueue(new TextEncoder().encode(": open\\n\\n"));
            signal.addEventListener("abort", () => line.error(signal.reason));
        };
        return Promise.resolve(new Response(new ReadableStream({ start })));
    };
"""
IMPATIENT = "const timeout = AbortSignal.timeout; AbortSignal.timeout = () => timeout.call(AbortSignal, 1000);"


@pytest.fixture
async def desk(page: Any, queue: list[str], secrets: dict[Role, str]) -> Any:
    """The page, signed in, with the queue shown."""
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    return page


async def test_a_bulk_act_whose_answer_is_lost_is_found_in_the_log(desk: Any, queue: list[str]) -> None:
    async def lose(route: Any) -> None:
        await route.fetch()
        await route.abort()

    log = re.compile(r"/v1/decisions\?")
    await desk.route("**/candidates/bulk", lose, times=1)
    await desk.route(log, lambda route: route.abort())
    await desk.locator("#bulk-open").click()
    await desk.locator("#bulk-record").click()
    await desk.locator("#bulk-error", has_text="It is not known whether this was recorded").wait_for()
    # Sent again, it is refused, for all of them changed: by the act whose answer was lost.
    await desk.locator("#bulk-record").click()
    changed = desk.locator("#bulk-error", has_text=f"{len(queue)} pairs changed")
    await changed.wait_for()
    assert "Nothing was decided" not in await changed.inner_text()
    await desk.unroute(log)
    await desk.locator("#bulk-record").click()
    await desk.locator("#batch", has_text=f"{len(queue)} of {len(queue)} decisions stand").wait_for()
    await said(desk, "Recorded, though the answer was lost")
    await press(desk, "Escape")
    await desk.locator("#batch-open").click()
    await desk.locator("#batch").wait_for()


async def test_what_is_decided_is_not_decided_several_at_once(desk: Any) -> None:
    await choose(desk, "status", "weakened")
    await desk.locator("#queue-note", has_text="No pair is weakened").wait_for()
    assert await desk.locator("#bulk-open").is_hidden()
    await choose(desk, "status", "open")
    await desk.locator("#bulk-open").wait_for()


async def test_nothing_is_taken_back_whose_plan_was_not_shown(desk: Any) -> None:
    sent: list[str] = []
    desk.on("request", lambda request: sent.append(request.url) if request.url.endswith("/retract") else None)
    first = await shown_pair(desk)
    await press(desk, "s")
    await said(desk, "Recorded")
    await choose(desk, "status", "decided")
    await desk.locator(f"#items [data-id={first}][aria-current]").wait_for()
    rehearsal = re.compile(r"/retract\?dry_run")
    await desk.route(rehearsal, lambda route: route.abort())
    await desk.locator("#retract-this").click()
    await desk.locator("#retract-plan .error").wait_for()
    assert await desk.locator("#take-back").is_disabled()
    await desk.locator("#retract-note").press("Enter")
    await desk.unroute(rehearsal)
    await desk.get_by_label("With everything that was decided later").check()
    await desk.locator("#retract-plan li").first.wait_for()
    assert sent == []
    await desk.locator("#take-back").click()
    await said(desk, "Retracted: .* same person")
    assert len(sent) == 1


async def test_a_line_that_is_silent_is_opened_again(page: Any, queue: list[str], secrets: dict[Role, str]) -> None:
    await page.add_init_script(SILENT)
    await page.clock.install()
    await page.reload()
    await sign_in(page, secrets[Role.SPECIALIST])
    await page.wait_for_function("() => lines === 1")
    await page.clock.fast_forward(20_000)  # time goes by besides
    assert await page.evaluate("lines") == 1
    await page.clock.fast_forward(21_000)
    await page.locator("#line", has_text="The server does not answer").wait_for()
    await page.clock.fast_forward(1_000)
    await page.locator("#line", has_text=re.compile("^$")).wait_for(state="attached")
    assert await page.evaluate("lines") >= 2


async def test_a_verdict_that_nobody_answers_is_asked_about(
    page: Any, queue: list[str], secrets: dict[Role, str]
) -> None:
    await page.add_init_script(IMPATIENT)
    await page.reload()
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    await page.route("**/decisions", lambda route: None)
    await press(page, "h")
    await said(page, "was not recorded when the pair was read again|not known whether this was recorded")


async def test_a_server_that_is_away_makes_nobody_paste_their_key_again(desk: Any) -> None:
    await desk.route("**/v1/session", lambda route: route.fulfill(status=503, json={"title": "Away"}))
    await desk.reload()
    await desk.locator("#key-error", has_text="Away").wait_for()
    await desk.unroute("**/v1/session")
    await desk.reload()
    await shown_pair(desk)
