"""Our CMS adapters conform, on a real Wagtail and on real folders; what each may do wrong is seen and said."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.wagtail import Site
from vitograph.projections.cms.conformance import CHECKS, Check, Rig, document
from vitograph.projections.cms.static_site import StaticSite, StaticSiteSettings
from vitograph.projections.cms.wagtail import Wagtail, WagtailSettings
from vitograph.resolver.errors import SinkFailed, SinkUnavailable

NOWHERE = "http://127.0.0.1:9"


def wagtail(site: Site, token: str | None = None, **settings: Any) -> Wagtail:
    return Wagtail(WagtailSettings(**{"url": site.url, "type": "landing.LandingPage", **settings}), token or site.token)


def folder(path: Path) -> StaticSite:
    return StaticSite(StaticSiteSettings(url=f"file://{path}"), "")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_wagtail_conforms(check: Check, site: Site) -> None:
    await check(Rig(lambda: wagtail(site), lambda: wagtail(site, url=NOWHERE)))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_a_folder_conforms(check: Check, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    await check(Rig(lambda: folder(tmp_path / "site"), lambda: StaticSite(_s3(NOWHERE), "x")))


def _s3(endpoint: str) -> StaticSiteSettings:
    options: dict[str, str | bool] = {"endpoint": endpoint, "region": "us-east-1", "access_key_id": "x"}
    return StaticSiteSettings(url="s3://bucket/site", options=options)


async def test_memory_conforms() -> None:
    sink = StaticSite(StaticSiteSettings(url="memory:///"), "")
    rig = Rig(lambda: sink, lambda: StaticSite(_s3(NOWHERE), "x"))
    for check in CHECKS:
        await check(rig)


async def test_what_is_written_is_meaning_and_the_newest(site: Site, tmp_path: Path) -> None:
    given = document("meant", version=2)
    for sink, read in ((wagtail(site), site.read), (folder(tmp_path), _reading(tmp_path))):
        await sink.publish(document("meant", version=1))
        await sink.publish(given)
        _, shown = await read("meant")
        assert shown["title"] == given.title
        assert shown["version"] == 2
        assert shown.get("texts", shown.get("copy")) == given.copy
        assert (shown["offers"], shown["images"]) == (given.offers, given.images)
        await sink.teardown("meant")
        assert (await read("meant"))[0] == 404
        await sink.close()


def _reading(path: Path) -> Callable[[str], Any]:
    async def read(key: str) -> tuple[int, dict[str, Any]]:
        file = path / f"campaigns/{key}.json"
        return (200, json.loads(file.read_text())) if file.exists() else (404, {})

    return read


async def test_wagtail_finds_its_pages_wherever_an_editor_moved_them(site: Site) -> None:
    sink = wagtail(site)
    await sink.publish(document("moved"))
    (page,) = await sink._find("moved")
    async with _editor(site) as editor:
        answer = await editor.patch(f"/api/v3/pages/{page}/", json={"meta": {"action": "publish"}, "slug": "elsewhere"})
        assert answer.status_code == 200
        assert (await site.read("elsewhere"))[0] == 200
        await sink.teardown("moved")
        assert (await site.read("elsewhere"))[0] == 404
    await sink.close()


async def test_wagtail_finishes_a_teardown_that_was_cut_between_its_calls(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def cut(self: Wagtail, page: int) -> None:
        raise SinkUnavailable("DELETE was answered with 502")

    sink = wagtail(site)
    await sink.publish(document("half"))
    with monkeypatch.context() as patched:
        patched.setattr(Wagtail, "_delete", cut)
        with pytest.raises(SinkUnavailable):
            await sink.teardown("half")
    assert len(await sink._find("half")) == 1
    await sink.teardown("half")
    assert await sink._find("half") == []
    assert not await sink.is_public("half")
    await sink.close()


async def test_wagtail_touches_no_page_of_others(site: Site) -> None:
    sink = wagtail(site)
    async with _editor(site) as editor:
        meta = {"parent_id": await sink._parent(), "type": "landing.PlainPage", "action": "publish"}
        made = await editor.post("/api/v3/pages/", json={"meta": meta, "title": "Ours", "slug": "theirs"})
        assert made.status_code == 201, made.text
        with pytest.raises(SinkFailed, match="422"):
            await sink.publish(document("theirs"))
        await sink.teardown("theirs")
        assert await sink.is_public("theirs")
        assert (await editor.get(f"/api/v3/pages/{made.json()['id']}/")).status_code == 200
        await editor.delete(f"/api/v3/pages/{made.json()['id']}/")
    await sink.close()


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"token": "stolen"}, "401|403"), ({"parent": "/no/such/"}, "404"), ({"type": "landing.Nothing"}, "422|400")],
)
async def test_wagtail_says_what_is_wrong_and_no_secret(site: Site, settings: dict[str, str], said: str) -> None:
    sink = wagtail(site, **settings)
    with pytest.raises(SinkFailed, match=said) as error:
        await sink.publish(document("wrong"))
    assert "stolen" not in str(error.value)
    await sink.close()


def _editor(site: Site) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {site.token}"}
    return httpx.AsyncClient(base_url=site.url, headers=headers, trust_env=False, timeout=30)
