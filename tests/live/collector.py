"""A receiver of OTLP over HTTP in a thread of this process: what it is sent is kept as OpenTelemetry's messages."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class Collector:
    """`spans` by the service that sent them; `raw` is every byte that came, unpacked."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, Span]] = []
        self.raw = b""

        class Receiver(BaseHTTPRequestHandler):
            def do_POST(receiver) -> None:
                body = receiver.rfile.read(int(receiver.headers["Content-Length"]))
                if receiver.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                self.keep(body)
                receiver.send_response(200)
                receiver.send_header("Content-Type", "application/x-protobuf")
                receiver.send_header("Content-Length", "0")
                receiver.end_headers()

            def log_message(receiver, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever)

    def keep(self, body: bytes) -> None:
        self.raw += body
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            names = {item.key: item.value.string_value for item in resource.resource.attributes}
            self.spans += [(names["service.name"], span) for scope in resource.scope_spans for span in scope.spans]

    def trace(self, trace_id: bytes) -> list[tuple[str, Span]]:
        """The spans of one trace."""
        return [(service, span) for service, span in self.spans if span.trace_id == trace_id]

    @contextmanager
    def running(self) -> Iterator[Collector]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
