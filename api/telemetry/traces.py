"""Traces by OpenTelemetry, from a request through Bolt and Redis to the projections; off unless it is said where to.

`OTEL_EXPORTER_OTLP_ENDPOINT` (or `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`) turns them on; the other `OTEL_…` variables
mean what OpenTelemetry says. Instrumentations of others are not used: they tell paths, queries and texts of errors,
which may name persons. Here a span has the name of a route, a statement's file or a command, and attributes of ours.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from starlette.types import Scope

from vitograph import __version__
from vitograph.api.telemetry.watching import Watch, method_of
from vitograph.resolver.errors import ServerFailed

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Link, Span

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
CLOSED_WITHIN = 5_000  # milliseconds for the last spans to be sent
TRACEPARENT = "traceparent"
MOST_LINKS = 10


class Traces:
    """Spans of one process. It is `graph.tracing.Tracer` and `projections.hot.tracing.Tracer` both."""

    def __init__(self, provider: TracerProvider) -> None:
        from opentelemetry import trace
        from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

        self._provider = provider
        self._tracer = provider.get_tracer("vitograph", __version__)
        self._trace = trace
        self._propagator = TraceContextTextMapPropagator()

    @contextmanager
    def request(self, scope: Scope, watch: Watch) -> Iterator[None]:
        """A request that is answered meanwhile; it goes on with the caller's trace."""
        method = method_of(scope)
        carried = {name.decode(): value.decode("latin-1") for name, value in scope["headers"] if name == b"traceparent"}
        attributes = {"http.request.method": method}
        with self._open(method, self._trace.SpanKind.SERVER, attributes, carried) as span:
            try:
                yield
            finally:
                span.update_name(f"{method} {watch.route or 'other'}")
                span.set_attribute("http.route", watch.route or "other")
                span.set_attribute("http.response.status_code", watch.status)
                if watch.status >= 500:
                    span.set_status(self._trace.StatusCode.ERROR)

    def span(self, name: str) -> AbstractContextManager[object]:
        """Work of ours."""
        return self._open(name, self._trace.SpanKind.INTERNAL, {}, None)

    def follow(self, name: str, traces: Sequence[str]) -> AbstractContextManager[object]:
        """Work that goes on with what was begun elsewhere: it belongs to the first trace, and is linked to others."""
        carried = {TRACEPARENT: traces[0]} if traces else {}
        return self._open(name, self._trace.SpanKind.CONSUMER, {}, carried, traces[1 : MOST_LINKS + 1])

    def call(self, system: str, name: str) -> AbstractContextManager[object]:
        """A call of another server; outside of any span it is none: loops that look for work would fill every store."""
        return self._call(system, name) if self._trace.get_current_span().is_recording() else nullcontext()

    def here(self) -> str | None:
        """The current span as `traceparent`; None outside of any."""
        carrier: dict[str, str] = {}
        self._propagator.inject(carrier)
        return carrier.get(TRACEPARENT)

    def close(self) -> None:
        """Sends what is left, as far as it can be sent soon."""
        self._provider.force_flush(CLOSED_WITHIN)
        self._provider.shutdown()

    @contextmanager
    def _call(self, system: str, name: str) -> Iterator[None]:
        # Not the current span: nothing is opened in it, and a stream of rows may end in another context.
        attributes = {"db.system.name": system, "db.query.summary": name}
        span = self._tracer.start_span(name, None, self._trace.SpanKind.CLIENT, attributes)
        try:
            yield
        except BaseException as error:
            self._failed(span, error)
            raise
        finally:
            span.end()

    @contextmanager
    def _open(
        self,
        name: str,
        kind: Any,
        attributes: Mapping[str, str],
        carried: Mapping[str, str] | None,
        linked: Sequence[str] = (),
    ) -> Iterator[Span]:
        context = None if carried is None else self._propagator.extract(carried)
        span = self._tracer.start_span(name, context, kind, attributes, [self._link(one) for one in linked])
        with self._trace.use_span(span, True, record_exception=False, set_status_on_exception=False):
            try:
                yield span
            except BaseException as error:
                self._failed(span, error)
                raise

    def _link(self, trace: str) -> Link:
        there = self._propagator.extract({TRACEPARENT: trace})
        return self._trace.Link(self._trace.get_current_span(there).get_span_context())

    def _failed(self, span: Span, error: BaseException) -> None:
        """Tells the type of an error: its text may hold what somebody posted."""
        span.set_attribute("error.type", type(error).__qualname__)
        span.set_status(self._trace.StatusCode.ERROR)


@contextmanager
def open_traces(process: str) -> Iterator[Traces | None]:
    """Traces of this process where the environment says where they go. ServerFailed without the extra `otel`."""
    traces = _make_traces(process)
    try:
        yield traces
    finally:
        if traces is not None:
            traces.close()


def _make_traces(process: str) -> Traces | None:
    is_off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    if is_off or not any(os.environ.get(name) for name in ENDPOINTS):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise ServerFailed("traces need the extra `otel`: pip install 'vitograph[otel]'") from error
    named = {SERVICE_NAME: os.environ.get("OTEL_SERVICE_NAME") or process, SERVICE_VERSION: __version__}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return Traces(provider)
