"""Any order, repetition and loss of entries converges to the graph; errors stop nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.projections.hot.breaker import Breaker
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.hot.ready import REPLIES, Ready, ready, unknown
from vitograph.projections.projector import CampaignProjection, Projection, Projector
from vitograph.resolver.errors import (
    EvidenceUnavailable,
    HotMemoryRefuses,
    HotMemoryUnavailable,
    LaggingSource,
    MailPutOff,
    MailUnavailable,
    NotRewritten,
)
from vitograph.resolver.publishing.campaigns import (
    Artifact,
    ArtifactKind,
    Campaign,
    CampaignBody,
    CampaignStatus,
    Shown,
)
from vitograph.resolver.publishing.outbox import LONGEST_WAIT, Entry, wait


@dataclass
class Queue:
    """An outbox in memory."""

    entries: list[Entry]
    failures: list[str] = field(default_factory=list)
    mortal: list[str] = field(default_factory=list)
    given_back: list[str] = field(default_factory=list)

    async def take(self) -> Sequence[Entry]:
        taken, self.entries = self.entries, []
        return taken

    async def done(self, entries: Iterable[Entry]) -> None:
        pass

    async def failed(self, entries: Iterable[Entry], error: str, mortal: bool) -> None:
        failed = [f"{entry.id} {error}" for entry in entries]
        self.failures += failed
        self.mortal += failed if mortal else []

    async def give_back(self, entries: Iterable[Entry], wait: float) -> None:
        self.given_back.extend(entry.id for entry in entries)


@dataclass
class Recorded:
    """A projection that says what it was asked, and fails for some keys."""

    fails: dict[str, Exception] = field(default_factory=dict)
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def project(self, key: str, version: int) -> None:
        if key in self.fails:
            raise self.fails[key]
        self.asked.append((key, version))


def entries(*keys: str) -> list[Entry]:
    return [Entry(f"e{number}", "campaign", key, number) for number, key in enumerate(keys)]


def projector(queue: Queue, projection: Projection) -> Projector:
    return Projector(queue, {"campaign": projection}, idle=0.0)


async def test_entries_of_one_campaign_are_projected_once() -> None:
    projection = Recorded()
    assert await projector(Queue(entries("a", "b", "a")), projection).step() == 3
    assert projection.asked == [("a", 2), ("b", 1)]


async def test_what_fails_is_counted_and_stops_nothing() -> None:
    queue, projection = Queue(entries("a", "b")), Recorded({"a": ValueError("maria@example.com")})
    await projector(queue, projection).step()
    assert queue.failures == ["e0 ValueError"]
    assert projection.asked == [("b", 1)]


@dataclass
class Together(Recorded):
    """A projection that brings many to their state at once."""

    together: list[list[str]] = field(default_factory=list)

    async def project_all(self, keys: Sequence[str]) -> None:
        for key in keys:
            if key in self.fails:
                raise self.fails[key]
        self.together.append(list(keys))


async def test_what_can_be_is_projected_together_and_one_that_fails_alone_fails() -> None:
    queue, projection = Queue(entries("a", "b", "a", "c")), Together()
    await projector(queue, projection).step()
    assert (projection.together, projection.asked) == ([["a", "b", "c"]], [])
    queue, projection = Queue(entries("a", "b", "c")), Together({"b": ValueError("b")})
    await projector(queue, projection).step()
    assert (projection.together, projection.asked) == ([], [("a", 0), ("c", 2)])
    assert queue.failures == ["e1 ValueError"]
    queue = Queue(entries("a", "b"))
    with pytest.raises(HotMemoryUnavailable):
        await projector(queue, Together({"b": HotMemoryUnavailable("away")})).step()
    assert queue.given_back == ["e0", "e1"]


async def test_an_absent_target_counts_no_attempt() -> None:
    queue = Queue(entries("a", "b"))
    with pytest.raises(HotMemoryUnavailable):
        await projector(queue, Recorded({"a": HotMemoryUnavailable("away")})).step()
    assert queue.given_back == ["e0", "e1"]
    assert queue.failures == []


async def test_a_campaign_that_valkey_refuses_holds_up_no_other() -> None:
    queue = Queue(entries("a", "b"))
    projection = Recorded({"a": HotMemoryRefuses("Valkey refuses: WRONGTYPE")})
    await projector(queue, projection).step()
    assert projection.asked == [("b", 1)]
    assert queue.failures == ["e0 Valkey refuses: WRONGTYPE"]
    assert queue.mortal == queue.given_back == []
    queue = Queue(entries("a", "b"))
    together = Together({"b": HotMemoryRefuses("Valkey refuses: NoPermissionError")})
    await projector(queue, together).step()
    assert (together.asked, len(queue.failures), queue.mortal) == ([], 2, [])


ERRORS = [
    EvidenceUnavailable("away"),
    NotRewritten("no"),
    MailUnavailable("away"),
    MailPutOff("later"),
    LaggingSource("behind"),
    TimeoutError(),
    ValueError("a fault"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("aggregate", ["campaign", "erasure", "sink", "confirmation"])
async def test_nothing_dies_but_of_a_fault_of_its_own_and_what_takes_away_never_does(
    aggregate: str, error: Exception
) -> None:
    queue = Queue([Entry("e1", aggregate, "a", 1)])
    await Projector(queue, {aggregate: Recorded({"a": error})}).step()
    assert len(queue.failures) == 1
    assert bool(queue.mortal) is (aggregate == "confirmation" and isinstance(error, ValueError))


async def test_a_mail_server_that_is_away_is_waited_for_once_and_after_all_others() -> None:
    class Away(Recorded):
        async def project(self, key: str, version: int) -> None:
            self.asked.append((key, version))
            raise MailUnavailable("away")

    mails = Away()
    waiting = [Entry(f"m{number}", "confirmation", f"f-{number}", 1, attempts=number) for number in range(1, 4)]
    queue = Queue([*waiting, Entry("c1", "campaign", "summer", 1)])
    seen: list[int] = []

    class Noted(Recorded):
        async def project(self, key: str, version: int) -> None:
            seen.append(len(mails.asked))

    await Projector(queue, {"confirmation": mails, "campaign": Noted()}).step()
    assert seen == [0]
    assert mails.asked == [("f-1", 1)]
    assert queue.failures == [f"m{number} MailUnavailable" for number in range(1, 4)]
    assert queue.mortal == []


async def test_entries_that_nothing_projects_are_dropped() -> None:
    queue = Queue([Entry("e1", "view", "p-1", 1)])
    await projector(queue, Recorded()).step()
    assert queue.failures == queue.given_back == []


async def test_the_projector_outlives_errors_and_ends_when_cancelled() -> None:
    class Broken(Queue):
        async def take(self) -> Sequence[Entry]:
            asked.set()
            raise RuntimeError("bolt")

    asked = asyncio.Event()
    queue = Broken([])
    loop = projector(queue, Recorded())
    task = asyncio.get_running_loop().create_task(loop.run())
    await asked.wait()
    await asyncio.sleep(0)
    assert not task.done()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_cancelled_projector_gives_back_what_it_took() -> None:
    class Slow(Recorded):
        async def project(self, key: str, version: int) -> None:
            await asyncio.sleep(60)

    queue = Queue(entries("a", "b"))
    task = asyncio.get_running_loop().create_task(projector(queue, Slow()).step())
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert queue.given_back == ["e0", "e1"]


class Held(HotMemory):
    """A hot memory in this process, with the rule of the real one."""

    def __init__(self) -> None:
        object.__setattr__(self, "held", {})

    held: dict[str, Ready]

    async def put(self, id: str, ready: Ready, lasts: float = 0.0) -> bool:
        held = self.held.get(id)
        if held is not None and (held.version > ready.version or (held.version == ready.version and lasts)):
            return False
        self.held[id] = ready
        return True


@dataclass
class Source:
    now: Campaign

    async def campaign(self, id: str) -> Campaign | None:
        return self.now

    async def campaign_ids(self, after: str) -> list[str]:
        return []

    async def unsettled(self, aggregate: str, within: float) -> list[str]:
        return []


def version(number: int, last: int) -> Campaign:
    status = CampaignStatus.ENDED if number == last else CampaignStatus.ACTIVE
    return Campaign("summer", status, "north", number, CampaignBody(f"name {number}"))


@given(st.integers(1, 8), st.data())
def test_any_interleaving_of_entries_converges(last: int, data: st.DataObject) -> None:
    """Each entry is carried once or more, in any order, by projectors and readers that may have read long before."""
    puts = data.draw(
        st.lists(st.integers(1, last), max_size=12).map(lambda some: [*some, last]).flatmap(st.permutations)
    )
    hot = Held()

    async def run() -> None:
        for number in puts:
            late = data.draw(st.booleans())
            seen = number if late else data.draw(st.integers(number, last))
            await CampaignProjection(Source(version(seen, last)), hot).project("summer", number)

    asyncio.run(run())
    assert hot.held["summer"] == ready(version(last, last))
    assert hot.held["summer"].shown(0.0) is Shown.ENDED


async def test_a_graph_that_lags_behind_is_not_believed() -> None:
    with pytest.raises(LaggingSource):
        await CampaignProjection(Source(version(2, 9)), Held()).project("summer", 3)


contents = st.dictionaries(
    st.text(max_size=5).filter(lambda text: text.isprintable()), st.text(max_size=9) | st.integers(0, 9), max_size=3
)


@given(
    st.sampled_from(CampaignStatus),
    st.none() | st.datetimes(timezones=st.timezones()),
    st.none() | st.text(max_size=20).filter(lambda text: text.isprintable() or "\n" in text),
    contents,
)
def test_what_is_stored_is_what_is_read(
    status: CampaignStatus, at: object, closing: str | None, content: dict[str, object]
) -> None:
    artifact = Artifact("hero", ArtifactKind.COPY, content)
    body = CampaignBody("line\nbreak", at, None, closing)  # type: ignore[arg-type]
    stored = ready(Campaign("summer", status, "north", 7, body, (artifact,)))
    assert Ready.from_bytes(stored.to_bytes()) == stored


@pytest.mark.parametrize("stored", [b"", b"x", b"1 active - -", b"1 gone - -\n\n", b"x active - -\n\n", b"\xff\n\n"])
def test_what_is_not_ours_counts_as_absent(stored: bytes) -> None:
    assert Ready.from_bytes(stored) is None


def test_content_is_shown_by_an_active_campaign_only() -> None:
    held = ready(version(1, 1))
    assert held.reply(0.0) == held.over == REPLIES[Shown.ENDED]
    assert unknown().reply(0.0) == b'{"status":"unknown"}'
    draft = ready(Campaign("summer", CampaignStatus.DRAFT, "north", 1, CampaignBody("secret")))
    assert draft.reply(0.0) == b'{"status":"draft"}'


def test_the_breaker_lets_one_try_after_a_rest() -> None:
    now = 0.0
    breaker = Breaker(rest=1.0, clock=lambda: now)
    assert breaker.lets_through()
    breaker.failed()
    assert not breaker.lets_through()
    now = 1.0
    assert [breaker.lets_through(), breaker.lets_through()] == [True, False]
    breaker.succeeded()
    assert breaker.lets_through()


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_waiting_is_bounded_and_spread(attempts: int, chance: float) -> None:
    assert 0.25 <= wait(attempts, chance) <= LONGEST_WAIT
