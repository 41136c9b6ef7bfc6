"""What every CMS adapter has to do, as checks that its author runs under pytest against a real CMS:

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    async def test_my_adapter_conforms(check: Check, rig: Rig) -> None:
        await check(rig)

A check raises AssertionError with a sentence. Checks use keys that begin with `conformance-` and clean up after them.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from vitograph.projections.adapters import check_adapter
from vitograph.projections.cms.sink import CmsSink, Document
from vitograph.resolver.errors import SinkFailed

PREFIX = "conformance-"
# Seconds after which a publication is cut short, as when a worker is stopped.
CUTS = (0.002, 0.02, 0.1)
LAND = 0.25
# Parts of the time of a whole teardown after which one is cut short: between any two calls of it.
PARTS = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9)
LOOKS = 3


@dataclass(frozen=True, slots=True)
class Rig:
    """How to get at the adapter. `open`: one more instance on the CMS; `open_away`: on one that cannot be reached."""

    open: Callable[[], CmsSink]
    open_away: Callable[[], CmsSink]


Check = Callable[[Rig], Awaitable[None]]


async def is_fit(rig: Rig) -> None:
    """It can be registered (FIT-CMS-001)."""
    async with _opened(rig.open) as sink:
        check_adapter("conformance", type(sink))


async def shows_nothing_before(rig: Rig) -> None:
    """A key that was never published is not public."""
    async with _opened(rig.open) as sink:
        assert not await sink.is_public(f"{PREFIX}never"), "is_public says yes of a key that was never published"


async def publishes_and_tears_down(rig: Rig) -> None:
    """What is published is public, and gone after a teardown."""
    async with _opened(rig.open) as sink, _clean(sink, key := f"{PREFIX}one"):
        await sink.publish(document(key))
        assert await sink.is_public(key), "what was published is not public"
        await sink.teardown(key)
        assert not await sink.is_public(key), "what was torn down is still public"


async def publishes_twice_and_tears_down_once(rig: Rig) -> None:
    """A repeated publication makes no second page, so one teardown removes everything."""
    async with _opened(rig.open) as sink, _clean(sink, key := f"{PREFIX}twice"):
        await sink.publish(document(key))
        await sink.publish(document(key, version=2))
        await sink.publish(document(key, version=2))
        await sink.teardown(key)
        assert not await sink.is_public(key), "a page was left after publishing again and tearing down"


async def tears_down_twice(rig: Rig) -> None:
    """A teardown of what is not there is a success."""
    async with _opened(rig.open) as sink, _clean(sink, key := f"{PREFIX}gone"):
        await _succeeds(sink.teardown(key), "teardown of a key that was never published")
        await sink.publish(document(key))
        await sink.teardown(key)
        await _succeeds(sink.teardown(key), "a second teardown")


async def comes_back_after_a_teardown(rig: Rig) -> None:
    """A key that was torn down can be published again under the same address."""
    async with _opened(rig.open) as sink, _clean(sink, key := f"{PREFIX}back"):
        for version in (1, 2):
            await sink.publish(document(key, version=version))
            assert await sink.is_public(key), "a key that was torn down cannot be published again"
            await sink.teardown(key)


async def keeps_keys_apart(rig: Rig) -> None:
    """A teardown removes its own key and no other one, however alike."""
    keys = [f"{PREFIX}a", f"{PREFIX}a-2", f"{PREFIX}a_2", f"{PREFIX}ab"]
    async with _opened(rig.open) as sink, _clean(sink, *keys):
        for key in keys:
            await sink.publish(document(key))
        await sink.teardown(keys[0])
        left = [key for key in keys if await sink.is_public(key)]
        assert left == keys[1:], f"after a teardown of {keys[0]} these are public: {left}"


async def takes_every_key(rig: Rig) -> None:
    """The longest key, and each character that a key may have, is the address as it is."""
    keys = [(PREFIX + "long-" + "x" * 64)[:64], f"{PREFIX}a_b--c__9"]
    async with _opened(rig.open) as sink, _clean(sink, *keys):
        for key in keys:
            await sink.publish(document(key))
            assert await sink.is_public(key), f"{key} was published under another address"
            await sink.teardown(key)
            assert not await sink.is_public(key), f"{key} is public after a teardown"


async def takes_a_bare_campaign(rig: Rig) -> None:
    """A campaign without any artifact is published too."""
    async with _opened(rig.open) as sink, _clean(sink, key := f"{PREFIX}bare"):
        await _succeeds(sink.publish(Document(key, 1, "Bare", {}, {}, {})), "a publication without artifacts")
        assert await sink.is_public(key), "a campaign without artifacts is not public"


async def remembers_nothing(rig: Rig) -> None:
    """Another process tears down what this one published: no id of the CMS is needed."""
    key = f"{PREFIX}other"
    async with _opened(rig.open) as first:
        await first.publish(document(key))
    async with _opened(rig.open) as second, _clean(second, key):
        await second.teardown(key)
        assert not await second.is_public(key), "only the instance that published can tear down"


async def survives_being_cut_short(rig: Rig) -> None:
    """Whenever a publication is cut short, a teardown by another process leaves nothing."""
    key = f"{PREFIX}cut"
    for cut in CUTS:
        async with _opened(rig.open) as first:
            with contextlib.suppress(TimeoutError, SinkFailed):
                async with asyncio.timeout(cut):
                    await first.publish(document(key))
        async with _opened(rig.open) as second, _clean(second, key):
            with contextlib.suppress(SinkFailed):
                await second.publish(document(key, version=2))
            for _ in range(LOOKS):
                # What was under way when it was cut short may arrive after a teardown; a later one finds it.
                await second.teardown(key)
                await asyncio.sleep(LAND)
            assert not await second.is_public(key), f"a publication cut short after {cut} s left something public"


async def finishes_a_teardown_that_was_cut_short(rig: Rig) -> None:
    """Whenever a teardown is cut short, the next one, by another process, finishes it."""
    key = f"{PREFIX}half"
    async with _opened(rig.open) as sink, _clean(sink, key):
        await sink.publish(document(key))
        begun = time.monotonic()
        await sink.teardown(key)
        whole = time.monotonic() - begun
    for part in PARTS:
        async with _opened(rig.open) as first:
            await first.publish(document(key))
            with contextlib.suppress(TimeoutError, SinkFailed):
                async with asyncio.timeout(whole * part):
                    await first.teardown(key)
            # What was under way when it was cut short arrives.
            await asyncio.sleep(LAND)
        async with _opened(rig.open) as second, _clean(second, key):
            await _succeeds(second.teardown(key), "a teardown after one that was cut short")
            assert not await second.is_public(key), "a teardown after one that was cut short left something public"


async def publishes_at_once(rig: Rig) -> None:
    """Two processes that publish one key at once leave no more than one teardown removes."""
    async with _opened(rig.open) as first, _opened(rig.open) as second, _clean(first, key := f"{PREFIX}both"):
        await asyncio.gather(
            first.publish(document(key)), second.publish(document(key, version=2)), return_exceptions=True
        )
        await first.publish(document(key, version=2))
        await first.teardown(key)
        assert not await first.is_public(key), "two publications at once left a page that a teardown does not find"


async def says_when_it_is_away(rig: Rig) -> None:
    """A CMS that cannot be reached is SinkFailed, never a success."""
    async with _opened(rig.open_away) as sink:
        key = f"{PREFIX}away"
        calls: dict[str, Callable[[], Awaitable[object]]] = {
            "publish": lambda: sink.publish(document(key)),
            "teardown": lambda: sink.teardown(key),
            "is_public": lambda: sink.is_public(key),
        }
        for name, call in calls.items():
            try:
                await call()
            except SinkFailed:
                continue
            except Exception as error:
                raise AssertionError(f"{name} raised {type(error).__name__} while the CMS was away") from error
            raise AssertionError(f"{name} was a success while the CMS was away")


CHECKS: tuple[Check, ...] = (
    is_fit,
    shows_nothing_before,
    publishes_and_tears_down,
    publishes_twice_and_tears_down_once,
    tears_down_twice,
    comes_back_after_a_teardown,
    keeps_keys_apart,
    takes_every_key,
    takes_a_bare_campaign,
    remembers_nothing,
    survives_being_cut_short,
    finishes_a_teardown_that_was_cut_short,
    publishes_at_once,
    says_when_it_is_away,
)


def document(key: str, version: int = 1) -> Document:
    """A campaign of the checks, with text that is hard to carry."""
    copy = {"hero": {"headline": "Größer & <b>besser</b> – 50 %", "lines": ["a", {"b": None}]}}
    offers = {"deal": {"plan": "gold", "percent": 20}}
    return Document(key, version, "Conformance ‘check’", copy, offers, {"hero": {"url": "https://example.com/a.png"}})


@asynccontextmanager
async def _opened(make: Callable[[], CmsSink]) -> AsyncIterator[CmsSink]:
    sink = make()
    try:
        yield sink
    finally:
        await sink.close()


@asynccontextmanager
async def _clean(sink: CmsSink, *keys: str) -> AsyncIterator[None]:
    try:
        yield
    finally:
        for key in keys:
            with contextlib.suppress(Exception):
                await sink.teardown(key)


async def _succeeds(call: Awaitable[None], what: str) -> None:
    try:
        await call
    except SinkFailed as error:
        raise AssertionError(f"{what} failed: {error}") from error
