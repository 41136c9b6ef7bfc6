"""The same server as the API's, with an application that answers constant bytes: `… constant PORT BYTES HEADERS`."""

from __future__ import annotations

import gc
import json
import sys
from typing import Any

import uvicorn

from vitograph.api.wire.http import BoundedHttp

BODY = b'{"status":"active"}'


def make_app(size: int, headers: list[tuple[bytes, bytes]]) -> Any:
    """Answers every request with as many bytes as a hot read has, and with the same headers."""
    start = {"type": "http.response.start", "status": 200, "headers": headers}
    body = {"type": "http.response.body", "body": BODY + b" " * max(size - len(BODY), 0)}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send(start)
        await send(body)

    return app


if __name__ == "__main__":
    said = [(name.encode(), value.encode()) for name, value in json.loads(sys.argv[3])]
    gc.collect()
    gc.freeze()
    uvicorn.run(
        make_app(int(sys.argv[2]), said),
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        server_header=False,
        http=BoundedHttp,
        lifespan="off",
        timeout_keep_alive=75,
    )
