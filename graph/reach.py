"""Which rows a caller may read. Statements over persons and events take it as `$reach`: nothing is filtered later.

An event is in reach when everything is, when its type is of the caller's family of events, or when it targets a
campaign of the caller's department and was received when that was there: whoever makes a campaign under an id that
others use already must not read by it what they wrote. A person is in reach when one of its view's events is. Campaigns
that have no `created_at` were made before that was kept; theirs is all that targets them.
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
