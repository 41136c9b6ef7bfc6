"""The resolver as a worker: for ever at work, with counts and priors kept beside it, whatever happens to the graph."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import gc
import logging
import time
from collections.abc import Awaitable, Callable

from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.moments import microseconds
from vitograph.graph.people.marks import MARK_PERSONS, PUT_OFF
from vitograph.graph.people.views import load_marked, load_profiles
from vitograph.graph.resolving.models import UnreadableModel
from vitograph.graph.resolving.pairing import compare
from vitograph.graph.resolving.population import load_context
from vitograph.graph.resolving.proposing import PROPOSE_CANDIDATES, proposal
from vitograph.graph.resolving.resolution import BATCH, UPSERT_KEYS, Resolver
from vitograph.resolver.errors import GraphUnavailable

QUIET = 1_000_000  # microseconds in which nobody came: then intake is taken to rest
SOON = 0.01  # seconds between the first two looks that find nobody, after somebody was found or told of
SELDOM = 0.25  # seconds between two looks at most; each time that nobody is found it is twice as long
SLICE = 0.1  # seconds that a step may take while there is more to do, so that nobody new waits for long
COUNTED_EVERY = 1.0  # seconds
ESTIMATED_EVERY = 60.0  # seconds between two looks whether the graph has outgrown its priors
FEW = 5  # views whose pairs are scored at once beside the work: whoever waits meanwhile hardly notices
AWAY = 1.0  # seconds of rest when the graph is away
NOBODY = "-"  # no id of ours

log = logging.getLogger(__name__)

Wait = Callable[[float], Awaitable[bool]]
"""Waits until somebody is there, for so many seconds at most; whether it was told so."""


async def look_often(most: float) -> bool:
    """Where nobody tells that somebody is there."""
    await asyncio.sleep(min(most, 2 * SOON))
    return False


async def run(resolver: Resolver, wait: Wait = look_often) -> None:
    """Works for ever: a person marked now has its candidates in the queue well within a second.

    Of what comes in bulk, that is so once a second has passed without bulk and with less than a hundred events, or
    after a minute; where a hundred wait and more come every second, after ten.
    """
    resolver.quiet = QUIET
    with contextlib.suppress(GraphUnavailable):
        await warm(resolver)
    beside = [asyncio.create_task(keep(resolver)) for keep in (_keep_count, _keep_priors)]
    try:
        pause = SOON
        while True:
            if await _work(resolver):
                pause = SOON
                await asyncio.sleep(0.0)
            else:
                # Told, it looks often again: by the clock of whoever told, they may have come a moment from now.
                pause = SOON if await wait(pause) else min(2 * pause, SELDOM)
    finally:
        for task in beside:
            task.cancel()


async def _work(resolver: Resolver) -> bool:
    """Whether somebody's turn had come."""
    started = time.monotonic()
    try:
        tally = await resolver.step()
    except UnreadableModel as error:
        # A newer worker scores them; by an older model they would be scored wrongly.
        log.warning("the resolver waits: %s", error)
        await asyncio.sleep(AWAY)
    except GraphUnavailable as error:
        log.warning("the resolver waits for the graph: %s", error)
        resolver.batch = max(1, resolver.batch // 2)
        await asyncio.sleep(AWAY)
    except Exception as error:
        log.exception("the resolver goes on after %s", type(error).__name__)
        with contextlib.suppress(GraphUnavailable):  # the next step meets it, and waits
            await _isolate(resolver)
    else:
        is_slow = time.monotonic() - started > SLICE
        resolver.batch = max(1, resolver.batch // 2) if is_slow else min(BATCH, resolver.batch * 2)
        return tally.persons > 0
    return False


async def _keep_count(resolver: Resolver) -> None:
    """Counts the persons and reads the priors beside the work, which does not wait for it."""
    while True:
        await asyncio.sleep(COUNTED_EVERY)
        try:
            await resolver.count()
        except Exception as error:
            log.warning("the persons are not counted: %s", type(error).__name__)


async def _keep_priors(resolver: Resolver) -> None:
    """Estimates the priors anew when the graph has outgrown them."""
    while True:
        await asyncio.sleep(ESTIMATED_EVERY)
        try:
            if resolver.has_outgrown():
                await _estimate(resolver)
        except Exception as error:
            log.warning("the priors stay as they are: %s", type(error).__name__)


async def _estimate(resolver: Resolver) -> None:
    """With profiles and counts of its own, some ten MB of them, which are let go when it returns."""
    beside = Resolver(resolver.graph, resolver.model)
    await beside.count()
    await beside.estimate_priors(FEW)


async def _isolate(resolver: Resolver) -> None:
    """Resolves those in turn one by one, so that one whom we cannot resolve holds up nobody else.

    Whoever fails is put off, and tried again then: what is wrong with them is ours to mend.
    """
    for row in await resolver.pending(BATCH):
        try:
            await resolver.resolve([row])
        except GraphUnavailable:
            raise
        except Exception as error:
            log.error("person %s cannot be resolved: %s", row["id"], type(error).__name__)
            await _put_off(resolver.graph, row["id"])


async def _put_off(graph: Graph, id: str) -> None:
    later = microseconds(dt.datetime.now(dt.UTC) + PUT_OFF)
    await graph.write(lambda tx: tx.run(MARK_PERSONS, ids=[id], at=later, puts_off=False))


async def warm(resolver: Resolver) -> None:
    """Has Neo4j compile every statement before somebody waits for it: that takes each a tenth of a second.

    Neo4j keeps a plan for each type of a parameter, and takes an empty list for another than one of strings: lists that
    may be empty are members of a map, of which it does not tell the types.
    What this process has imported by then is left out of the search for garbage: going through it took .16 s each time.
    """
    graph = resolver.graph
    await resolver.count()
    await resolver.pending(1)
    await compare(graph, {NOBODY}, {})
    await load_profiles(graph, [NOBODY])
    await load_marked(graph, [NOBODY])
    await load_context(graph)
    await graph.rehearse(_rehearse)
    gc.collect()
    gc.freeze()


async def _rehearse(tx: Transaction) -> None:
    """Every statement that writes, about nobody."""
    now = dt.datetime.now(dt.UTC)
    await tx.run(UPSERT_KEYS, ids=[NOBODY], keys=[], values=[], rules=[NOBODY])
    await tx.run(PROPOSE_CANDIDATES, **proposal([], now))
