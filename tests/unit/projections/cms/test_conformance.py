"""The conformance suite passes a sound adapter, and each check catches an adapter that does this one thing wrong."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest

from vitograph.projections.cms import conformance
from vitograph.projections.cms.conformance import CHECKS, Check, Rig
from vitograph.projections.cms.sink import CmsSettings, CmsSink, Document
from vitograph.resolver.errors import SinkFailed, SinkUnavailable, UnfitAdapter


@dataclass
class World:
    """A CMS in this process: pages by an id that it makes up, drafts and published ones."""

    pages: dict[int, tuple[str, bool]] = field(default_factory=dict)
    ids: Any = field(default_factory=lambda: itertools.count(1))

    def of(self, key: str) -> list[int]:
        return [id for id, (slug, _) in self.pages.items() if slug == key]


class Sound(CmsSink):
    """As an adapter should be."""

    def __init__(self, settings: Any, secret: str = "") -> None:
        self.world: World | None = settings

    def there(self) -> World:
        if self.world is None:
            raise SinkUnavailable("it does not answer")
        return self.world

    async def publish(self, document: Document) -> None:
        world = self.there()
        found = world.of(self.address(document.key)) or [next(world.ids)]
        world.pages[found[0]] = (self.address(document.key), False)
        await asyncio.sleep(0.01)
        world.pages[found[0]] = (self.address(document.key), True)

    async def teardown(self, key: str) -> None:
        world = self.there()
        for id in world.of(self.address(key)):
            del world.pages[id]

    async def is_public(self, key: str) -> bool:
        return any(public for slug, public in self.there().pages.values() if slug == key)

    def address(self, key: str) -> str:
        return key


class Unfit(Sound):
    settings_model = dict  # type: ignore[assignment]


class SaysYes(Sound):
    async def is_public(self, key: str) -> bool:
        self.there()
        return True


class LeavesDraftPublic(Sound):
    """It deletes what it finds among drafts."""

    async def teardown(self, key: str) -> None:
        world = self.there()
        for id in [id for id in world.of(key) if not world.pages[id][1]]:
            del world.pages[id]


class Doubles(Sound):
    async def publish(self, document: Document) -> None:
        world = self.there()
        world.pages[next(world.ids)] = (document.key, True)

    async def teardown(self, key: str) -> None:
        world = self.there()
        for id in world.of(key)[:1]:
            del world.pages[id]


class SecondTeardownFails(Sound):
    async def teardown(self, key: str) -> None:
        if not self.there().of(key):
            raise SinkFailed("DELETE was answered with 404")
        await super().teardown(key)


class NeverTwice(Sound):
    """A key that was torn down comes back under another slug, as a CMS does that keeps a bin."""

    def __init__(self, settings: Any, secret: str = "") -> None:
        super().__init__(settings, secret)
        self.binned: set[str] = set()

    async def teardown(self, key: str) -> None:
        await super().teardown(key)
        self.binned.add(key)

    def address(self, key: str) -> str:
        return f"{key}-2" if key in self.binned else key


class ByPrefix(Sound):
    async def teardown(self, key: str) -> None:
        world = self.there()
        for id in [id for id, (slug, _) in world.pages.items() if slug.startswith(key)]:
            del world.pages[id]


class Shortens(Sound):
    def address(self, key: str) -> str:
        return key[:50]


class NeedsCopy(Sound):
    async def publish(self, document: Document) -> None:
        if not document.copy:
            raise SinkUnavailable("POST was answered with 500")
        await super().publish(document)


class KeepsIds(Sound):
    def __init__(self, settings: Any, secret: str = "") -> None:
        super().__init__(settings, secret)
        self.ids: dict[str, int] = {}

    async def publish(self, document: Document) -> None:
        world = self.there()
        id = self.ids.setdefault(document.key, next(world.ids))
        world.pages[id] = (document.key, True)

    async def teardown(self, key: str) -> None:
        if (id := self.ids.pop(key, None)) is not None:
            self.there().pages.pop(id, None)


class Races(Sound):
    """It looks, waits, and makes a page: two of them make two, and a teardown takes one."""

    async def publish(self, document: Document) -> None:
        world = self.there()
        found = world.of(document.key)
        await asyncio.sleep(0.03)
        world.pages[found[0] if found else next(world.ids)] = (document.key, True)

    async def teardown(self, key: str) -> None:
        for id in self.there().of(key)[:1]:
            del self.there().pages[id]


class Halves(Sound):
    """It hides a page before it deletes it, and does not hide what is hidden."""

    async def teardown(self, key: str) -> None:
        world = self.there()
        for id in world.of(key):
            if not world.pages[id][1]:
                raise SinkFailed("POST was answered with 403")
            world.pages[id] = (key, False)
            await asyncio.sleep(0.05)
            del world.pages[id]


class SilentWhenAway(Sound):
    async def teardown(self, key: str) -> None:
        if self.world is not None:
            await super().teardown(key)


WRONG: dict[Check, type[CmsSink]] = {
    conformance.is_fit: Unfit,
    conformance.shows_nothing_before: SaysYes,
    conformance.publishes_and_tears_down: LeavesDraftPublic,
    conformance.publishes_twice_and_tears_down_once: Doubles,
    conformance.tears_down_twice: SecondTeardownFails,
    conformance.comes_back_after_a_teardown: NeverTwice,
    conformance.keeps_keys_apart: ByPrefix,
    conformance.takes_every_key: Shortens,
    conformance.takes_a_bare_campaign: NeedsCopy,
    conformance.remembers_nothing: KeepsIds,
    conformance.survives_being_cut_short: KeepsIds,
    conformance.finishes_a_teardown_that_was_cut_short: Halves,
    conformance.publishes_at_once: Races,
    conformance.says_when_it_is_away: SilentWhenAway,
}


def rig(made: type[CmsSink]) -> Rig:
    world = World()
    return Rig(lambda: made(world, ""), lambda: made(None, ""))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_a_sound_adapter_conforms(check: Check) -> None:
    made = rig(Sound)
    await check(made)
    sink = made.open()
    assert isinstance(sink, Sound)
    assert sink.there().pages == {}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_a_check_catches_what_it_is_there_for(check: Check) -> None:
    due = UnfitAdapter if check is conformance.is_fit else AssertionError
    with pytest.raises(due):
        await check(rig(WRONG[check]))


def test_every_check_has_an_adapter_that_it_catches() -> None:
    assert set(WRONG) == set(CHECKS)


def test_settings_of_an_adapter_know_their_fields() -> None:
    with pytest.raises(ValueError, match="extra"):
        CmsSettings.model_validate({"no_such": 1})
