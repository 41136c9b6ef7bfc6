"""The analysts' page in a real browser: a query, its answer as a table and a picture, a refusal, a named query."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Served
from tests.browser.walk import shoot, sign_in
from tests.factories import observed
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import record

axe_api = pytest.importorskip(
    "axe_playwright_python.async_playwright", reason="this machine lacks the package axe-playwright-python"
)
WITHIN = 200_000  # ms; the first answer waits for a Neo4j to start


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"data": tmp_path})


async def violations(page: Any) -> list[str]:
    found = (await axe_api.Axe().run(page)).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in ("serious", "critical")
    ]


async def ask(page: Any, query: str) -> None:
    await page.get_by_label("Cypher", exact=True).fill(query)
    await page.keyboard.press("Control+Enter")


async def test_an_analyst_asks(page: Any, served: Served, graph: Graph, secrets: dict[Role, str]) -> None:
    await record(graph, [observed("email:maria@example.com!", "cookie:c-81f?", given_name="Maria")])
    await page.goto(f"{served.address}/analyst")
    assert await violations(page) == []
    await sign_in(page, secrets[Role.SPECIALIST])
    await page.locator("#key-error", has_text="analyst").wait_for()
    await sign_in(page, secrets[Role.ANALYST])

    await ask(page, "MATCH (p:Person)-[h:HAS]->(i:Identifier) RETURN p, h, i, 1 AS one")
    await page.locator("#summary", has_text="2 rows").wait_for(timeout=WITHIN)
    assert await page.locator("#table thead th").all_inner_texts() == ["p", "h", "i", "one"]
    assert await page.locator("#table tbody tr").count() == 2
    assert "maria" not in (await page.locator("#table").inner_text()).lower()
    await page.get_by_role("button", name="Graph").click()
    await page.locator(".net circle").nth(2).wait_for()
    assert await page.locator(".net circle").count() == 3
    assert await page.locator(".net line").count() == 2
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        await shoot(page, f"analyst-{scheme}")
        assert await violations(page) == []

    await ask(page, "MATCH (n) DETACH DELETE n")
    await page.locator("#refusal", has_text="only queries that read").wait_for()
    assert await page.locator("#answer").is_hidden()

    await page.get_by_role("button", name="cluster sizes").click()
    await page.get_by_role("button", name="Ask").click()
    await page.locator("#summary", has_text="1 row").wait_for()
    await page.get_by_role("button", name="Table").click()
    assert await page.locator("#table tbody td").all_inner_texts() == ["1", "1", "1", "1"]
    assert await violations(page) == []

    await page.set_viewport_size({"width": 360, "height": 800})
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_field_indents_and_lets_go(page: Any, served: Served, secrets: dict[Role, str]) -> None:
    """Meanwhile the copy is made, for whoever signs in will ask; here nobody does, so it is not."""
    asked = []

    async def refuse(route: Any) -> None:
        asked.append(route.request.post_data_json)
        await route.abort()

    await page.route("**/v1/cypher", refuse)
    await page.goto(f"{served.address}/analyst")
    await sign_in(page, secrets[Role.ANALYST])
    field = page.get_by_label("Cypher", exact=True)
    await field.wait_for()
    await field.focus()
    await page.keyboard.type("CALL () {")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("RETURN 1")
    await page.keyboard.press("Enter")
    await page.keyboard.type("AS a")
    assert await field.input_value() == "CALL () {\n  RETURN 1\n  AS a"
    await page.keyboard.press("Shift+Tab")
    assert (await field.input_value()).endswith("\nAS a")
    async with asyncio.timeout(60):
        while not asked:  # noqa: ASYNC110  the page asks in its own time
            await asyncio.sleep(0.1)
    assert asked == [{"query": "RETURN 1"}]
    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.id") != "query"
