"""Visitors between graph and projections, which do not know each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vitograph.graph.driver import Graph
from vitograph.graph.people import visitors
from vitograph.resolver.publishing.visitors import Visitor


@dataclass(frozen=True, slots=True)
class GraphVisitors:
    """Visitors as the projections read them."""

    graph: Graph

    async def visitor(self, cookie: str) -> Visitor | None:
        return await visitors.get_visitor(self.graph, cookie)

    async def cookies(self, views: Sequence[str]) -> list[str]:
        return await visitors.list_cookies(self.graph, views)
