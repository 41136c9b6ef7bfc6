"""Figures for Prometheus, in its text format (version 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fastapi import APIRouter, Response

from vitograph.api.state import GraphDep
from vitograph.graph import deliveries, outbox

router = APIRouter(tags=["health"])

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

Samples = Sequence[tuple[str, float]]  # labels as they are written, and the figure


@router.get("/metrics", operation_id="metrics", response_class=Response)
async def metrics(graph: GraphDep) -> Response:
    """How far the projections are behind, and what fails."""
    backlog, sinks = await outbox.backlog(graph), await deliveries.figures(graph)
    by_sink = [(f'{{sink="{one.sink}",kind="{one.kind}"}}', one) for one in sinks]
    gauges: list[tuple[str, str, Samples]] = [
        ("vito_outbox_waiting", "changes that wait for their projection", [("", backlog.waiting)]),
        ("vito_outbox_dead", "changes that failed too often", [("", backlog.dead)]),
        ("vito_outbox_lag_seconds", "how long the oldest change has waited", [("", backlog.lag)]),
        ("vito_delivery_waiting", "campaigns that are due at a sink", [(at, one.waiting) for at, one in by_sink]),
        ("vito_delivery_dead", "campaigns that a sink refused too often", [(at, one.dead) for at, one in by_sink]),
        ("vito_delivery_failing", "campaigns whose last attempt failed", [(at, one.failing) for at, one in by_sink]),
        ("vito_delivery_lag_seconds", "how long the oldest has been due", [(at, one.lag) for at, one in by_sink]),
        (
            "vito_teardown_failing",
            "campaigns that a sink still has though they are over",
            [(at, one.teardown_failing) for at, one in by_sink],
        ),
    ]
    return Response("".join(_lines(gauges)), media_type=MEDIA_TYPE)


def _lines(gauges: Iterable[tuple[str, str, Samples]]) -> Iterable[str]:
    for name, sentence, samples in gauges:
        yield f"# HELP {name} {sentence}\n# TYPE {name} gauge\n"
        for labels, figure in samples:
            yield f"{name}{labels} {figure:g}\n"
