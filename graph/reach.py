"""Which rows a caller may read. Statements over persons and events take it as `$reach`: nothing is filtered later.

An event is in reach when everything is, when its type is of the caller's family of events, or when it targets a
campaign of the caller's department. A person is in reach when one of its view's events is.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reach:
    """`department`: whose campaigns' events; `family`: how the types of events begin (`negotiation.`)."""

    everything: bool = False
    department: str | None = None
    family: str | None = None

    @property
    def parameter(self) -> dict[str, object]:
        """As a statement takes it."""
        return {"everything": self.everything, "department": self.department, "family": self.family}


EVERYTHING = Reach(everything=True)
NOTHING = Reach()
