"""Doubtful calls at the page: why each waits, what was heard in it, and a specialist's word on it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.browser.test_evidence import attach
from tests.browser.test_looks import SCHEMES, fits, serious_violations
from tests.browser.walk import press, said, shoot, sign_in
from tests.live.calls import SPEECH
from vitograph.graph.access.keys import Role

CONDITION = {
    "intent": "offer.accepted",
    "confidence": 0.4,
    "doubts": ["it depends on something"],
    "words": "if it were cheaper I'd accept",
    "start": 0.2,
    "end": 1.5,
}
NUMBER = {
    "kind": "phone",
    "value": "+34600100299",
    "confidence": 0.6,
    "needs_review": True,
    "doubts": ["it was not said to be the customer's own"],
    "words": "six hundred",
    "start": 2.0,
    "end": 3.0,
}

SAID = ("If", "it", "were", "cheaper", "I'd", "accept.")
WORDS = [
    {"track": "inbound", "text": text, "start": n / 4, "end": n / 4 + 0.2, "probability": 0.9, "segment": 0}
    for n, text in enumerate(SAID)
]


def call(number: int, **properties: Any) -> dict[str, Any]:
    """A doubtful call as the event that it becomes; the first waits longest."""
    heard = {"campaign": "summer-offer", "proposed": "campaign.enrolled", "intents": [CONDITION], "stated": [NUMBER]}
    doubts = [f"{CONDITION['intent']}: {CONDITION['doubts'][0]}", "phone: it was not said to be the customer's own"]
    return {
        "id": f"call:CA/{number}",
        "channel": "phone",
        "occurred_at": f"2026-11-20T10:0{number}:00Z",
        "identifiers": [{"kind": "phone", "value": f"+3460010020{number}", "assurance": "observed"}],
        "event": {
            "type": "offer.accepted.needs_review",
            "properties": {"needs_review": doubts, **heard, **properties},
        },
    }


@pytest.fixture
async def waiting(address: str, secrets: dict[Role, str]) -> list[str]:
    """Three calls that wait, the first with its recording; the last is of a channel that says little of it."""
    headers = {"Authorization": f"Bearer {secrets[Role.CHANNEL]}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as channel:
        sound = await attach(channel, "call.wav", (SPEECH / "accepts.wav").read_bytes(), "audio/wav")
        transcript = json.dumps({"tracks": ["inbound"], "words": WORDS}).encode()
        text = await attach(channel, "call.json", transcript, "application/json")
        bodies = [call(n) for n in range(3)]
        bodies[0]["event"]["evidence"] = [sound, text]
        bodies[2]["event"] = {
            "type": "survey.needs_review",
            "properties": {
                "agent": "<i>Eva</i>",
                "proposed": {},
                "campaign": [1],
                "intents": [None, "yes"],
                "stated": 7,
            },
        }
        for body in bodies:
            assert (await channel.post("/v1/observations", json=body)).status_code == 201
    return [body["id"] for body in bodies]


async def shown(page: Any, id: str) -> None:
    await page.locator(f"#calls [data-id='{id}'][aria-current]").wait_for()
    await page.locator(f"#pair-content [data-call='{id}']").wait_for()


async def settled(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    """The event that a word became, as the timeline of its person tells it."""
    items = (await client.get("/v1/voice/reviews", params={"status": "closed"})).json()["items"]
    [review] = [item for item in items if item["event_id"] == id]
    timeline = (await client.get(f"/v1/persons/{review['person_id']}/timeline")).json()["items"]
    [event] = [event for event in timeline if event["id"] == review["result"]]
    return dict(event)


async def test_a_doubtful_call_is_heard_and_settled(
    page: Any, waiting: list[str], specialist: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    await page.locator("#calls-count", has_text="3").wait_for()
    await page.locator(".tabs [data-view=calls]").click()
    await shown(page, waiting[0])
    assert "it depends on something" in await page.locator("#call-doubts").inner_text()
    heard = await page.locator("#call-heard").inner_text()
    assert "if it were cheaper I'd accept" in heard
    assert "+34600100299" in heard
    await page.locator("details.evidence summary").click()
    await page.locator(".transcript .word").first.wait_for()
    assert await page.locator(".transcript .word").all_inner_texts() == list(SAID)

    # The number is taken as the specialist hears it, and one more that was not found.
    await page.get_by_label("Instead of +34600100299").fill("+34 600 100 298")
    await page.get_by_label("Kind").last.select_option("email")
    await page.get_by_label("Another").fill("maria@example.com")
    await page.locator("#call-note").fill("she says it at 0:12")
    await page.get_by_role("button", name="Confirm").click()
    await said(page, "Recorded: .34600100200 – confirmed")
    await shown(page, waiting[1])
    event = await settled(specialist, waiting[0])
    assert (event["type"], event["target_id"]) == ("campaign.enrolled", "summer-offer")
    assert event["properties"]["note"] == "she says it at 0:12"
    carried = {one["identifier"]: one["assurance"] for one in event["carries"]}
    assert carried == {
        "phone:+34600100200": "observed",
        "phone:+34600100298": "asserted",
        "email:maria@example.com": "asserted",
    }

    # Another meaning, without the number, which nobody ticked.
    await page.locator("#call-type").select_option("callback.requested")
    assert not await page.locator("#call-campaign").is_visible()
    await page.get_by_role("button", name="Confirm").click()
    await shown(page, waiting[2])
    event = await settled(specialist, waiting[1])
    assert (event["type"], event["target_id"]) == ("callback.requested", None)
    assert [one["identifier"] for one in event["carries"]] == ["phone:+34600100201"]

    assert "<i>Eva</i>" in await page.locator(".properties").inner_text()
    await page.get_by_role("button", name="Reject").click()
    await page.get_by_text("No call waits for a word here.").wait_for()
    await page.locator("#calls-count", has_text="0").wait_for()
    assert (await settled(specialist, waiting[2]))["type"] == "survey.rejected"
    await page.locator("#calls-status").select_option("closed")
    await shown(page, waiting[0])
    assert "Confirm by a specialist" in await page.get_by_label("Settled", exact=True).inner_text()
    assert await page.locator("#call-form").count() == 0


async def test_what_is_refused_is_told_and_nothing_is_lost(
    page: Any, waiting: list[str], colleague: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    await page.locator(".tabs [data-view=calls]").click()
    await shown(page, waiting[0])
    await page.get_by_label("Another").fill("12")
    await page.get_by_role("button", name="Confirm").click()
    refused = page.locator("#call-form [role=alert]")
    await refused.filter(has_text="Not recorded").wait_for()
    assert await page.get_by_label("Another").input_value() == "12"
    await page.get_by_label("Another").fill("")
    answer = await colleague.post(f"/v1/voice/reviews/{waiting[0]}", json={"verdict": "reject"})
    assert answer.status_code == 201
    await page.get_by_role("button", name="Confirm").click()
    await refused.filter(has_text="settled already").wait_for()
    await press(page, "Escape")
    await page.locator("#pair").focus()
    await press(page, "j")
    await shown(page, waiting[1])
    await press(page, "j", "j", "k")
    await shown(page, waiting[1])
    # Back at the pairs nothing of the call is left.
    await page.locator(".tabs [data-view=person]").click()
    await page.get_by_text("Nothing to decide here.").wait_for()
    assert not await page.locator("#calls-side").is_visible()
    assert await page.locator("[data-call]").count() == 0


async def test_a_call_that_comes_meanwhile_is_counted_while_somebody_is_there(
    page: Any, address: str, specialist: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await page.clock.install()
    await page.reload()
    await sign_in(page, secrets[Role.SPECIALIST])
    await page.locator("#calls-count", has_text="0").wait_for()
    headers = {"Authorization": f"Bearer {secrets[Role.CHANNEL]}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as channel:
        assert (await channel.post("/v1/observations", json=call(0))).status_code == 201
    async with asyncio.timeout(60):
        while not await is_counted(specialist):  # noqa: ASYNC110  counts are remembered for a second
            await asyncio.sleep(0.2)
    await page.clock.run_for("00:30")
    await press(page, "Shift")
    await page.clock.run_for("00:40")
    await page.locator("#calls-count", has_text="1").wait_for()


async def is_counted(specialist: httpx.AsyncClient) -> bool:
    return bool((await specialist.get("/v1/candidates/counts")).json()["doubtful"])


async def test_calls_are_accessible(page: Any, waiting: list[str], secrets: dict[Role, str]) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    await page.locator(".tabs [data-view=calls]").click()
    await shown(page, waiting[0])
    await page.locator("details.evidence summary").click()
    await page.locator(".transcript .word").first.wait_for()
    for name, width, height in (("call", 1440, 900), ("call-360", 360, 800)):
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await shoot(page, f"{name}-{scheme}")
            assert await fits(page)
            assert await serious_violations(page) == []
