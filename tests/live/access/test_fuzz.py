"""Whatever the API description allows and what it does not, by every role: no call fails, none tells of our insides.

schemathesis makes the requests, over a real socket. `VITO_FUZZ_EXAMPLES` (of each call: 8, one a role) makes it longer.
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.live.access.masks import Masks
from tests.serving import serving
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
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
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
