"""An API that cannot start says why, in a sentence, and ends with status 1."""

from __future__ import annotations

import subprocess
import sys
from asyncio import to_thread
from os import environ
from pathlib import Path

from tests.conftest import ERASURE_KEY
from tests.deciding import saw
from vitograph.api.running.addresses import Addresses
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import erase


async def test_an_api_without_the_key_of_the_erased_says_so(graph: Graph, backend: Addresses, tmp_path: Path) -> None:
    person = (await saw(graph, "email:a@example.com", id="o-1")).person_id
    await erase(graph, person, Caller("k-ida", "ida", Role.ADMIN))
    own = {"VITO_DATA": str(tmp_path), "VITO_ERASURE_KEY": ERASURE_KEY[::-1], "VITO_PORT": "0"}
    command = [sys.executable, "-m", "vitograph.api.serve"]
    environment = environ | backend.as_environment() | own
    done = await to_thread(subprocess.run, command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("vito: ")
    assert "erasure key" in done.stderr.splitlines()[-1]
