"""The same server as the API's, with an application that answers constant bytes: `… constant PORT BYTES`."""

from __future__ import annotations

import gc
import sys
from typing import Any

import uvicorn

BODY = b'{"status":"active"}'


def make_app(size: int) -> Any:
    """Answers every request with as many bytes as a hot read has, and as many headers."""
    body = BODY + b" " * max(size - len(BODY), 0)
    headers = [
        (b"access-control-allow-origin", b"*"),
        (b"access-control-expose-headers", b"ETag, Server-Timing, Date"),
        (b"timing-allow-origin", b"*"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-type", b"application/json"),
        (b"cache-control", b"no-cache"),
        (b"server-timing", b"redis;dur=0.10"),
        (b"etag", b'"0123456789abcdef"'),
        (b"content-length", str(len(body)).encode()),
    ]

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


if __name__ == "__main__":
    gc.collect()
    gc.freeze()
    uvicorn.run(
        make_app(int(sys.argv[2])),
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_keep_alive=75,
    )
