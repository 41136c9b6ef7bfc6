"""Whatever Valkey answers with an error: who commits is told of none, and it is believed again once it is well."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from vitograph.projections.hot.doubt import Doubt, Kind
from vitograph.projections.hot.memory import PREFIX, open_hot
from vitograph.projections.hot.reader import CampaignReader, Origin
from vitograph.projections.hot.ready import ready
from vitograph.projections.hot.visitors import VisitorReader
from vitograph.resolver.errors import HotMemoryRefuses
from vitograph.resolver.publishing.campaigns import Campaign, CampaignBody, CampaignStatus, Shown

ACTIVE = Campaign("summer", CampaignStatus.ACTIVE, "north", 3, CampaignBody("Summer"))
ENDED = Campaign("summer", CampaignStatus.ENDED, "north", 4, CampaignBody("Summer"))
BUSY = b"-BUSY Valkey is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.\r\n"
NOPERM = b"-NOPERM User vito has no permissions to run the command\r\n"


@dataclass
class Valkey:
    """As much of one as a reader asks; it answers some commands with an error when told so."""

    port: int = 0
    error: bytes = b""
    refuses: Sequence[bytes] = ()
    held: dict[bytes, bytes] = field(default_factory=dict)
    open: list[asyncio.StreamWriter] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while line := await reader.readline():
                words = []
                for _ in range(int(line[1:])):
                    size = int((await reader.readline())[1:])
                    words.append((await reader.readexactly(size + 2))[:-2])
                writer.write(self.answer(words))
                await writer.drain()
        writer.close()

    def answer(self, words: list[bytes]) -> bytes:
        command = words[0].upper()
        if self.error and (command in self.refuses or not self.refuses):
            return self.error
        if command == b"MGET":
            return b"*%d\r\n" % len(words[1:]) + b"".join(self.bulk(key) for key in words[1:])
        said = {b"HELLO": b"%2\r\n+server\r\n+valkey\r\n+proto\r\n:3\r\n", b"GET": b"_\r\n", b"EVAL": b":1\r\n"}
        return said.get(command, b"+OK\r\n")

    def bulk(self, key: bytes) -> bytes:
        value = self.held.get(key)
        return b"_\r\n" if value is None else b"$%d\r\n%s\r\n" % (len(value), value)


@dataclass
class Source:
    """The graph, and what its outbox has not carried."""

    now: Campaign = ACTIVE
    left: Sequence[str] = ()

    async def campaign(self, id: str) -> Campaign | None:
        return self.now

    async def campaign_ids(self, after: str) -> list[str]:
        return []

    async def unsettled(self, aggregate: str, within: float) -> list[str]:
        return list(self.left)

    async def visitor(self, cookie: str) -> None:
        return None

    async def cookies(self, views: Sequence[str]) -> list[str]:
        return []


@pytest.fixture
async def valkey() -> AsyncIterator[Valkey]:
    valkey = Valkey(held={f"{PREFIX}summer".encode(): ready(ACTIVE).to_bytes()})
    server = await asyncio.start_server(valkey.serve, "127.0.0.1", 0)
    valkey.port = server.sockets[0].getsockname()[1]
    yield valkey
    server.close()
    for writer in valkey.open:
        writer.close()


async def believed(reader: CampaignReader) -> None:
    """Returns once it reads from Valkey. On a busy machine the first connection may take longer than a page waits."""
    async with asyncio.timeout(30):
        while (await reader.read("summer")).origin is not Origin.REDIS:  # noqa: ASYNC110  there is no event for it
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("error", [BUSY, NOPERM], ids=["BUSY", "NOPERM"])
async def test_what_is_committed_is_not_answered_with_its_error(valkey: Valkey, error: bytes) -> None:
    async with open_hot(f"redis://127.0.0.1:{valkey.port}/0") as hot:
        source = Source()
        reader = CampaignReader(hot, source)
        visitors = VisitorReader(reader.line, source)
        await believed(reader)
        valkey.error, valkey.refuses = error, [b"EVAL", b"SET"]
        source.now, source.left = ENDED, ["summer"]
        await reader.push(ENDED)
        await visitors.forget(["c-1"])
        found = await reader.read("summer")
        assert (found.origin, found.ready.shown(0.0)) == (Origin.GRAPH, Shown.ENDED)
        with pytest.raises(HotMemoryRefuses):
            await hot.put("summer", ready(ENDED))
        await reader.close()


async def test_who_reads_believes_it_again_once_it_is_well(valkey: Valkey) -> None:
    async with open_hot(f"redis://127.0.0.1:{valkey.port}/0") as hot:
        reader = CampaignReader(hot, Source())
        valkey.error = BUSY
        assert (await reader.read("summer")).origin is Origin.GRAPH
        await asyncio.sleep(0.6)  # it is looked at twice
        valkey.error = b""
        await believed(reader)
        await reader.close()


async def test_an_error_that_nobody_foresaw_ends_no_doubt_and_no_looking() -> None:
    errors: list[Exception] = [ValueError("of the round trip"), ValueError("of the graph")]
    settled = asyncio.Event()

    async def answers() -> None:
        if len(errors) == 2:
            raise errors.pop()

    async def unsettled(aggregate: str, within: float) -> list[str]:
        if errors:
            raise errors.pop()
        return []

    doubt = Doubt(unsettled, asyncio.ensure_future, answers, settled.set)  # type: ignore[arg-type]
    doubt.add({PREFIX: Kind.CAMPAIGN})
    async with asyncio.timeout(30):
        await settled.wait()
    assert not doubt.is_of(f"{PREFIX}summer")
