"""Wall clocks that can be stepped, where libfaketime is installed (Debian: package `faketime`).

Those of the servers (Neo4j, Valkey) and those of the programs (API, worker) are stepped apart, as if they ran on two
machines, or together. Monotonic clocks go on.
"""

from __future__ import annotations

import os
from pathlib import Path

PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib64/faketime/libfaketimeMT.so.1")
"""Where distributions put it; `VITO_CHAOS_FAKETIME` names another place, or, empty, none."""

NAMES = ("servers", "programs")


def find_library() -> Path | None:
    """libfaketime as it can be preloaded, if there is one."""
    if (named := os.environ.get("VITO_CHAOS_FAKETIME")) is not None:
        return Path(named) if named else None
    return next((found for place in PLACES for found in Path("/").glob(place.removeprefix("/"))), None)


class Clocks:
    """Each is kept in a file, which is looked up once a second by those who go by it."""

    def __init__(self, home: Path) -> None:
        self._library = find_library()
        self._files = {name: home / f"clock-{name}" for name in NAMES}
        for name in NAMES:
            self.step(name, 0)

    @property
    def can_step(self) -> bool:
        """Whether there is a libfaketime."""
        return self._library is not None

    def step(self, name: str, seconds: int) -> None:
        """That clock is so far ahead of the real one from about now on."""
        part = self._files[name].with_suffix(".part")
        part.write_text(f"{seconds:+d}")
        part.replace(self._files[name])

    def variables(self, name: str) -> dict[str, str]:
        """The environment of a process that goes by the clock of that name."""
        if self._library is None:
            return {}
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._files[name]),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
            # Without these the JVM hangs.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            "FAKETIME_DISABLE_SHM": "1",
            "NO_FAKE_STAT": "1",
        }
