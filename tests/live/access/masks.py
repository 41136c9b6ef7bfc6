"""Who asks is somebody else each time, and what is answered is noted."""

from __future__ import annotations

import itertools
import re
from typing import Any

from vitograph.graph.access.keys import Role

INSIDES = re.compile(rb"Traceback|File \"|neo4j|Neo\.|site-packages|vitograph[./]")
"""What tells of our insides."""


class Masks:
    """Gives each request that comes the key of the next role, and none to every eighth; notes what was answered."""

    def __init__(self, app: Any, secrets: dict[Role, str]) -> None:
        self._app = app
        self._keys = itertools.cycle([*secrets.items(), ("nobody", None)])
        self.statuses: set[tuple[str, int]] = set()
        self.told: list[bytes] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] == "/openapi.json":
            await self._app(scope, receive, send)
            return
        role, secret = next(self._keys)
        headers = [(name, value) for name, value in scope["headers"] if name != b"authorization"]
        if secret is not None:
            headers.append((b"authorization", f"Bearer {secret}".encode()))

        async def noted(message: Any) -> None:
            if message["type"] == "http.response.start":
                self.statuses.add((str(role), message["status"]))
            elif INSIDES.search(message.get("body", b"")) and not scope["path"].startswith(("/review", "/v1/models")):
                self.told.append(message["body"])
            await send(message)

        await self._app({**scope, "headers": headers}, receive, noted)
