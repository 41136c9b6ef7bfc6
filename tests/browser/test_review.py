"""A specialist's walk over /review, in a real browser, on the real API and the real servers."""

from __future__ import annotations

import math
import re
from typing import Any

import httpx
import pytest

from tests.browser.conftest import INGRID, WITHIN
from tests.browser.walk import choose, decide, next_pair, press, said, shoot, shown_pair, sign_in, stated, status
from tests.deciding import join, propose, saw
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.scoring.parameters_json import load_model

pytestmark = pytest.mark.usefixtures("pairs")


async def test_a_wrong_key_says_so_and_is_not_kept(page: Any, secrets: dict[Role, str]) -> None:
    await sign_in(page, "no-such-key")
    await page.get_by_text("This key is not known").wait_for()
    await sign_in(page, secrets[Role.CHANNEL])
    await page.get_by_text("This key may not review").wait_for()
    assert await page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert await page.evaluate("document.cookie") == ""


async def test_what_is_shown_of_a_pair_is_what_the_api_says(
    page: Any, specialist: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    assert await page.locator("#items .item").count() == 2
    candidate = (await specialist.get(f"/v1/candidates/{first}?whole=true")).json()

    # The waterfall adds up to the numbers that are shown, which are the API's.
    for rival in ("stranger", "household"):
        cells = page.locator(f"td[data-column=bits_{rival}] data")
        rows = [float(value) for value in await cells.evaluate_all("cells => cells.map(cell => cell.value)")]
        total = float(await page.locator(f"[data-total=bits_{rival}] data").get_attribute("value"))
        assert len(rows) == len(candidate["waterfall"]["evidence"])
        assert math.isclose(math.fsum(rows), total, abs_tol=1e-9)
        assert total == candidate[f"bits_{rival}"]
        assert total == float(await page.locator(f"#bits-{rival} data").get_attribute("value"))
    assert "bits against a stranger" in await page.locator("#verdict-sentence").inner_text()

    # Every event is on the axis, every identifier in the picture, and what differs is marked by word.
    events = sum(len(events) for events in candidate["timelines"])
    assert await page.locator("#axis circle").count() == events > 1
    identifiers = {node["id"] for graph in candidate["graphs"] for node in graph["nodes"] if node["label"] != "Person"}
    assert await page.locator("#picture .identifier").count() == len(identifiers)
    await page.locator("#items .item", has_text="Ingrid").click()
    await next_pair(page, first)
    marked = page.locator("#traits mark")
    await marked.nth(1).wait_for()
    assert sorted(await marked.all_inner_texts()) == ["Leiden", "Utrecht"]

    # How the identifiers stand that both hold is told for those who look longer.
    await page.locator("#items .item", has_text="María").click()
    await page.locator("#standings li", has_text="+34600100200").wait_for()

    # A person's own dialog tells the view, and what is likely apart from what was decided.
    await page.locator(".heading .name").first.click()
    await page.locator("#person[open]").get_by_text("Likely devices, undecided").wait_for()
    await page.get_by_role("button", name="Close").click()


async def test_one_key_decides_and_one_undoes(
    page: Any, specialist: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    await press(page, "s")
    second = await next_pair(page, first)
    await said(page, "Recorded: .* same person")
    decided = (await specialist.get(f"/v1/candidates/{first}")).json()
    assert (decided["status"], decided["verdict"]) == ("decided", "same")
    assert decided["left_person"]["view_id"] == decided["right_person"]["view_id"]

    await press(page, "h")
    await said(page, "Recorded: .* household")
    await press(page, "z")
    await said(page, "Undone: .* household")
    await press(page, "z")
    await said(page, "Undone: .* same person")
    assert await shown_pair(page) == first
    for id in (first, second):
        again = (await specialist.get(f"/v1/candidates/{id}")).json()
        assert again["status"] in ("open", "claimed")
        assert again["left_person"]["view_id"] != again["right_person"]["view_id"]
    assert await page.locator("#undo").is_hidden()


async def test_a_reason_of_ones_own(page: Any, specialist: httpx.AsyncClient, secrets: dict[Role, str]) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    await press(page, "Shift+D")
    await page.locator("#reason-form").wait_for()
    await press(page, "Escape")
    assert await page.locator("#reason-form").count() == 0
    await press(page, "Shift+D", "3")
    await page.locator("#note").fill("both were on the phone")
    await press(page, "Enter")
    await said(page, "Recorded: .* different")
    [entry] = (await specialist.get(f"/v1/candidates/{first}")).json()["history"]
    assert (entry["reason"], entry["note"]) == ("Birth dates contradict", "both were on the phone")


async def test_retracting_shows_first_what_it_would_do(
    page: Any, specialist: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    await press(page, "s")
    await said(page, "Recorded")
    await choose(page, "status", "decided")
    await page.locator(f"#items [data-id={first}][aria-current]").wait_for()
    await page.get_by_role("button", name="Retract decision").click()
    await page.locator("#retract-plan", has_text="comes apart").wait_for()
    await page.get_by_label("With everything that was decided later").check()
    await page.locator("#retract-plan", has_text="1 decision taken back").wait_for()
    await page.keyboard.press("Escape")
    assert await status(specialist, first) == ("decided", "same")
    await page.get_by_role("button", name="Retract decision").click()
    await page.locator("#retract-plan", has_text="comes apart").wait_for()
    await page.get_by_role("button", name="Retract", exact=True).click()
    await said(page, "Retracted: .* same person")
    await page.locator(".history li").nth(1).wait_for()
    parted = (await specialist.get(f"/v1/candidates/{first}")).json()
    assert parted["left_person"]["view_id"] != parted["right_person"]["view_id"]


async def test_keys_do_not_fire_while_somebody_types(
    page: Any, specialist: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    await press(page, "j")
    second = await next_pair(page, first)
    await press(page, "Shift+U")
    await page.locator("#note").fill("")
    await page.locator("#note").type("jkshd?z")
    assert await page.locator("#note").input_value() == "jkshd?z"
    assert await shown_pair(page) == second
    await press(page, "Escape", "k")
    assert await next_pair(page, second) == first

    # They can be switched off; then only what is pressed as a button acts.
    await press(page, "?")
    await page.locator("#help[open]").wait_for()
    await page.get_by_label("Single keys act").uncheck()
    await page.get_by_role("button", name="Close").click()
    await press(page, "s", "j")
    assert await shown_pair(page) == first
    assert (await status(specialist, first))[0] != "decided"


async def test_a_pair_that_changed_meanwhile_is_explained(
    page: Any, colleague: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    await page.route("**/v1/candidates/stream", lambda route: route.abort())
    assert (await decide(colleague, first, "unsure", "somebody else was faster")).status_code == 201
    await press(page, "s")
    await said(page, "changed meanwhile. Nothing was recorded")
    await page.locator("#notices", has_text="Nothing was recorded: look at its new state").wait_for()
    assert await status(colleague, first) == ("decided", "unsure")
    await page.get_by_role("button", name="Show it as it is now").click()
    await page.get_by_text("somebody else was faster").wait_for()


async def test_a_contradiction_is_told_in_words(
    page: Any, address: str, colleague: httpx.AsyncClient, secrets: dict[Role, str], graph: Graph
) -> None:
    third = stated("web:2", {**INGRID, "city": "Utrecht"}, ("email", "ingrid.vandermeer@example.org", "verified"))
    headers = {"Authorization": f"Bearer {secrets[Role.CHANNEL]}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=WITHIN) as channel:
        assert (await channel.post("/v1/observations", json=third)).status_code == 201
    await Resolver(graph, load_model()).finish()
    listed = await colleague.get("/v1/candidates")
    assert listed.status_code == 200, listed.text
    items = listed.json()["items"]
    triangle = [item for item in items if item["left_name"] == "ingrid vandermeer"]
    assert len(triangle) == 3
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    await page.locator(f"#items [data-id={triangle[2]['id']}]").click()
    await page.locator("#ambiguous").wait_for()

    # Both other sides of the triangle are decided elsewhere, while this page still shows the third.
    for item, verdict in ((triangle[0], "same"), (triangle[1], "different")):
        assert (await decide(colleague, item["id"], verdict)).status_code == 201
    # One key does not join where another pair is as likely: it asks why, and for a note.
    await press(page, "s")
    await page.locator("#note").fill("looks alike")
    await press(page, "Enter")
    await (
        page.locator("#decide-error, #notices")
        .get_by_text(re.compile("is one with Ingrid .* were decided to be two people"))
        .first.wait_for()
    )


async def test_a_shared_identifier_weakens_what_leaned_on_it(
    page: Any, graph: Graph, specialist: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    family = [
        (await saw(graph, f"email:{name}@example.com!", "phone:+34600700700", given_name=name)).person_id
        for name in ("anna", "boris", "clara")
    ]
    joined = await join(graph, family[0], family[1])
    apart = await propose(graph, family[0], family[2])
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    await page.locator(f"#items [data-id={apart}]").click()
    assert await shown_pair(page) == apart
    await press(page, "i")
    await said(page, "Recorded: .* shared identifier")
    assert await status(specialist, apart) == ("decided", "shared_identifier")
    await choose(page, "status", "weakened")
    await page.locator("#weakened", has_text="+34600700700").wait_for()
    assert await shown_pair(page) == joined.decision["candidate_id"]
    await shoot(page, "weakened")
    await page.locator("#leave-reason").fill("they showed a passport")
    await page.get_by_role("button", name="Leave it").click()
    await said(page, "Left as it is")
    await page.locator("#queue-note", has_text="No pair is weakened").wait_for()
    pair = (await specialist.get(f"/v1/candidates/{joined.decision['candidate_id']}")).json()
    assert (pair["weakened_by"], pair["history"][0]["reason"]) == ([], "they showed a passport")


async def test_what_was_reopened_says_why(
    page: Any, address: str, graph: Graph, colleague: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    olga = {"given_name": "Olga", "family_name": "Petrovska"}
    headers = {"Authorization": f"Bearer {secrets[Role.CHANNEL]}"}

    async def states(**more: str) -> None:
        async with httpx.AsyncClient(base_url=address, headers=headers, timeout=WITHIN) as channel:
            for account in ("shop:5", "shop:6"):
                told = stated(account, olga | more, ("phone", "+31612345678", "verified"))
                assert (await channel.post("/v1/observations", json=told)).status_code == 201
        await Resolver(graph, load_model()).finish()

    await states()
    items = [
        item
        for standing in ("open", "stored")
        for item in (await colleague.get(f"/v1/candidates?status={standing}")).json()["items"]
    ]
    [pair] = [item["id"] for item in items if item["left_name"] == "olga petrovska"]
    assert (await decide(colleague, pair, "unsure")).status_code == 201
    await states(date_of_birth="1971-08-09")
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    await choose(page, "status", "reopened")
    await page.locator("#reopened", has_text="bits since it was decided. The birth dates are equal").wait_for()
    assert await shown_pair(page) == pair
    await shoot(page, "reopened")


async def test_what_somebody_stated_is_text_and_keeps_to_its_place(
    page: Any, graph: Graph, secrets: dict[Role, str]
) -> None:
    """Markup runs nothing, marks that turn the direction of text end with the name, a long name breaks no page."""
    hostile = ("<img src=x onerror=document.title='run'>", "\u202egnp.exe", "a" * 300)
    people = [
        (await saw(graph, f"email:n{number}@example.com!", given_name=name, family_name=name)).person_id
        for number, name in enumerate(hostile)
    ]
    for other in people[1:]:
        await propose(graph, people[0], other)
    await sign_in(page, secrets[Role.SPECIALIST])
    for _ in people[1:]:
        await shown_pair(page)
        assert await page.locator("#pair-content img, #items img").count() == 0
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await press(page, "j")
    # Found and looked at in one step: what the page replaced in between has no style.
    isolated = """() => ["#items bdi", ".heading button.name", "td .value"].every((named) => {
        const all = [...document.querySelectorAll(named)];
        return all.length > 0 && all.every((one) => getComputedStyle(one).unicodeBidi.startsWith("isolate"));
    })"""
    await page.wait_for_function(isolated)
    assert "run" not in await page.title()
