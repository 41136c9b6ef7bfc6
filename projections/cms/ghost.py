"""Ghost 6 by its Admin API: one page a campaign, found by an internal tag that is made of our key.

Ghost makes a slug of its own where ours is taken or not to its taste, and says so only by its answer; so a page is
written as a draft, and shown when it has the address that it must have. Drafts are found by their tag like the rest.
https://docs.ghost.org/admin-api
"""

from __future__ import annotations

import hashlib
import html
import re
import time
from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import Field

from vitograph.projections.cms.sink import CmsSettings, CmsSink, Document, Http, Meaning, read_json
from vitograph.resolver.errors import SinkFailed, SinkUnavailable

ADMIN = "/ghost/api/admin"
VERSION = "v6.0"
LASTS = 240  # seconds that a token is good for; Ghost takes at most 300
NOT_FOUND, COLLISION = 404, 409
_PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_KEY = re.compile(r"([0-9a-f]{24}):([0-9a-f]{64})")


class GhostSettings(CmsSettings):
    """`url`: where the site is, and its admin API."""

    url: str = Field(pattern=r"^https?://[^/]")


class Ghost(CmsSink):
    """Pages of a Ghost site. The secret is the Admin API key of a custom integration."""

    settings_model: ClassVar[type[CmsSettings]] = GhostSettings
    needs_secret: ClassVar[bool] = True

    def __init__(self, settings: GhostSettings, secret: str) -> None:
        self._site = settings.url.rstrip("/")
        self._secret = secret
        self._http = Http(self._site, {"Accept-Version": VERSION})

    async def publish(self, document: Document) -> None:
        found = await self._find(document.key)
        for page in found[1:]:
            await self._delete(page["id"])
        slug = slug_of(document.key)
        fields = {
            "title": document.title,
            "slug": slug,
            "html": as_html(document),
            "tags": [{"name": f"#{_tag(document.key)}"}],
        }
        page = found[0] if found else await self._write_at(slug, "POST", "/pages/", {**fields, "status": "draft"})
        shown = {**fields, "status": "published", "updated_at": page["updated_at"]}
        await self._write_at(slug, "PUT", f"/pages/{page['id']}/", shown)

    async def teardown(self, key: str) -> None:
        for page in await self._find(key):
            await self._delete(page["id"])
        answer = await self._call("GET", f"/tags/slug/hash-{_tag(key)}/", NOT_FOUND, params={"fields": "id"})
        if answer.status_code != NOT_FOUND:
            await self._call("DELETE", f"/tags/{_only(read_json(answer), 'tags')['id']}/", NOT_FOUND)

    async def is_public(self, key: str) -> bool:
        return await self._http.is_public(f"{self._site}/{slug_of(key)}/")

    async def close(self) -> None:
        await self._http.close()

    async def _find(self, key: str) -> list[Mapping[str, Any]]:
        """Our pages of a key, drafts too and whatever an editor named them: those that bear its tag."""
        query = {"filter": f"tag:hash-{_tag(key)}", "fields": "id,slug,updated_at", "limit": "100"}
        found = read_json(await self._call("GET", "/pages/", params=query)).get("pages")
        if not isinstance(found, list):
            raise SinkFailed("Ghost did not answer with a list of pages")
        return found

    async def _write_at(self, slug: str, method: str, path: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """The page at its address. SinkFailed when Ghost gave it another one; then it is deleted."""
        written = await self._write(method, path, fields)
        if written["slug"] != slug:
            await self._delete(written["id"])
            raise SinkFailed("Ghost gave the page another slug than our key's; it was deleted")
        return written

    async def _write(self, method: str, path: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        """The page as Ghost wrote it. SinkUnavailable when an editor wrote it meanwhile."""
        answer = await self._call(method, path, COLLISION, params={"source": "html"}, json={"pages": [fields]})
        if answer.status_code == COLLISION:
            raise SinkUnavailable("somebody wrote the page meanwhile")
        return _only(read_json(answer), "pages")

    async def _delete(self, page: str) -> None:
        await self._call("DELETE", f"/pages/{page}/", NOT_FOUND)

    async def _call(self, method: str, path: str, *also: int, **request: Any) -> Any:
        headers = {"Authorization": f"Ghost {_token(self._secret)}"}
        return await self._http.call(method, f"{ADMIN}{path}", *also, headers=headers, **request)


def slug_of(key: str) -> str:
    """The address of a key: itself, unless Ghost would make another one of it."""
    if _PLAIN.fullmatch(key):
        return key
    plain = re.sub(r"[^a-z0-9]+", "-", key).strip("-")
    return f"{plain}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"


def as_html(document: Document) -> str:
    """What the document means, for a theme to lay out: the texts as they are read, and all of it as JSON."""
    script = orjson.dumps(document.fields()).decode().replace("<", "\\u003c")
    return (
        f"{_texts(document.copy)}{_texts(document.offers)}"
        f'<!--kg-card-begin: html--><script type="application/json" id="vito">{script}</script><!--kg-card-end: html-->'
    )


def _texts(meaning: Meaning) -> str:
    return "".join(
        f"<p>{html.escape(value)}</p>"
        for content in meaning.values()
        for value in content.values()
        if type(value) is str
    )


def _tag(key: str) -> str:
    return f"vito-{hashlib.sha256(key.encode()).hexdigest()[:32]}"


def _token(secret: str) -> str:
    """A token for one call. SinkFailed when the secret is no Admin API key."""
    parts = _KEY.fullmatch(secret)
    if parts is None:
        raise SinkFailed("the secret is no Admin API key, which reads id:secret in hex")
    now = int(time.time())
    claims = {"iat": now, "exp": now + LASTS, "aud": "/admin/"}
    return jwt.encode({"alg": "HS256", "kid": parts[1]}, claims, OctKey.import_key(bytes.fromhex(parts[2])))


def _only(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = answer.get(name)
    if not isinstance(found, list) or len(found) != 1 or not isinstance(found[0], dict) or "id" not in found[0]:
        raise SinkFailed(f"Ghost did not answer with one of {name}")
    return found[0]
