"""Figures of this process's requests, for Prometheus: by method, route template and class of status, never by path."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "WS"})
OTHER = "other"
"""A method that is none of these, or a path that no route has: whoever makes them up makes no series of ours."""

disable_created_metrics()  # type: ignore[no-untyped-call]

# Seconds; from a hot read to the most that a request may take.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class RequestFigures:
    """Counts requests and times them, in a registry of its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        labels = ("method", "route", "status")
        self._requests = Counter("vito_http_requests", "requests that were answered", labels, registry=self._registry)
        self._seconds = Histogram(
            "vito_http_request_seconds",
            "time until an answer began",
            ("method", "route"),
            buckets=BUCKETS,
            registry=self._registry,
        )
        self._refused = Counter(
            "vito_http_too_many", "requests that were refused for now (429)", ("route",), registry=self._registry
        )
        self._open = Gauge("vito_http_open_requests", "requests that are under way", registry=self._registry)
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        self.glances: dict[str, int] = {}
        """GETs by route that were answered at once from what was known: counted, and not timed, for that would be what
        they cost. They are moved to the counter when it is read."""

    def began(self) -> None:
        """A request came."""
        self._open.inc()

    def ended(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """It was answered; `method` is one of `METHODS` or `OTHER`, `route` a template, None for none."""
        self._open.dec()
        key = (method, route or OTHER, status // 100)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (
                self._requests.labels(key[0], key[1], f"{key[2]}xx"),
                self._seconds.labels(key[0], key[1]),
            )
        known[0].inc()
        known[1].observe(seconds)
        if status == 429:
            self._refused.labels(key[1]).inc()

    def lines(self) -> str:
        """In Prometheus's text format, with those of the process: memory, processor, open files."""
        glances, self.glances = self.glances, {}
        for route, count in glances.items():
            self._requests.labels("GET", route, "2xx").inc(count)
        return generate_latest(self._registry).decode()
