"""Wagtail 8 by its public API v3: one page a campaign; its slug and its `campaign_id` are our key.

The site needs a page type with the fields of `Document` (docs/guides/sinks.md shows it), and a token of a user who may
add, publish and delete below the parent. A slug that Wagtail changed is not ours to keep: the page goes at once.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from vitograph.projections.cms.sink import CmsSettings, CmsSink, Document, Http, read_json
from vitograph.resolver.errors import SinkFailed

PAGES = "/api/v3/pages/"
FOUND, FORBIDDEN, NOT_FOUND = 302, 403, 404


class WagtailSettings(CmsSettings):
    """`url`: where the site is. `type`: the page type. `parent`: path of the page below which ours are."""

    url: str = Field(pattern=r"^https?://[^/]")
    type: str = Field(pattern=r"^\w+\.\w+$")
    parent: str = Field(default="/", pattern=r"^/([\w-]+/)*$")


class Wagtail(CmsSink):
    """Pages of a Wagtail site. The secret is an API token."""

    settings_model: ClassVar[type[CmsSettings]] = WagtailSettings
    needs_secret: ClassVar[bool] = True

    def __init__(self, settings: WagtailSettings, secret: str) -> None:
        self._settings = settings
        self._site = settings.url.rstrip("/")
        self._http = Http(self._site, {"Authorization": f"Bearer {secret}"})

    async def publish(self, document: Document) -> None:
        fields = {
            "slug": document.key,
            "title": document.title,
            "campaign_id": document.key,
            "version": document.version,
            "texts": document.copy,
            "offers": document.offers,
            "images": document.images,
        }
        found = await self._find(document.key)
        for page in found[1:]:
            await self._delete(page)
        if not found:
            meta = {"parent_id": await self._parent(), "type": self._settings.type, "action": "publish"}
            written = read_json(await self._http.call("POST", PAGES, json={"meta": meta, **fields}))
        else:
            body = {"meta": {"action": "publish"}, **fields}
            written = read_json(await self._http.call("PATCH", f"{PAGES}{found[0]}/", json=body))
        if written.get("meta", {}).get("slug") != document.key:
            await self._delete(written["id"])
            raise SinkFailed("Wagtail gave the page another slug than our key; it was deleted")

    async def teardown(self, key: str) -> None:
        for page in await self._find(key):
            # Wagtail forbids to unpublish what is not live, as after a teardown that was cut short.
            await self._http.call("POST", f"{PAGES}{page}/actions/unpublish/", FORBIDDEN, NOT_FOUND, json={})
            await self._delete(page)

    async def is_public(self, key: str) -> bool:
        return await self._http.is_public(f"{self._site}{self._settings.parent}{key}/")

    async def close(self) -> None:
        await self._http.close()

    async def _parent(self) -> int:
        """The page below which ours are; asked anew each time, since ids of a CMS are not kept."""
        answer = await self._http.call("GET", f"{PAGES}find/", FOUND, params={"html_path": self._settings.parent})
        path = answer.headers.get("location", "").partition("?")[0]
        number = path.rstrip("/").rpartition("/")[2]
        if answer.status_code != FOUND or not number.isdigit():
            raise SinkFailed(f"Wagtail has no live page at {self._settings.parent}")
        return int(number)

    async def _find(self, key: str) -> list[int]:
        """Our pages of a key, drafts too and wherever an editor moved them: those of our type that bear the key."""
        query = {"type": self._settings.type, "campaign_id": key}
        items = read_json(await self._http.call("GET", PAGES, params=query)).get("items")
        if not isinstance(items, list):
            raise SinkFailed("Wagtail did not answer with a list of pages")
        return [int(item["id"]) for item in items]

    async def _delete(self, page: int) -> None:
        await self._http.call("DELETE", f"{PAGES}{page}/", NOT_FOUND)
