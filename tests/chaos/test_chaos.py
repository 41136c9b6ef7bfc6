"""Ten rounds of chaos; `make chaos` runs as many as wanted, with every fault there is (docs/chaos.md)."""

from __future__ import annotations

import os

from tests.chaos.plans import Planner
from tests.chaos.rounds import Run, carry_out

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


async def test_nothing_acknowledged_is_lost_or_doubled_whatever_is_killed_paused_or_cut_off(run: Run) -> None:
    planner = Planner(SEED, FAULTS, posts=30)
    failure = await carry_out(run, map(planner.round, range(ROUNDS)), print)
    assert failure is None, failure
    assert sum(run.happened.values()) == len(FAULTS)
    assert run.told.events > 100
    assert run.told.campaigns
    assert run.told.evidence
