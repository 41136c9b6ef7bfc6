"""Ten rounds of chaos, and any sequence of calls beside a model, on one instance of real processes (docs: chaos).

`make chaos` runs as many rounds as wanted, with every fault there is. `VITO_STATEFUL_STEPS` (`make stateful`): about
how many steps the stateful test takes, instead of the few of a common run.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import httpx
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.chaos import checks
from tests.chaos.outside import Outside, Rig, count_events
from tests.chaos.plans import Planner
from tests.chaos.rounds import Run, carry_out
from vitograph.api.cli.audit import report
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.queries import Statement

ROUNDS = 10
SEED = int(os.environ.get("VITO_CHAOS_SEED", "9"))

# Each once: what is quick to come back from, and one kill of Neo4j.
FAULTS = (
    *(("kill", name) for name in ("api", "worker", "neo4j", "valkey", "cms")),
    *(("pause", name) for name in ("api", "worker", "neo4j", "valkey", "cms")),
    *(("cut", line) for line in ("bolt", "redis", "cms")),
    ("half", "bolt"),
    ("slow", "bolt"),
    ("silent", "redis"),
    ("flush", ""),
    ("refuse", "replicas"),
    ("fill", "api"),
    ("terminate", ""),
)

LONGEST = 30  # steps of one run
STEPS = int(os.environ.get("VITO_STATEFUL_STEPS", "0"))
COMMON = settings(max_examples=4, stateful_step_count=LONGEST, deadline=None, suppress_health_check=list(HealthCheck))
NIGHTLY = settings(COMMON, max_examples=20, derandomize=False, database=None)
WITHIN = 600.0  # seconds for one call into the loop of the servers' lines

# But for who may call and what is written to: the instance goes on.
EMPTY = Statement(
    "chaos/empty",
    "MATCH (n) WHERE NOT n:Migration AND NOT n:ApiKey AND NOT n:Sink AND NOT (n:Head AND n.name = 'seal') "
    "CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 500 ROWS",
)


async def test_nothing_acknowledged_is_lost_or_doubled_whatever_is_killed_paused_or_cut_off(run: Run) -> None:
    planner = Planner(SEED, FAULTS, posts=30)
    failure = await carry_out(run, map(planner.round, range(ROUNDS)), print)
    if failure is not None:
        failure.tell(print)
    assert failure is None, failure.wrong
    assert sum(run.happened.values()) == len(FAULTS)
    assert run.told.events > 100
    assert run.told.campaigns
    assert run.told.evidence
    assert run.told.erasures


async def test_whatever_is_asked_in_whatever_order_is_answered_as_the_model_says(run: Run) -> None:
    loop = asyncio.get_running_loop()

    def call(work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(WITHIN)

    async with AsyncExitStack() as stack:
        graph = await stack.enter_async_context(run.stage.instance.graph())
        http = stack.enter_context(httpx.Client(base_url=run.stage.instance.url, timeout=60.0, trust_env=False))
        Outside.rig = _rig(run, graph, http, call)
        while Outside.rig.steps < max(STEPS, 1):
            await asyncio.to_thread(run_state_machine_as_test, Outside, settings=NIGHTLY if STEPS else COMMON)
            print(f"{Outside.rig.steps} steps, {Outside.rig.asked} calls", flush=True)


def _rig(run: Run, graph: Graph, http: httpx.Client, call: Any) -> Rig:
    async def settle() -> list[str]:
        return await checks.come_back(run.stage.instance, graph)

    async def begin() -> None:
        assert await settle() == []
        await graph.run(EMPTY)

    async def look() -> list[str]:
        wrong = [line for line in report(await audit(graph)) if not line.startswith("ok")]
        return wrong + await checks.find_replay_differences(graph, replace(run.target, seal=graph.seal))

    return Rig(http, run.crowd.keys, call, begin, settle, lambda: count_events(graph), look)
