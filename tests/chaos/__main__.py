"""`python -m tests.chaos`: as many rounds of chaos as wanted, of a seed that is told and can be given again."""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from pathlib import Path

from tests.chaos import faults
from tests.chaos.plans import Planner
from tests.chaos.rounds import carry_out, open_run, open_target


async def chaos(seed: int, rounds: int) -> int:
    """Exit status 1 after the first round after which something is wrong."""
    with tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True) as folder:
        async with open_target(Path(folder) / "target") as target, open_run(Path(folder) / "run", target) as run:
            planner = Planner(seed, faults.deck(run.stage))
            found = await carry_out(run, map(planner.round, range(rounds)), say)
            if found is None:
                say(
                    f"{run.rounds} rounds, {run.told.events} events, {len(run.told.decisions)} decisions: nothing wrong"
                )
                return 0
            for line in found[1][:40]:
                say(f"WRONG: {line}")
            print((run.stage.instance.home / "up.log").read_text()[-6000:])
    return 1


def say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--rounds", type=int, default=10)
    asked = parser.parse_args()
    say(f"seed {asked.seed}")
    return asyncio.run(chaos(asked.seed, asked.rounds))


if __name__ == "__main__":
    sys.exit(main())
