"""From a key to the next pair, in a real browser on a long queue: what a specialist waits for the page.

    python -m benchmarks.keyboard [--pairs N] [--keys K] [--pause SECONDS]

Each verdict key is timed in the page itself: from the key to the first frame that shows another pair. The verdicts do
not join, so the next pair may be shown before one is recorded; all of them are counted in the log afterwards. Needs
Chromium, as the tests of the page do.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import shutil
import statistics
import tempfile
from pathlib import Path

import httpx
from neo4j import AsyncGraphDatabase
from playwright.async_api import Page, async_playwright

from benchmarks.instance import Running, run_vito
from benchmarks.queue import fill
from benchmarks.shares import at_share

CHROMIUM = os.environ.get("VITO_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
WATCH = """
(() => {
  window.waits = [];
  let pressed = null, shown = null;
  const now = () => document.querySelector("#pair-content [data-pair]")?.dataset.pair;
  addEventListener("keydown", (event) => {
    if ("hdu".includes(event.key)) [pressed, shown] = [performance.now(), now()];
  }, true);
  addEventListener("DOMContentLoaded", () => new MutationObserver(() => {
    if (pressed === null || !now() || now() === shown) return;
    const since = pressed;
    pressed = null;
    requestAnimationFrame(() => setTimeout(() => window.waits.push(performance.now() - since)));
  }).observe(document.body, { childList: true, subtree: true }));
})()
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keyboard", description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--pause", type=float, default=0.5, help="seconds that somebody looks before the next key")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vito-bench-") as folder, run_vito(Path(folder) / "data", 0) as vito:
        asyncio.run(measure(vito, arguments.pairs, arguments.keys, arguments.pause))


async def measure(vito: Running, pairs: int, keys: int, pause: float) -> None:
    login = vito.instance["addresses"]
    auth = (login["neo4j_user"], login["neo4j_password"])
    async with AsyncGraphDatabase.driver(login["neo4j_uri"], auth=auth) as driver:
        await fill(driver, pairs)
    key = vito.make_key("bench", "specialist")
    waits = await typed(vito.url, key, keys, pause)
    async with httpx.AsyncClient(base_url=vito.url, trust_env=False, timeout=60) as client, asyncio.timeout(60):
        recorded = 0
        while recorded < keys:
            await asyncio.sleep(0.5)
            log = await client.get("/v1/decisions?limit=500", headers={"Authorization": f"Bearer {key}"})
            recorded = len(log.json()["items"])
    found = sorted(waits)
    print(
        f"{pairs} pairs wait; {len(found)} keys, {pause} s apart; ms from key to next pair: "
        f"median {statistics.median(found):.0f}, p95 {at_share(found, 0.95):.0f}, "
        f"longest {found[-1]:.0f}; {recorded} verdicts recorded"
    )


async def typed(url: str, key: str, keys: int, pause: float) -> list[float]:
    """Milliseconds from each key to the frame that showed the next pair."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.add_init_script(WATCH)
        await page.goto(f"{url}/review")
        await page.get_by_label("API key").fill(key)
        await page.keyboard.press("Enter")
        await page.locator("#pair-content [data-pair]").wait_for(timeout=60_000)
        await asyncio.sleep(2)  # somebody looks at the first pair
        for verdict in itertools.islice(itertools.cycle("hdu"), keys):
            await press(page, verdict)
            await asyncio.sleep(pause)
        waits: list[float] = await page.evaluate("window.waits")
        await browser.close()
    return waits


async def press(page: Page, verdict: str) -> None:
    """One verdict, and the next pair."""
    before = await page.evaluate("window.waits.length")
    await page.keyboard.press(verdict)
    await page.wait_for_function("before => window.waits.length > before", arg=before, timeout=60_000)


if __name__ == "__main__":
    main()
