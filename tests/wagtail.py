"""A real Wagtail under gunicorn, which tests may kill and start again on the same port with the same pages."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import httpx
import platformdirs

from vitograph.api.running.children import LEASH

ROOT = Path(__file__).parents[1]
SITE = Path(__file__).parent / "wagtail_site"
SETTINGS = "tests.wagtail_site.settings"


def migrated() -> Path:
    """A folder with the migrated database and a token of its admin, made once for each version of Wagtail and site."""
    sources = sorted(SITE.rglob("*.py"))
    versions = ":".join(version(name) for name in ("wagtail", "django"))
    key = hashlib.sha256(versions.encode() + b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    home = Path(platformdirs.user_cache_dir("vitograph")) / f"wagtail-{key}"
    if not home.is_dir():
        home.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=home.parent, prefix="wagtail-part-"))
        try:
            _django(part, "migrate", "--verbosity", "0")
            _django(part, "createsuperuser", "--noinput", "--username", "vito", "--email", "vito@example.com")
            said = _django(part, "api_tokens", "create", "--user", "vito", "--name", "vito")
            (part / "token").write_text(said.split()[-1])
            part.rename(home)
        except OSError:
            if not home.is_dir():  # else another session was faster
                raise
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return home


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "DJANGO_SUPERUSER_PASSWORD": "a password of the tests",
        "SITE_DATABASE": str(folder / "site.sqlite3"),
    }


def _django(folder: Path, *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "django", *command], env=_environment(folder), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@dataclass
class Site:
    """A Wagtail on a port of its own. `folder` holds its database."""

    folder: Path
    port: int = field(init=False)
    token: str = field(init=False)
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        home = migrated()
        shutil.copy(home / "site.sqlite3", self.folder)
        self.token = (home / "token").read_text()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """It answers."""
        command = ["-b", f"127.0.0.1:{self.port}", "--threads", "4", "--log-level", "error"]
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(LEASH), str(os.getpid())),
            *(sys.executable, "-m", "gunicorn", "tests.wagtail_site.wsgi", *command),
            env=_environment(self.folder),
            cwd=self.folder,
            start_new_session=True,
        )
        async with asyncio.timeout(120), httpx.AsyncClient(trust_env=False, timeout=60) as client:
            while True:
                try:
                    await client.get(f"{self.url}/api/v3/pages/")
                    return
                except httpx.HTTPError:
                    assert self._process.returncode is None
                    await asyncio.sleep(0.1)

    def signal(self, number: int) -> bool:
        """Sends a signal to it and to all that it started; whether it runs."""
        if self._process is None or self._process.returncode is not None:
            return False
        os.killpg(self._process.pid, number)
        return True

    async def stop(self) -> None:
        """Nobody answers there."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            await self._process.wait()
        self._process = None

    async def read(self, key: str) -> tuple[int, dict[str, object]]:
        """What the public sees: the status, and the page."""
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answer = await client.get(f"{self.url}/{key}/")
        return answer.status_code, answer.json() if answer.is_success else {}
