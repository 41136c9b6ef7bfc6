"""Keeps one copy for the analysts: made at the first question, brought up to date, replaced, restarted when killed."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time

from vitograph.api.analysts.places import Place, forget_old, open_place
from vitograph.api.settings import Settings
from vitograph.graph.analytics.copy import Drifted, State, count_erasures, find_state, make, refresh
from vitograph.graph.analytics.masking import Mask
from vitograph.graph.driver import Graph
from vitograph.resolver.errors import GraphUnavailable, ServerFailed, VitoError

log = logging.getLogger(__name__)

FRESH = 1.0  # seconds that a copy is fresh enough for not being looked at
WAIT_FRESH = 3.0  # seconds that a question waits for what is newer; then it is asked of what is there
WAIT_FIRST = 100.0  # seconds that a question waits for a copy, when there is none
RENEWED = 6 * 3600.0  # seconds after which a copy is made anew, whatever the counts say
UNASKED = 300.0  # seconds after which a copy is brought up to date though nobody asks
IDLE = 1800.0  # seconds without a question, after which an embedded copy is given up
LOOKS_EVERY = 30.0  # seconds, at whether it is to be, or somebody was erased


class Keeper:
    """The copy of `source`, one place at a time; a second one while it is made anew."""

    def __init__(self, settings: Settings, source: Graph, mask: Mask) -> None:
        self._settings = settings
        self._source = source
        self._mask = mask
        self._place: Place | None = None
        self._updating: asyncio.Task[None] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self._failure = ""
        self._unlike: frozenset[str] = frozenset()
        self._looked = 0.0
        self._asked = 0.0
        forget_old(settings.data.resolve() / "analytics")  # of one that was killed while the API went on

    async def copy(self) -> tuple[Place, State]:
        """A copy that answers, as fresh as can be had soon, without those erased; and of what it is one.

        Raises `GraphUnavailable`.
        """
        self._asked = time.monotonic()
        erasures = await count_erasures(self._source)
        is_there = _answers(self._place, erasures)
        if not is_there or time.monotonic() - self._looked > FRESH:
            self._update_soon()
        if self._updating is not None:
            await asyncio.wait([self._updating], timeout=WAIT_FRESH if is_there else WAIT_FIRST)
        place = self._place
        if place is None or place.state is None or not _answers(place, erasures):
            raise GraphUnavailable(f"the analysts' copy is being made: ask again soon{self._failure}")
        return place, place.state

    async def kill(self, place: Place) -> None:
        """A server that does not end a query is ended, and started again."""
        log.warning("the analysts' Neo4j did not end a query: it is ended and starts anew")
        await place.kill()
        self._update_soon()

    async def close(self) -> None:
        """Nothing runs, and no copy is left on the disk."""
        if self._updating is not None:
            self._updating.cancel()
            await asyncio.wait([self._updating])
        place, self._place = self._place, None
        if place is not None:
            await place.stack.aclose()
        if self._retiring:
            await asyncio.wait(self._retiring)

    async def keep_house(self) -> None:
        """Who is erased is soon gone from the copy too, also from a named one that nobody has asked yet.

        An embedded one is given up when nobody asks any more.
        """
        while True:
            try:
                await self._look()
            except Exception as error:
                log.warning("the analysts' copy was not looked at: %s", type(error).__name__)
            await asyncio.sleep(LOOKS_EVERY)

    async def _look(self) -> None:
        place, is_named = self._place, bool(self._settings.analytics_neo4j_uri)
        if self._updating is not None or (place is None and not is_named):
            return
        if place is not None and not is_named and time.monotonic() - self._asked > IDLE:
            self._place = None
            self._retire(place)
        elif time.monotonic() - self._looked > UNASKED or not _answers(place, await count_erasures(self._source)):
            self._update_soon()

    def _update_soon(self) -> None:
        """Unless that goes on."""
        if self._updating is None:
            self._updating = asyncio.create_task(self._update())

    async def _update(self) -> None:
        try:
            await self._bring_up_to_date(await count_erasures(self._source))
            self._looked = time.monotonic()
            self._failure = ""
        except VitoError as error:
            self._failure = f" ({error})"
            log.warning("the analysts' copy could not be brought up to date: %s", error)
        except Exception:
            log.exception("the analysts' copy could not be brought up to date")
        finally:
            self._updating = None

    async def _bring_up_to_date(self, erasures: int) -> None:
        place = self._place
        if place is not None and place.is_dead:
            place = await self._restarted(place)
        if place is None or place.state is None:
            await self._replace(place)
            return
        is_old = place.state.erasures < erasures
        is_old = is_old or (dt.datetime.now(dt.UTC) - place.state.made_at).total_seconds() > RENEWED
        try:
            place.state = await refresh(self._source, place.graph, self._mask, place.state)
        except Drifted as drifted:
            place.state = drifted.state
            is_old = is_old or not drifted.names <= self._unlike
        if is_old:
            log.info("the analysts' copy is made anew")
            await self._replace(place)

    async def _restarted(self, place: Place) -> Place | None:
        """The place with its process running again; none when it could not be started on what is left of it."""
        assert place.child is not None
        try:
            await place.child.start()
            place.state = await find_state(place.graph, self._mask)
        except (ServerFailed, GraphUnavailable) as error:
            log.warning("the analysts' copy is lost: %s", error)
            self._place = None
            self._retire(place)
            return None
        return place

    async def _replace(self, old: Place | None) -> None:
        """Another copy takes the place of this one at once, when it is whole."""
        is_embedded = not self._settings.analytics_neo4j_uri
        log.info("a place for the analysts' copy is opened")
        new = await open_place(self._settings) if is_embedded or old is None else old
        try:
            if not is_embedded and old is None:
                found = await find_state(new.graph, self._mask)
                if found is not None and found.erasures >= await count_erasures(self._source):
                    new.state = found
            else:
                new.state = None  # nobody asks a copy that is being emptied
                await new.wait_left()
            new.state = await self._made(new.graph, new.state)
        except BaseException:
            if new is not old:
                await new.stack.aclose()
            raise
        self._place = new
        if old is not None and old is not new:
            self._retire(old)

    async def _made(self, graph: Graph, state: State | None) -> State:
        """Whole, and with what happened while it was made; where counts differ all the same, they may from now on."""
        self._unlike = frozenset()
        for _ in range(2):
            if state is None:
                state = await make(self._source, graph, self._mask)
                log.info("the analysts' copy is made")
            try:
                return await refresh(self._source, graph, self._mask, state)
            except Drifted as drifted:
                last, state = drifted, None
        log.warning("the analysts' copy has not as many as the graph of: %s", last)
        self._unlike = last.names
        return last.state

    def _retire(self, place: Place) -> None:
        task = asyncio.create_task(place.close())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)


def _answers(place: Place | None, erasures: int) -> bool:
    """Whether it can be asked: nobody was erased since its copy was made, by what is counted in the graph."""
    return place is not None and not place.is_dead and place.state is not None and place.state.erasures >= erasures
