"""`make chaos`: as many rounds as wanted, of a seed that is told; a run that failed, again; or the least that fails."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.chaos import faults
from tests.chaos.clocks import find_library
from tests.chaos.plans import Planner, Round
from tests.chaos.reducing import reduce
from tests.chaos.rounds import Failure, Run, carry_out, open_run, open_target
from vitograph.api.running.stopping import run_until_stopped

EPOCH = 20
"""Rounds on one instance; then a new one begins, whose audit and replay take no longer than those of the first did."""


@asynccontextmanager
async def a_new_run() -> AsyncIterator[Run]:
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        async with open_target(Path(folder) / "target") as target, open_run(Path(folder) / "run", target) as run:
            yield run


async def carry_out_on_new(rounds: Sequence[Round]) -> tuple[Run, Failure | None]:
    """Rounds on an instance of their own, and the first failure."""
    async with a_new_run() as run:
        return run, await carry_out(run, rounds, say)


async def run_all(seed: int, rounds: Sequence[Round]) -> int:
    """Exit status 1 after the first round after which something is wrong."""
    events = decisions = erasures = done = 0
    while done < len(rounds):
        some = rounds[done : done + EPOCH]
        run, failure = await carry_out_on_new(some)
        done, events, decisions = done + run.rounds, events + run.told.events, decisions + len(run.told.decisions)
        erasures += len(run.told.erasures)
        acknowledged = f"{events} events, {decisions} decisions and {erasures} erasures acknowledged"
        say(f"{done} rounds, {acknowledged}, of this epoch {dict(run.happened)}")
        if failure is not None:
            failure.tell(say)
            again = f"--seed {seed} --first {some[0].number} --rounds {failure.round.number - some[0].number + 1}"
            say(f"again: .venv/bin/python -m tests.chaos {again}    (the least that fails: --reduce besides)")
            return 1
    say("nothing is lost, doubled or otherwise than it was acknowledged")
    return 0


async def run_reduced(rounds: Sequence[Round], tries: int, write: Callable[[str], object]) -> int:
    """Writes down the least of these rounds that fails; 1 when it was found, 0 when they do not fail at all."""

    async def fails(some: list[Round]) -> bool:
        for _ in range(tries):
            _, failure = await carry_out_on_new(some)
            if failure is not None:
                failure.tell(say)
                return True
        return False

    if not await fails(list(rounds)):
        say(f"it did not fail in {tries} tries")
        return 0
    left = await reduce(rounds, fails)
    write(json.dumps([one.to_json() for one in left], indent=1))
    say("the least that fails is written down; again: .venv/bin/python -m tests.chaos --plan FILE")
    return 1


async def run_plan(rounds: Sequence[Round]) -> int:
    _, failure = await carry_out_on_new(rounds)
    if failure is not None:
        failure.tell(say)
    return int(failure is not None)


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="what the rounds are drawn from; else one is made and told")
    parser.add_argument("--first", type=int, default=0, help="number of the first round of the seed")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--plan", type=Path, help="a plan that was written down, instead of a seed")
    parser.add_argument("--reduce", action="store_true", help="find the least of these rounds that fails")
    parser.add_argument(
        "--tries", type=int, default=2, help="how often a smaller plan is tried before it counts as sound"
    )
    parser.add_argument("--out", type=Path, default=Path("chaos.json"), help="where the least that fails is written")
    asked = parser.parse_args()
    seed = secrets.randbelow(10**6) if asked.seed is None else asked.seed
    if asked.plan:
        rounds = [Round.of_json(one) for one in json.loads(asked.plan.read_text())]
    else:
        say(f"seed {seed}")
        planner = Planner(seed, faults.deck(can_step=find_library() is not None))
        rounds = [planner.round(number) for number in range(asked.first, asked.first + asked.rounds)]
    status = [1]

    async def work() -> None:
        if asked.reduce:
            status[0] = await run_reduced(rounds, asked.tries, asked.out.write_text)
        elif asked.plan:
            status[0] = await run_plan(rounds)
        else:
            status[0] = await run_all(seed, rounds)

    run_until_stopped(work())
    return status[0]


if __name__ == "__main__":
    sys.exit(main())
