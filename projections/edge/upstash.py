"""Upstash and Vercel KV: Redis behind REST, by Upstash's own client. A script writes what is not older."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, ClassVar, TypeVar

from pydantic import Field

from vitograph.projections.edge.store import TIMEOUT, EdgeSettings, needs_extra
from vitograph.resolver.errors import SinkFailed, SinkUnavailable

T = TypeVar("T")

# What holds no version of ours is written over.
_PUT = """
local held = redis.call('GET', KEYS[1])
if held then
  local ok, value = pcall(cjson.decode, held)
  if ok and type(value) == 'table' and type(value.version) == 'number' and value.version > tonumber(ARGV[1]) then
    return 0
  end
end
if ARGV[3] == '' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
return 1
"""


class UpstashSettings(EdgeSettings):
    """`url`: the REST address of the database."""

    url: str = Field(pattern=r"^https?://[^/]")


class UpstashKV:
    """A database of Upstash or Vercel KV. The secret is its REST token."""

    settings_model: ClassVar[type[EdgeSettings]] = UpstashSettings
    needs_secret: ClassVar[bool] = True

    def __init__(self, settings: UpstashSettings, secret: str) -> None:
        with needs_extra("upstash-redis"):
            from upstash_redis.asyncio import Redis
            from upstash_redis.errors import UpstashError
        self._refusal = UpstashError
        self._client = Redis(settings.url.rstrip("/"), secret, rest_retries=0, allow_telemetry=False)

    async def put(self, key: str, value: bytes, version: int, lasts: int | None) -> bool:
        arguments = [str(version), value.decode(), "" if lasts is None else str(lasts)]
        return bool(await self._asked("write", self._client.eval(_PUT, [key], arguments)))

    async def delete(self, key: str) -> None:
        await self._asked("delete", self._client.delete(key))

    async def close(self) -> None:
        await self._client.close()

    async def _asked(self, what: str, call: Awaitable[Any]) -> Any:
        try:
            async with asyncio.timeout(TIMEOUT):
                return await call
        except self._refusal:
            raise SinkFailed(f"Upstash refused a {what}") from None
        except Exception as error:  # what its HTTP client raises is no part of its interface
            raise SinkUnavailable(f"Upstash does not answer a {what}: {type(error).__name__}") from None
