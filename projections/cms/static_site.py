"""A static site: one JSON file a campaign, in a folder or an object store, for a site generator or a page to read."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import obstore
import orjson
from obstore.exceptions import BaseError, PermissionDeniedError, UnauthenticatedError
from obstore.store import LocalStore, MemoryStore, from_url
from pydantic import Field

from vitograph.projections.cms.sink import TIMEOUT, CmsSettings, CmsSink, Document, Http
from vitograph.resolver.errors import Fault, InvalidInput, SinkFailed, SinkUnavailable


class StaticSiteSettings(CmsSettings):
    """Where the files are: `file:///…`, `s3://bucket/…`, `gs://…`, `az://…` or `memory:///`.

    `options` go to the object store (`endpoint`, `region`, `access_key_id` …); the secret is its secret access key.
    `public_url`: where the public finds the folder; without it, a file that is there counts as public.
    """

    url: str = Field(pattern=r"^(file:///|(s3|gs|az|memory)://)")
    folder: str = Field(default="campaigns", pattern=r"^[\w.-]+(/[\w.-]+)*$")
    public_url: str | None = Field(default=None, pattern=r"^https?://[^/]")
    options: dict[str, str | bool] = Field(default_factory=dict)


class StaticSite(CmsSink):
    """Files `<folder>/<key>.json`, each written whole or not at all."""

    settings_model: ClassVar[type[CmsSettings]] = StaticSiteSettings

    def __init__(self, settings: StaticSiteSettings, secret: str) -> None:
        self._settings = settings
        self._store: Any = _open(settings, secret)
        self._http = Http(settings.public_url or "", {}) if settings.public_url else None

    async def publish(self, document: Document) -> None:
        body = orjson.dumps(document.fields(), option=orjson.OPT_SORT_KEYS)
        with _translated("put"):
            async with asyncio.timeout(TIMEOUT):
                await asyncio.to_thread(obstore.put, self._store, self._path(document.key), body)

    async def teardown(self, key: str) -> None:
        with _translated("delete"):
            async with asyncio.timeout(TIMEOUT):
                try:
                    await asyncio.to_thread(obstore.delete, self._store, self._path(key))
                except FileNotFoundError:
                    return

    async def is_public(self, key: str) -> bool:
        if self._http is not None and self._settings.public_url is not None:
            return await self._http.is_public(f"{self._settings.public_url.rstrip('/')}/{self._path(key)}")
        with _translated("head"):
            async with asyncio.timeout(TIMEOUT):
                try:
                    await asyncio.to_thread(obstore.head, self._store, self._path(key))
                except FileNotFoundError:
                    return False
        return True

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def _path(self, key: str) -> str:
        return f"{self._settings.folder}/{key}.json"


def _open(settings: StaticSiteSettings, secret: str) -> Any:
    if settings.url.startswith("memory:"):
        return MemoryStore()
    try:
        if settings.url.startswith("file:"):
            return LocalStore(settings.url.removeprefix("file://"), mkdir=True)
        options: dict[str, Any] = {
            **settings.options,
            "client_options": {"timeout": f"{TIMEOUT:g}s", "allow_http": True},
            "retry_config": {"max_retries": 0},
        }
        if secret:
            options["secret_access_key"] = secret
        return from_url(settings.url, **options)
    except (BaseError, OSError, ValueError, TypeError) as error:
        raise InvalidInput([Fault("/settings", f"open no store: {type(error).__name__}")]) from error


@contextmanager
def _translated(what: str) -> Iterator[None]:
    try:
        yield
    except (PermissionDeniedError, UnauthenticatedError) as error:
        raise SinkFailed(f"the store refused a {what}: {type(error).__name__}") from error
    except (BaseError, OSError, TimeoutError) as error:
        raise SinkUnavailable(f"the store did not do a {what}: {type(error).__name__}") from error
