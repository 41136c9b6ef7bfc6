"""Observations a second, and what CPU each of them cost in which process."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from dataclasses import dataclass

import psutil

CLIENT = "client"
PROCESSES = {
    "vitograph.graph.embedded.jvm": "Neo4j",
    "vitograph.api.serve": "API",
    "vitograph.api.worker": "worker",
}
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Spent:
    """How many a second, and microseconds of CPU for one of them by process: `client` is the benchmark's own."""

    rate: float
    cpu: dict[str, float]

    @property
    def whole(self) -> float:
        """Microseconds of CPU in all processes."""
        return sum(self.cpu.values())

    def without(self, *names: str) -> float:
        """The same without these processes."""
        return self.whole - sum(self.cpu[name] for name in names)


class Clock:
    """Looks at an instance by its process id."""

    def __init__(self, pid: int) -> None:
        root = psutil.Process(pid)
        self._processes = [(_name(process), process) for process in (root, *root.children(recursive=True))]

    async def spent(self, count: int, work: Awaitable[object]) -> Spent:
        """What the work costs, which is about so many observations."""
        before, started = self._seconds(), time.perf_counter()
        await work
        took, after = time.perf_counter() - started, self._seconds()
        return Spent(count / took, {name: (after[name] - before[name]) / count * 1e6 for name in after})

    def _seconds(self) -> dict[str, float]:
        found = {CLIENT: time.process_time()} | dict.fromkeys((*PROCESSES.values(), OTHERS), 0.0)
        for name, process in self._processes:
            times = process.cpu_times()
            found[name] += times.user + times.system
        return found


def _name(process: psutil.Process) -> str:
    words = process.cmdline()
    return next((name for module, name in PROCESSES.items() if module in words), OTHERS)
