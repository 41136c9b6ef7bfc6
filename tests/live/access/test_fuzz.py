"""Whatever the API description allows and what it does not, by every role: no call fails, none tells of our insides.

schemathesis makes the requests, over a real socket. `VITO_FUZZ_EXAMPLES` (of each call: 8, one a role) makes it longer.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.sockets import serving
from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.api.wire import errors
from vitograph.api.wire.http import BoundedHttp
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph

FEW = 8
EXAMPLES = int(os.environ.get("VITO_FUZZ_EXAMPLES", FEW))
PHASES = "fuzzing" if EXAMPLES <= FEW else "coverage,fuzzing"
LEFT_OUT = ("stream_changes", "observe_batch", *(("run_cypher", "run_named_query") if EXAMPLES <= FEW else ()))
"""An answer without an end; a body of lines, which schemathesis cannot write; what starts a Neo4j of its own."""

INSIDES = re.compile(rb"Traceback|File \"|neo4j|Neo\.|site-packages|vitograph[./]")


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


@pytest.mark.parametrize("seed", [1])
async def test_no_request_breaks_a_call(
    graph: Graph, settings: Settings, secrets: dict[Role, str], tmp_path: Path, seed: int
) -> None:
    masks = Masks(create_app(settings), secrets)
    async with serving(masks, http=BoundedHttp, server_header=False) as address:
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/openapi.json"),
            *(
                "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance",
                "--phases",
                PHASES,
                "--max-examples",
                str(EXAMPLES),
            ),
            *(part for operation in LEFT_OUT for part in ("--exclude-operation-id", operation)),
            *("--request-timeout", "120", "--max-failures", "20"),
            *("--no-shrink", "--seed", str(seed), "--suppress-health-check", "all", "--no-color"),
        ]
        environment = os.environ | {"NO_PROXY": "127.0.0.1"}
        running = await asyncio.create_subprocess_exec(
            *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path, env=environment
        )
        said, _ = await running.communicate()
    report = said.decode(errors="replace")
    assert running.returncode == 0, report[-8_000:]
    assert "Unresolvable references" not in report, report[-8_000:]
    assert masks.told == []
    assert {role for role, _ in masks.statuses} == {*Role, "nobody"}
    assert {status for _, status in masks.statuses if status >= 400} <= set(errors.RESPONSES)
    assert {status for role, status in masks.statuses if role == "nobody"} <= {
        200,
        304,
        400,
        401,
        403,
        404,
        405,
        413,
        422,
    }
