"""Clocks of an instance that can be stepped, where libfaketime is installed (Debian: `apt-get install faketime`)."""

from __future__ import annotations

import os
from pathlib import Path

PLACES = ("/usr/lib/*/faketime/libfaketimeMT.so.1", "/usr/lib64/faketime/libfaketimeMT.so.1")
"""Where distributions put it; `VITO_CHAOS_FAKETIME` names another place, or, empty, none."""


def find_library() -> Path | None:
    """libfaketime as it can be preloaded, if there is one."""
    if (named := os.environ.get("VITO_CHAOS_FAKETIME")) is not None:
        return Path(named) if named else None
    return next((found for place in PLACES for found in Path("/").glob(place.removeprefix("/"))), None)


class Clocks:
    """The wall clocks of the servers (Neo4j, Valkey) and of the programs (API, worker); monotonic ones go on."""

    def __init__(self, home: Path) -> None:
        self._library = find_library()
        self._files = {name: home / f"clock-{name}" for name in ("servers", "programs")}
        for name in self._files:
            self.step(name, 0)

    @property
    def can_step(self) -> bool:
        """Whether there is a libfaketime."""
        return self._library is not None

    def step(self, name: str, seconds: int) -> None:
        """The clocks of that name are so far ahead of the real one, from about now on."""
        part = self._files[name].with_suffix(".part")
        part.write_text(f"{seconds:+d}")
        part.replace(self._files[name])

    def variables(self) -> dict[str, str]:
        """The environment of what starts with these clocks. `through.py` sets its own file."""
        if self._library is None:
            return {}
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._files["servers"]),
            "CHAOS_PROGRAMS_CLOCK": str(self._files["programs"]),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
