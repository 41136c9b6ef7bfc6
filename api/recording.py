"""Recording what a request brought: few with all who come at the same time, many in transactions of their own."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from vitograph.api.state import State
from vitograph.graph.observations import Recorded, record
from vitograph.resolver.errors import GraphUnavailable, ServerFailed, VitoError
from vitograph.resolver.model import Observation
from vitograph.resolver.visitors import cookies_of

log = logging.getLogger(__name__)

CHUNK = 1_000
"""Observations a transaction: large enough to be fast, small enough to hold its locks for a moment only."""

FEW = 20
"""Observations up to which a request is scored as if each had come alone; the pairs of more let others go first."""


def put_off(count: int) -> dt.timedelta | None:
    """By how much the scoring of so many is put off."""
    return dt.timedelta() if count > FEW else None


async def record_one(state: State, observation: Observation) -> Recorded | VitoError:
    """Records one, together with all who come at the same time. TooBusy, GraphUnavailable."""
    outcome = await state.groups.add(observation)
    await state.visitors.forget(cookies_of([observation]))
    return outcome


async def record_all(state: State, observations: Sequence[Observation]) -> list[Recorded | VitoError]:
    """Records them in their order. GraphUnavailable when some may be missing: all can be sent again."""
    outcomes: list[Recorded | VitoError] = []
    if len(observations) <= FEW:
        if observations:
            outcomes += await state.groups.add_all(observations)
            await state.visitors.forget(cookies_of(observations))
        return outcomes
    for start in range(0, len(observations), CHUNK):
        outcomes += await record_each(state, observations[start : start + CHUNK], put_off(len(observations)))
    for outcome in outcomes:
        if isinstance(outcome, GraphUnavailable):
            raise outcome
    return outcomes


async def record_each(
    state: State, observations: Sequence[Observation], later: dt.timedelta | None
) -> list[Recorded | VitoError]:
    """Records them in one transaction, an outcome each; where that fails for another reason than the graph, singly."""
    try:
        outcomes = list(await record(state.graph, observations, later)) if observations else []
        await state.visitors.forget(cookies_of(observations))
        return list(outcomes)
    except VitoError as error:
        return [error for _ in observations]
    except Exception as error:
        if len(observations) == 1:
            log.error("an observation could not be recorded", exc_info=error)
            return [ServerFailed("this is our fault and was logged")]
        return [outcome for one in observations for outcome in await record_each(state, [one], later)]
