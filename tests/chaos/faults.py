"""What can happen to the servers: each kind of fault, how it is done, and how it is mended."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from tests.chaos.clocks import NAMES
from tests.chaos.instance import BY_COMMAND, Instance
from tests.chaos.lines import Line, State
from tests.chaos.plans import Fault
from tests.wagtail import Site
from vitograph.graph.queries import Statement
from vitograph.resolver.errors import VitoError

HOUR = 3600
NO_LIMIT = resource.RLIM_INFINITY
TERMINATE = Statement(
    "chaos/terminate",
    "SHOW TRANSACTIONS YIELD transactionId AS id, currentQuery AS query WHERE NOT query CONTAINS 'SHOW TRANSACTIONS' "
    "TERMINATE TRANSACTIONS id YIELD message RETURN count(message) AS count",
)

REFUSALS = {
    "replicas": ("min-replicas-to-write", "1", "0"),
    "memory": ("maxmemory", "1", "0"),
}
"""Settings by which a Valkey refuses every write, and those by which it takes them."""


@dataclass
class Stage:
    """What faults happen to."""

    instance: Instance
    site: Site
    cms: Line

    def line(self, name: str) -> Line:
        return {"bolt": self.instance.bolt, "redis": self.instance.redis, "cms": self.cms}[name]

    def signal(self, name: str, number: int) -> bool:
        return self.site.signal(number) if name == "cms" else self.instance.signal(name, number)


async def kill(stage: Stage, fault: Fault) -> None:
    """It is gone in the middle of whatever it does. Whoever supervises it starts it again."""
    stage.signal(fault.victim, signal.SIGKILL)
    await asyncio.sleep(fault.lasts)
    if fault.victim == "cms":
        await stage.site.stop()
        await stage.site.start()
    if fault.victim == "up":
        await stage.instance.revive()


async def pause(stage: Stage, fault: Fault) -> None:
    """It does nothing and answers nobody, and everything it knew of the time is old when it goes on."""
    stage.signal(fault.victim, signal.SIGSTOP)
    await asyncio.sleep(fault.lasts)
    stage.signal(fault.victim, signal.SIGCONT)


def becoming(state: State) -> Callable[[Stage, Fault], Awaitable[None]]:
    async def become(stage: Stage, fault: Fault) -> None:
        line = stage.line(fault.victim)
        line.become(state)
        await asyncio.sleep(fault.lasts)
        if state in (State.SILENT, State.HALF):  # a firewall that forgot its connections
            line.reset()
        line.become(State.OPEN)

    return become


async def flush(stage: Stage, fault: Fault) -> None:
    """Valkey has lost everything."""
    async with _valkey(stage) as valkey:
        await valkey.flushall()


async def refuse(stage: Stage, fault: Fault) -> None:
    """Valkey answers reads and refuses writes."""
    name, on, off = REFUSALS[fault.victim]
    async with _valkey(stage) as valkey:
        await valkey.config_set(name, on)
        await asyncio.sleep(fault.lasts)
        await valkey.config_set(name, off)


async def read_only(stage: Stage, fault: Fault) -> None:
    """Valkey believes to be a replica of a server that is not there."""
    async with _valkey(stage) as valkey:
        await valkey.replicaof("127.0.0.1", 9)
        await asyncio.sleep(fault.lasts)
        await valkey.replicaof("NO", "ONE")


async def fill(stage: Stage, fault: Fault) -> None:
    """No file of it may grow any further (RLIMIT_FSIZE): what it writes is refused, as on a full disk."""
    pid = stage.instance.pid(fault.victim)
    if pid is None:
        return
    with contextlib.suppress(ProcessLookupError):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_room(stage.instance, fault.victim), NO_LIMIT))
        await asyncio.sleep(fault.lasts)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))


async def step(stage: Stage, fault: Fault) -> None:
    """The clocks of servers or programs, or of both, are an hour ahead or behind, and come back."""
    whose, _, way = fault.victim.partition(" ")
    names = NAMES if whose == "all" else (whose,)
    for name in names:
        stage.instance.clocks.step(name, HOUR if way == "ahead" else -HOUR)
    await asyncio.sleep(1.0 + fault.lasts)  # it is looked up once a second
    for name in names:
        stage.instance.clocks.step(name, 0)
    await asyncio.sleep(1.0)


async def terminate(stage: Stage, fault: Fault) -> None:
    """Every transaction under way is ended by an administrator, again and again."""
    deadline = asyncio.get_running_loop().time() + fault.lasts
    while asyncio.get_running_loop().time() < deadline:
        with contextlib.suppress(VitoError):
            async with stage.instance.graph() as graph:
                await graph.run(TERMINATE)
        await asyncio.sleep(0.1)


KINDS: dict[str, Callable[[Stage, Fault], Awaitable[None]]] = {
    "kill": kill,
    "pause": pause,
    **{state.value: becoming(state) for state in State if state is not State.OPEN},
    "flush": flush,
    "refuse": refuse,
    "read_only": read_only,
    "fill": fill,
    "step": step,
    "terminate": terminate,
}

PROCESSES = (*BY_COMMAND, "cms")
DECK: tuple[tuple[str, str], ...] = (
    *(("kill", name) for name in (*PROCESSES, "up")),
    *(("pause", name) for name in PROCESSES),
    *((state.value, line) for state in State if state is not State.OPEN for line in ("bolt", "redis", "cms")),
    ("flush", ""),
    *(("refuse", name) for name in REFUSALS),
    ("read_only", ""),
    ("fill", "neo4j"),
    ("fill", "api"),
    ("terminate", ""),
)
CLOCKS = tuple(("step", f"{whose} {way}") for whose in (*NAMES, "all") for way in ("ahead", "behind"))


def deck(*, can_step: bool) -> tuple[tuple[str, str], ...]:
    """What can happen here: clocks are stepped only where libfaketime is installed."""
    return (*DECK, *CLOCKS) if can_step else DECK


async def happen(stage: Stage, faults: tuple[Fault, ...]) -> None:
    """Each of them at its moment of the round, and its end."""

    async def one(fault: Fault) -> None:
        await asyncio.sleep(fault.at)
        with contextlib.suppress(RedisError, OSError):
            await KINDS[fault.kind](stage, fault)

    async with asyncio.TaskGroup() as group:
        for fault in faults:
            group.create_task(one(fault))


async def mend(stage: Stage) -> None:
    """Nothing is done to anything any more; what died is left to whoever supervises it."""
    for name in PROCESSES:
        stage.signal(name, signal.SIGCONT)
    for name in ("bolt", "redis", "cms"):
        stage.line(name).become(State.OPEN)
    for name in NAMES:
        stage.instance.clocks.step(name, 0)
    await stage.instance.revive()
    for name in BY_COMMAND:
        if (pid := stage.instance.pid(name)) is not None:
            with contextlib.suppress(ProcessLookupError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (NO_LIMIT, NO_LIMIT))
    with contextlib.suppress(RedisError, OSError):  # a Valkey that is away comes back with its own settings
        async with _valkey(stage) as valkey:
            for name, _, off in REFUSALS.values():
                await valkey.config_set(name, off)
            await valkey.replicaof("NO", "ONE")


def _room(instance: Instance, victim: str) -> int:
    """How large a file may be: what is there of Neo4j's log of transactions; less than what a channel uploads."""
    if victim == "api":
        return 128 * 1024
    logs = Path(instance.data / "neo4j/data/transactions/neo4j").glob("neostore.transaction.db.*")
    return max((path.stat().st_size for path in logs), default=1 << 20)


@asynccontextmanager
async def _valkey(stage: Stage) -> AsyncIterator[Redis]:
    async with Redis.from_url(stage.instance.redis_url, socket_timeout=2.0) as valkey:
        yield valkey
