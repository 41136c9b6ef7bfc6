"""What a specialist does at the page, and what channels and colleagues do meanwhile."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx

SCREENSHOTS = Path(__file__).parents[2] / "build/screenshots"


def stated(user_id: str, traits: dict[str, str], *identifiers: tuple[str, str, str]) -> dict[str, Any]:
    """An observation: who said what about themselves on a form."""
    known = [("user_id", user_id, "verified"), *identifiers]
    return {
        "channel": "web_form",
        "occurred_at": "2026-11-20T10:00:00Z",
        "identifiers": [{"kind": kind, "value": value, "assurance": level} for kind, value, level in known],
        "traits": traits,
        "event": {"type": "campaign.enrolled", "target_id": "summer-offer"},
    }


async def sign_in(page: Any, key: str) -> None:
    await page.get_by_label("API key").fill(key)
    await page.keyboard.press("Enter")


async def shown_pair(page: Any) -> str:
    """The id of the pair that is shown, once all of it is, and a verdict can be meant for it."""
    script = (
        "() => { const shown = document.querySelector('#pair:not([aria-busy]) [data-pair]')?.dataset.pair;"
        " const isSeen = shown && !document.querySelector('#decide[data-unseen]');"
        " return isSeen && shown === document.querySelector('#items [aria-current]')?.dataset.id && shown }"
    )
    return str(await (await page.wait_for_function(script)).json_value())


async def next_pair(page: Any, before: str) -> str:
    """The id of the pair that is shown once `before` is not any more."""
    await page.locator(f"#pair-content [data-pair]:not([data-pair={before}])").wait_for()
    return await shown_pair(page)


async def press(page: Any, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def said(page: Any, words: str) -> None:
    """Waits until the live region says so."""
    await page.locator("#live", has_text=re.compile(words)).wait_for()


async def choose(page: Any, field: str, value: str) -> None:
    await page.locator(f"#{field}").select_option(value)


async def shoot(page: Any, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")


async def decide(client: httpx.AsyncClient, id: str, verdict: str, reason: str = "by the papers") -> httpx.Response:
    """A verdict on a pair as it is now, by somebody who does not use the page."""
    body = {"verdict": verdict, "reason": reason}
    while True:
        tag = {"If-Match": (await client.get(f"/v1/candidates/{id}")).headers["etag"]}
        decided = await client.post(f"/v1/candidates/{id}/decisions", json=body, headers=tag)
        if decided.status_code != 412:  # else it changed since it was read
            return decided


async def status(client: httpx.AsyncClient, id: str) -> tuple[str, str | None]:
    pair = (await client.get(f"/v1/candidates/{id}")).json()
    return pair["status"], pair["verdict"]


async def becomes(client: httpx.AsyncClient, id: str, status_and_verdict: tuple[str, str | None]) -> None:
    """Waits until the pair is so: the page goes on before a verdict is recorded."""
    async with asyncio.timeout(60):
        while await status(client, id) != status_and_verdict:  # noqa: ASYNC110  it happens in another program
            await asyncio.sleep(0.1)


async def waits_again(client: httpx.AsyncClient, id: str) -> None:
    """Waits until the pair is undecided; who looks at it a moment longer has claimed it."""
    async with asyncio.timeout(60):
        while await status(client, id) not in (("open", None), ("claimed", None)):  # noqa: ASYNC110  as above
            await asyncio.sleep(0.1)
