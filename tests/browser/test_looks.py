"""What the page looks like: for eyes, for a screen reader, light and dark, large and narrow. Screenshots are kept."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.browser.walk import press, shoot, shown_pair, sign_in
from vitograph.graph.access.keys import Role

axe_api = pytest.importorskip(
    "axe_playwright_python.async_playwright", reason="this machine lacks the package axe-playwright-python"
)
pytestmark = pytest.mark.usefixtures("pairs")
SCHEMES = ("light", "dark")


async def serious_violations(page: Any) -> list[str]:
    found = (await axe_api.Axe().run(page)).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


async def fits(page: Any) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def test_the_pair_is_accessible(page: Any, secrets: dict[Role, str]) -> None:
    assert await serious_violations(page) == []
    await shoot(page, "sign-in")
    assert await serious_violations(page) == []
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    await page.locator("#items .item", has_text="María").click()
    await page.locator("#standings li").first.wait_for()
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        await shoot(page, f"pair-{scheme}")
        await press(page, "Shift+I")
        await page.locator("#reason-form").wait_for()
        await shoot(page, f"decide-{scheme}")
        assert await serious_violations(page) == []
        await press(page, "Escape")
    await page.set_viewport_size({"width": 1440, "height": 2600})
    await shoot(page, "pair-whole")

    # 200 % zoom of a common screen, and a telephone: nothing but tables scrolls sideways.
    for width, height in ((720, 450), (360, 800)):
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await shoot(page, f"pair-{width}-{scheme}")
            assert await fits(page)
            assert await serious_violations(page) == []
    # Keys and dialogs work there as well, and all of a dialog can be reached.
    await page.set_viewport_size({"width": 720, "height": 450})
    for key, opener, dialog, whole in (
        ("?", None, "help", "#help-keys"),
        (None, ".heading .name", "person", "#person-content .history"),
        (None, "#bulk-open", "bulk", "#bulk-list"),
    ):
        if key:
            await press(page, key)
        else:
            await page.locator(opener).first.click()
        await page.locator(whole).first.wait_for()
        last = page.locator(f"#{dialog}[open] button").last
        await last.scroll_into_view_if_needed()
        box = await last.bounding_box()
        assert box["y"] + box["height"] <= 450, dialog
        assert await fits(page)
        assert await serious_violations(page) == []
        await press(page, "Escape")


async def test_every_other_view_is_accessible(
    page: Any, specialist: httpx.AsyncClient, secrets: dict[Role, str]
) -> None:
    await sign_in(page, secrets[Role.SPECIALIST])
    first = await shown_pair(page)
    await press(page, "s")
    await page.locator("#undo").wait_for()
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme)
        await page.locator(".tabs [data-view=quality]").click()
        await page.get_by_role("heading", name="Precision by band").wait_for()
        await shoot(page, f"quality-{scheme}")
        assert await serious_violations(page) == []
        await page.locator(".tabs [data-view=device]").click()
        await page.locator("#queue-note", has_text="No pair").wait_for()
        await shoot(page, f"devices-{scheme}")
        assert await serious_violations(page) == []
        await page.locator(".tabs [data-view=person]").click()
        await shown_pair(page)
        await page.locator("#status").select_option("decided")
        await page.locator(f"#items [data-id={first}][aria-current]").wait_for()
        for opener, dialog, until in (
            ("#retract-this", "retract", "#retract-plan li"),
            (".heading .name", "person", "#person-content .history"),
            ("#show-help", "help", "#help-keys"),
        ):
            await page.locator(opener).first.click()
            await page.locator(until).first.wait_for()
            await shoot(page, f"{dialog}-{scheme}")
            assert await serious_violations(page) == []
            await page.keyboard.press("Escape")
        await page.locator("#status").select_option("open")
        await shown_pair(page)
        await page.locator("#bulk-open").click()
        await page.locator("#bulk-list").wait_for()
        await shoot(page, f"bulk-{scheme}")
        assert await serious_violations(page) == []
        await page.keyboard.press("Escape")
