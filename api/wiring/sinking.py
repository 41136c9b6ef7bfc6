"""How a sink is set up, by a call or by a command: read, tried on its adapter, sealed, stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vitograph.api.wiring.sealing import Seals
from vitograph.graph import outbox
from vitograph.graph.driver import Graph
from vitograph.graph.publishing import deliveries, sinks
from vitograph.graph.publishing.deliveries import Figures
from vitograph.projections.adapters import adapter
from vitograph.resolver.errors import Fault, InvalidInput, UnfitAdapter, UnknownThing
from vitograph.resolver.publishing.sinks import Sink, read_sink

DELIVERY = "delivery"


async def set_up(graph: Graph, seals: Seals, id: str, raw: Mapping[str, Any], by: str) -> Sink:
    """A sink as it was sent is stored, its secret sealed. InvalidInput for what its adapter does not take."""
    body = read_sink(id, raw)
    try:
        found = adapter(body.adapter)
        await found.open(body.settings, body.secret or "").close()
    except UnfitAdapter as error:
        raise InvalidInput([Fault("/adapter", str(error))]) from error
    if body.secret is None and found.needs_secret and not await _has_secret(graph, id):
        raise InvalidInput([Fault("/secret", f"{body.adapter} needs one")])
    sealed = None if body.secret is None else seals.seal(body.secret)
    scope = (body.departments, body.campaigns)
    return await sinks.put(graph, Sink(id, body.adapter, found.kind, body.settings, *scope, sealed=sealed), by)


async def list_shown(graph: Graph) -> list[dict[str, Any]]:
    """All sinks as they may be shown, with how many campaigns have a place there and how many of these fail."""
    figures = {one.sink: one for one in await deliveries.figures(graph)}
    return [_shown(sink, figures.get(sink.id)) for sink in await sinks.list_all(graph)]


async def get_shown(graph: Graph, id: str) -> dict[str, Any]:
    """One of them. UnknownThing."""
    sink = await sinks.get(graph, id)
    return _shown(sink, next((one for one in await deliveries.figures(graph) if one.sink == id), None))


def _shown(sink: Sink, figures: Figures | None) -> dict[str, Any]:
    """Whether it has a secret is said, and nothing of it."""
    return {
        "id": sink.id,
        "adapter": sink.adapter,
        "kind": sink.kind.value,
        "settings": dict(sink.settings),
        "has_secret": sink.sealed is not None,
        "departments": list(sink.departments),
        "campaigns": list(sink.campaigns),
        "version": sink.version,
        "leaving": sink.leaving,
        "deliveries": 0 if figures is None else figures.deliveries,
        "failing": 0 if figures is None else figures.failing,
    }


async def list_dead(graph: Graph) -> list[dict[str, Any]]:
    """What failed too often, of the outbox and of the sinks, oldest first.

    Each: `id, aggregate, key, version, attempts, error, at`.
    """
    entries = list(await outbox.dead(graph))
    entries += [{"aggregate": DELIVERY, **row} for row in await deliveries.dead(graph)]
    return sorted(entries, key=lambda entry: entry["at"])


async def retry(graph: Graph, id: str | None) -> int:
    """Tries again at once what is dead, and what fails at sinks: one of it, or all; how much. UnknownThing."""
    count = await outbox.revive(graph, id) + await deliveries.revive(graph, id)
    if id is not None and count == 0:
        raise UnknownThing("dead entry", id)
    return count


async def _has_secret(graph: Graph, id: str) -> bool:
    try:
        return (await sinks.get(graph, id)).sealed is not None
    except UnknownThing:
        return False
