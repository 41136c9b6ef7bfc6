"""HTTP/1.1 as uvicorn speaks it, with an end to the headers of a request, in bytes and in time, and to a body that is
answered before it is there.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_BYTES = 64 << 10
WITHIN = 20.0
"""Seconds until a request's headers are there, from its first byte or from the connection on (against slow writers)."""

LINGER = 5.0
"""Seconds that the rest of a body has after its answer: who is cut off at once may not have read that."""


class BoundedHttp(HttpToolsProtocol):
    """Closes a connection whose headers are too long or too slow: nobody waits for the rest of them. So it is with a
    body whose answer did not need it.
    """

    _size = 0
    _is_open = False
    _timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait(WITHIN)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._is_open:
            self._size += len(data)
            if self._size > MOST_BYTES:
                self._stop_waiting()
                self.send_400_response("The headers are too long.")
            elif self._timer is None:  # most come whole, and are waited for by no timer
                self._wait(WITHIN)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._size = 0
        self._is_open = True

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._is_open:  # what comes after a body (trailers) is of no use here
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_open = False
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._stop_waiting()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body:
            self._wait(LINGER)

    def send_400_response(self, msg: str) -> None:
        """What follows a request and is none ends the connection after its answer: that request may have been done."""
        if self.cycle is None or self.cycle.more_body or self.cycle.response_complete:
            super().send_400_response(msg)
        else:
            self.cycle.keep_alive = False
            self.flow.pause_reading()

    def _wait(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
