"""Cloudflare KV, by Cloudflare's own client. It has no conditional write: what is held is asked for before each write.

The store is eventually consistent (about 60 s elsewhere) and takes one write a second for each key; the lease of a
delivery sees to it that one worker at a time writes a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from pydantic import Field

from vitograph.projections.edge.store import TIMEOUT, EdgeSettings, needs_extra
from vitograph.resolver.errors import SinkFailed, SinkUnavailable


class CloudflareSettings(EdgeSettings):
    """`account` and `namespace` are Cloudflare's ids; `url`: another address of the API, for tests."""

    account: str = Field(min_length=1, max_length=64, pattern=r"^[\w-]+$")
    namespace: str = Field(min_length=1, max_length=64, pattern=r"^[\w-]+$")
    url: str | None = Field(default=None, pattern=r"^https?://[^/]")


class CloudflareKV:
    """A namespace of Workers KV. The secret is an API token that may write it."""

    settings_model: ClassVar[type[EdgeSettings]] = CloudflareSettings
    needs_secret: ClassVar[bool] = True

    def __init__(self, settings: CloudflareSettings, secret: str) -> None:
        with needs_extra("cloudflare"):
            import cloudflare
        self._errors = cloudflare
        self._client = cloudflare.AsyncCloudflare(
            api_token=secret, base_url=settings.url, timeout=TIMEOUT, max_retries=0
        )
        self._place: dict[str, Any] = {"account_id": settings.account, "namespace_id": settings.namespace}

    async def put(self, key: str, value: bytes, version: int, lasts: int | None) -> bool:
        if await self._held(key) > version:
            return False
        expires: dict[str, Any] = {} if lasts is None else {"expiration_ttl": lasts}
        with self._translated("write"):
            await self._client.kv.namespaces.values.update(
                key, value=value, metadata={"version": version}, **self._place, **expires
            )
        return True

    async def delete(self, key: str) -> None:
        with self._translated("delete"):
            try:
                await self._client.kv.namespaces.values.delete(key, **self._place)
            except self._errors.NotFoundError:
                return

    async def close(self) -> None:
        await self._client.close()

    async def _held(self, key: str) -> int:
        """The version that is held, 0 for none; our own mark beside the value, not its content."""
        with self._translated("look"):
            try:
                metadata = await self._client.kv.namespaces.metadata.get(key, **self._place)
            except self._errors.NotFoundError:
                return 0
        version = metadata.get("version") if isinstance(metadata, dict) else None
        return version if isinstance(version, int) else 0

    @contextmanager
    def _translated(self, what: str) -> Iterator[None]:
        try:
            yield
        except self._errors.NotFoundError:
            raise SinkFailed(f"Cloudflare knows no such account or namespace ({what}: 404)") from None
        except self._errors.APIStatusError as error:
            status = error.status_code
            kind = SinkUnavailable if status >= 500 or status == 429 else SinkFailed
            raise kind(f"Cloudflare answered a {what} with {status}") from None
        except self._errors.APIError as error:
            raise SinkUnavailable(f"Cloudflare does not answer: {type(error).__name__}") from None
