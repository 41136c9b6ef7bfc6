"""Pages of the documentation as what they promise: bash blocks to paste, and what each is said to print."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CUT = "==== a block ends"


@dataclass(frozen=True, slots=True)
class Step:
    """A bash block, and the text block that follows it before the next one, where there is one."""

    script: str
    claim: str | None


def read_steps(page: Path) -> list[Step]:
    """The bash blocks of a page, in order."""
    steps: list[Step] = []
    for language, text in FENCED.findall(page.read_text()):
        if language == "bash":
            steps.append(Step(text, None))
        elif language == "text" and steps and steps[-1].claim is None:
            steps[-1] = Step(steps[-1].script, text)
    return steps


def join_steps(steps: list[Step]) -> str:
    """One script of them all, as a reader pastes them into one shell; its output is cut where a block ends."""
    return f"\necho '{CUT}'\n".join(step.script for step in steps)


def is_as_claimed(said: str, claim: str) -> bool:
    """The output is what the page shows; `…` stands for anything within a line, and on a line of its own for lines."""
    lines = [
        r"(?:.*\n)*?" if line.strip() == "…" else r"[^\n]*".join(map(re.escape, line.rstrip().split("…"))) + r"\s*\n"
        for line in claim.strip().splitlines()
    ]
    return re.fullmatch("".join(lines), said.strip() + "\n") is not None
