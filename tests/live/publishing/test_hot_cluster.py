"""The hot memory in a cluster, and what is read of it while one of its servers takes over from another."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from redis import exceptions
from redis.asyncio import Redis

from tests.live.publishing.test_hot_addresses import AT_ONCE, WITHIN, free_port, is_refused, running, until, works
from vitograph.projections.hot.filling import Filler
from vitograph.projections.hot.memory import PREFIX, open_hot
from vitograph.projections.hot.reader import CampaignReader
from vitograph.projections.hot.ready import ready
from vitograph.resolver.errors import HotMemoryUnavailable
from vitograph.resolver.publishing.campaigns import Campaign, CampaignBody, CampaignStatus, Shown


async def cluster(stack: AsyncExitStack, folder: Path, ports: list[int]) -> list[Redis]:
    """Servers that could be one."""
    return [
        await stack.enter_async_context(
            running(
                *(folder / str(port), port),
                *("--port", str(port), "--cluster-enabled", "yes", "--save", ""),
                *("--cluster-port", str(free_port()), *AT_ONCE),
            )
        )
        for port in ports
    ]


async def test_a_cluster_holds_what_its_slots_say(tmp_path: Path) -> None:
    ports = [free_port() for _ in range(3)]
    async with AsyncExitStack() as stack:
        nodes = await cluster(stack, tmp_path, ports)
        async with open_hot(f"redis+cluster://127.0.0.1:{ports[0]}") as early:
            with pytest.raises(HotMemoryUnavailable):
                await early.get(["summer"])
        await form(nodes, ports)
        async with open_hot(f"redis+cluster://127.0.0.1:{ports[0]},127.0.0.1:{ports[1]}") as hot:
            await works(hot)


async def form(nodes: list[Redis], ports: list[int]) -> None:
    """Makes a cluster of nodes, and waits until all agree."""
    for place, node in enumerate(nodes):
        await node.execute_command(
            "CLUSTER", "ADDSLOTSRANGE", place * 5461, 16383 if place == 2 else place * 5461 + 5460
        )
        await node.execute_command("CLUSTER", "SET-CONFIG-EPOCH", place + 1)
    for node, port in zip(nodes[1:], ports[1:], strict=True):
        buses = (await node.config_get("cluster-port"))["cluster-port"]
        await nodes[0].execute_command("CLUSTER", "MEET", "127.0.0.1", port, buses)
    for node in nodes:
        await until(partial(agrees, node))


@dataclass
class Kept:
    """A graph that holds one campaign."""

    held: Campaign

    async def campaign(self, id: str) -> Campaign | None:
        return self.held if id == self.held.id else None

    async def campaign_ids(self, after: str) -> list[str]:
        return [self.held.id] if after < self.held.id else []

    async def unsettled(self, aggregate: str, within: float) -> list[str]:
        return []


async def test_a_server_of_a_cluster_that_took_over_is_not_read_until_it_is_filled(tmp_path: Path) -> None:
    ports = [free_port() for _ in range(4)]
    id = "summer"
    async with AsyncExitStack() as stack:
        *primaries, replica = await cluster(stack, tmp_path, ports)
        await form(primaries, ports[:3])
        async with open_hot(f"redis+cluster://127.0.0.1:{ports[0]},127.0.0.1:{ports[1]},127.0.0.1:{ports[2]}") as hot:
            source = Kept(Campaign(id, CampaignStatus.ACTIVE, "north", 1, CampaignBody("A")))
            assert await Filler(source, hot).step()
            owner = await primary_of(PREFIX + id, primaries)
            await follows(replica, owner, primaries[0])
            reader = CampaignReader(hot, source, patience=WITHIN)
            assert (await reader.read(id)).ready.shown(0) is Shown.ACTIVE
            assert not await Filler(source, hot).step(), "it is filled"
            # What the replica does not hear of any more is the end of the campaign.
            await replica.config_set("masterauth", "another")
            await owner.execute_command("CLIENT", "KILL", "TYPE", "REPLICA")
            source.held = Campaign(id, CampaignStatus.ENDED, "north", 2, CampaignBody("A"))
            await hot.put(id, ready(source.held))
            await owner.shutdown(nosave=True, now=True, force=True)
            await replica.execute_command("CLUSTER", "FAILOVER", "TAKEOVER")
            await until(partial(agrees, replica))
            assert b"1 active" in bytes(await replica.execute_command("GET", PREFIX + id)), "it holds what was before"
            line = hot.track(lambda: None)
            await until(lambda: is_refused(line))
            assert (await reader.read(id)).ready.shown(0) is Shown.ENDED
            await until(lambda: fills(Filler(source, hot)))
            assert b"2 ended" in bytes(await replica.execute_command("GET", PREFIX + id))
            assert (await line.fetch([PREFIX + id])) == [ready(source.held).to_bytes()]
            await reader.close()


async def fills(filler: Filler) -> bool:
    """Whether there was something to fill, and it was: while the cluster sees what happened, it cannot be."""
    try:
        return await filler.step()
    except HotMemoryUnavailable:
        return False


async def primary_of(key: str, primaries: list[Redis]) -> Redis:
    """The server that has the slot of a key."""
    for primary in primaries:
        try:
            await primary.get(key)
        except exceptions.ResponseError:  # MOVED
            continue
        return primary
    raise AssertionError("nobody has it")


async def follows(replica: Redis, owner: Redis, other: Redis) -> None:
    """Makes a server the replica of another one of the cluster, which has all that it holds then."""
    name = (await owner.execute_command("CLUSTER", "MYID")).decode()
    bus = (await other.config_get("cluster-port"))["cluster-port"]
    port = other.connection_pool.connection_kwargs["port"]
    await replica.execute_command("CLUSTER", "MEET", "127.0.0.1", port, bus)
    await until(partial(replicates, replica, name))
    await until(partial(is_linked, replica))


async def replicates(replica: Redis, name: str) -> bool:
    try:
        await replica.execute_command("CLUSTER", "REPLICATE", name)
    except exceptions.ResponseError:  # it does not know that server yet
        return False
    return True


async def is_linked(replica: Redis) -> bool:
    return (await replica.info("replication")).get("master_link_status") == "up"


async def agrees(node: Redis) -> bool:
    return b"cluster_state:ok" in bytes(await node.execute_command("CLUSTER", "INFO"))
