"""Visitors between graph and projections, which do not know each other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from vitograph.graph import visitors
from vitograph.graph.driver import Graph
from vitograph.graph.observations import Recorded, record
from vitograph.projections.visitors import VisitorReader
from vitograph.resolver.errors import ReusedId
from vitograph.resolver.model import Observation
from vitograph.resolver.visitors import Visitor, cookies_of


@dataclass(frozen=True, slots=True)
class GraphVisitors:
    """Visitors as the projections read them."""

    graph: Graph

    async def visitor(self, cookie: str) -> Visitor | None:
        return await visitors.get_visitor(self.graph, cookie)

    async def cookies(self, view_id: str) -> list[str]:
        return await visitors.list_cookies(self.graph, view_id)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records observations; before it answers, nobody is greeted any more as they were before."""

    graph: Graph
    visitors: VisitorReader

    async def __call__(
        self, observations: Sequence[Observation], put_off: dt.timedelta | None = None
    ) -> list[Recorded | ReusedId]:
        """As `graph.observations.record`."""
        outcomes = await record(self.graph, observations, put_off)
        await self.visitors.forget(cookies_of(observations))
        return outcomes
