"""A worker without its resolver, in a process of its own and with short leases, until it is killed."""

from __future__ import annotations

import asyncio

from tests.counting import Counting
from vitograph.api.settings import Settings
from vitograph.api.wiring.projecting import make_deliverer, open_projector
from vitograph.api.wiring.sealing import seals
from vitograph.graph import outbox
from vitograph.graph.driver import open_graph
from vitograph.graph.publishing import deliveries
from vitograph.projections import deliverer
from vitograph.projections.adapters import register

LEASE = 5.0  # seconds; what is not done in two thirds of it on a busy machine is done again, which the test counts


async def carry() -> None:
    settings = Settings()
    register("counting", Counting)
    # A killed worker's leases end soon, and an attempt ends before its lease.
    deliverer.__dict__["PATIENCE"] = LEASE * 0.7
    for place in (deliveries.take, outbox.take):
        place.__defaults__ = tuple(LEASE if isinstance(value, float) else value for value in place.__defaults__ or ())
    login = (settings.neo4j_uri or "", settings.neo4j_user, settings.neo4j_password.get_secret_value())
    async with (
        open_graph(*login) as graph,
        open_projector(graph, settings.redis_url) as projector,
        asyncio.TaskGroup() as loops,
    ):
        loops.create_task(projector.run())
        loops.create_task(make_deliverer(graph, seals(settings)).run())


if __name__ == "__main__":
    asyncio.run(carry())
