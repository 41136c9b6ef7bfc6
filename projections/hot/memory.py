"""The hot memory: Valkey, holding the replies to hot reads. It is never the only copy of anything."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, cast

from redis import exceptions
from redis.asyncio import Redis, RedisCluster

from vitograph.projections.hot.addresses import make_client
from vitograph.projections.hot.cluster import Checked
from vitograph.projections.hot.ready import Ready
from vitograph.projections.hot.tracking import Tracked
from vitograph.projections.hot.unavailable import is_lacking, translated
from vitograph.resolver.batched import batched
from vitograph.resolver.errors import NotRewritten

PREFIX = "vito:campaign:"
VISITOR_PREFIX = "vito:visitor:"


def visitor_key(cookie: str) -> str:
    """Where a visitor is held: by a hash, for reads and forgetting are written to the append-only file, and whoever was
    erased must not stand in it again because somebody asks for them or sends again what was heard of them.
    """
    return VISITOR_PREFIX + hashlib.sha256(cookie.encode("utf-8", "surrogatepass")).hexdigest()[:32]


# Holds the run id of the Valkey that was filled: one that was restarted, or took over, has another.
FILLED = "vito:filled"

# Stands where a visitor was forgotten: for so many seconds nothing is put there, so that no reader puts back what it
# had read before. Longer than a read takes, and than a reader believes what it read.
BARRED = b"-"
BARRED_FOR = 5.0

# Commands that are written and read in one go: more would keep other readers of this process waiting.
AT_ONCE = 100

# Seconds within which an append-only file is written anew, and between two looks at whether it is.
REWRITTEN_WITHIN = 15.0
LOOK = 0.05

# A list of one element says the same as a longer one.
_LEAVE = "if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('RPUSH', KEYS[1], ARGV[1]) end"

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

# One command for many: to write as many commands takes the client longer than it takes Valkey to do this.
_BAR = "for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'PX', ARGV[2]) end"


@dataclass(frozen=True, slots=True)
class HotMemory:
    """A Valkey. Every call may raise HotMemoryUnavailable."""

    client: Redis | RedisCluster

    async def get(self, ids: Sequence[str]) -> list[bytes | None]:
        """What is held of these campaigns, in one round trip."""
        return await self.fetch([PREFIX + id for id in ids])

    async def fetch(self, keys: Sequence[str]) -> list[bytes | None]:
        """What is held under these keys, in one round trip (in one to each server of a cluster)."""
        with translated():
            if isinstance(self.client, RedisCluster):
                return cast("list[bytes | None]", await self.client.mget_nonatomic(list(keys)))
            return cast("list[bytes | None]", await self.client.mget(keys))

    def call(self, name: str) -> AbstractContextManager[object]:
        """A round trip that is made by another connection than this one's, for whom it is traced."""
        return nullcontext()

    def track(self, on_lost: Callable[[], None]) -> Tracked | Checked:
        """A connection that is told what changes; of a cluster, a reader that looks who answers."""
        return Checked(self) if isinstance(self.client, RedisCluster) else Tracked(self.client, FILLED, on_lost)

    async def put(self, id: str, ready: Ready, lasts: float = 0.0) -> bool:
        """Writes a campaign unless a later version is held; `lasts` seconds, or for good. Whether it was written."""
        expiry = str(int(lasts * 1000))
        with translated():
            written = await self.client.eval(_PUT, 1, PREFIX + id, ready.version, ready.to_bytes(), expiry)
        return bool(written)

    async def put_visitor(self, cookie: str, value: bytes, lasts: float) -> None:
        """Keeps what to say to a visitor for `lasts` seconds, unless something is there or was forgotten just now."""
        with translated():
            await self.client.set(visitor_key(cookie), value, nx=True, px=int(lasts * 1000))

    async def forget_visitors(self, cookies: Sequence[str]) -> None:
        """Bars these cookies: what was held of them is gone, and nothing that was read before can be put back."""
        keys, lasts = [visitor_key(cookie) for cookie in cookies], int(BARRED_FOR * 1000)
        with translated():
            for some in batched(keys, AT_ONCE):
                if not isinstance(self.client, RedisCluster):
                    await self.client.eval(_BAR, len(some), *some, BARRED, lasts)
                    continue
                async with self.client.pipeline(transaction=False) as pipeline:
                    for key in some:
                        pipeline.set(key, BARRED, px=lasts)
                    await pipeline.execute()

    async def leave(self, key: str) -> None:
        """Leaves word under this key for whoever takes it first, unless some is there."""
        with translated():
            await self.client.eval(_LEAVE, 1, key, b"1")

    async def take(self, key: str, most: float) -> bool:
        """Takes the word that was left under this key; whether some came within so many seconds."""
        with translated():
            return await self.client.blpop([key], timeout=most) is not None

    async def rewrite(self) -> None:
        """The append-only file is written anew, without what is held no more; a server that may not is left alone.

        One that was being written already may have begun with it, so another one follows. NotRewritten.
        """
        with translated():
            try:
                await self._end_rewriting()
                await self._rewrite()
                is_rewritten = await self._end_rewriting()
            except exceptions.ResponseError as error:
                if not is_lacking(error):
                    raise
                return
        if not is_rewritten:
            raise NotRewritten("the append-only file could not be written anew")

    async def _rewrite(self) -> None:
        """Begins it; where another one began meanwhile, that one does."""
        try:
            await self._begin_rewriting()
        except exceptions.ResponseError as error:
            if "already in progress" not in str(error):
                raise

    async def _begin_rewriting(self) -> None:
        if isinstance(self.client, RedisCluster):
            # Named one by one: of a command that it has no policy for, redis-py does not heed a flag of nodes.
            await self.client.bgrewriteaof(target_nodes=self.client.get_primaries())
        else:
            await self.client.bgrewriteaof()

    async def _end_rewriting(self) -> bool:
        """Waits until no append-only file is being written anew; whether the last one was. NotRewritten."""
        for _ in range(int(REWRITTEN_WITHIN / LOOK)):
            said = await self._told("persistence")
            if not any(one.get("aof_rewrite_in_progress") or one.get("aof_rewrite_scheduled") for one in said):
                return all(one.get("aof_last_bgrewrite_status", "ok") == "ok" for one in said)
            await asyncio.sleep(LOOK)
        raise NotRewritten(f"the append-only file was not written anew within {REWRITTEN_WITHIN:g} s")

    async def server(self) -> str:
        """The run id of the process that answers, of a cluster those of all primaries; "" where it may not be known."""
        with translated():
            try:
                return " ".join(sorted(str(one.get("run_id", "")) for one in await self._told("server")))
            except exceptions.ResponseError:
                return ""

    async def _told(self, section: str) -> list[dict[str, Any]]:
        """A section of INFO, of each primary."""
        if isinstance(self.client, RedisCluster):
            said = await self.client.info(section, target_nodes=RedisCluster.PRIMARIES)
            if all(isinstance(one, dict) for one in said.values()):  # one alone is not told by its name
                return list(said.values())
            return [said]
        return [await self.client.info(section)]

    async def filled(self) -> str | None:
        """The run id of the process that was filled last, as far as this one remembers."""
        with translated():
            held = cast("bytes | None", await self.client.get(FILLED))
        return None if held is None else held.decode()

    async def mark_filled(self, server: str) -> None:
        """Notes that a process holds all that the graph held when it was begun to be filled."""
        with translated():
            await self.client.set(FILLED, server)

    async def clear(self, *prefixes: str) -> int:
        """Forgets all campaigns and visitors, or those of some; how many there were."""
        count = 0
        with translated():
            for prefix in prefixes or (PREFIX, VISITOR_PREFIX):
                async for key in self.client.scan_iter(match=f"{prefix}*", count=1_000):
                    count += int(await self.client.unlink(key))
        return count

    async def count(self) -> int:
        """How many campaigns are held."""
        with translated():
            return sum([1 async for _ in self.client.scan_iter(match=f"{PREFIX}*", count=1_000)])


@asynccontextmanager
async def open_hot(url: str, patience: float = 2.0) -> AsyncIterator[HotMemory]:
    """A hot memory at an address of `addresses.make_client`. Nothing is connected before the first call."""
    async with make_client(url, patience) as client:
        yield HotMemory(client)
