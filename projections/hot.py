"""The hot memory: Valkey, holding for each campaign the replies to its reads. It is never the only copy of anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import cast

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from vitograph.projections.ready import Ready
from vitograph.resolver.errors import HotMemoryUnavailable

PREFIX = "vito:campaign:"

_AWAY = (
    exceptions.ConnectionError,  # also one that still loads its file
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    exceptions.OutOfMemoryError,
)

# A version is written over an older one only, so a late or repeated entry changes nothing. What is to stay is written
# over what was to expire of the same version.
_PUT = """
local held = redis.call('GET', KEYS[1])
if held then
  local version = tonumber(string.match(held, '^(%d+) '))
  local ours = tonumber(ARGV[1])
  if version and (version > ours or (version == ours and ARGV[3] ~= '0')) then return 0 end
end
if ARGV[3] == '0' then redis.call('SET', KEYS[1], ARGV[2])
else redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1
"""


@dataclass(frozen=True, slots=True)
class HotMemory:
    """A Valkey. Every call may raise HotMemoryUnavailable."""

    client: Redis

    async def get(self, ids: Sequence[str]) -> list[bytes | None]:
        """What is held of these campaigns, in one round trip."""
        with _translated():
            return cast("list[bytes | None]", await self.client.mget([PREFIX + id for id in ids]))

    async def put(self, id: str, ready: Ready, lasts: float = 0.0) -> bool:
        """Writes a campaign unless a later version is held; `lasts` seconds, or for good. Whether it was written."""
        expiry = str(int(lasts * 1000))
        with _translated():
            written = await self.client.eval(_PUT, 1, PREFIX + id, ready.version, ready.to_bytes(), expiry)
        return bool(written)

    async def rewrite(self) -> None:
        """Has the append-only file written anew, without what is held no more; a server that may not is left alone."""
        with _translated(), suppress(exceptions.ResponseError):
            await self.client.bgrewriteaof()

    async def clear(self) -> int:
        """Forgets all campaigns; how many there were."""
        count = 0
        with _translated():
            async for key in self.client.scan_iter(match=f"{PREFIX}*", count=1_000):
                count += int(await self.client.unlink(key))
        return count

    async def count(self) -> int:
        """How many campaigns are held."""
        with _translated():
            return sum([1 async for _ in self.client.scan_iter(match=f"{PREFIX}*", count=1_000)])


@asynccontextmanager
async def open_hot(url: str, patience: float = 2.0) -> AsyncIterator[HotMemory]:
    """A hot memory at `redis://…` or `unix://…`. Nothing is connected before the first call, so none has to be up."""
    client = Redis.from_url(
        url,
        socket_timeout=patience,
        socket_connect_timeout=patience,
        retry=Retry(NoBackoff(), 0),
        max_connections=64,
        client_name="vito",
    )
    try:
        yield HotMemory(client)
    finally:
        await client.aclose()


@contextmanager
def _translated() -> Iterator[None]:
    """What says that the server cannot be used now; another refusal is about the call and stays what it is."""
    try:
        yield
    except (*_AWAY, OSError) as error:
        raise HotMemoryUnavailable(f"Valkey does not answer: {type(error).__name__}") from error
