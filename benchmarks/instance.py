"""A running ViTo of one's own: `vito up` as a child process, used over HTTP and through its other commands."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

VITO = str(Path(sys.executable).with_name("vito"))
STOP_WITHIN = 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Running:
    """Where an instance answers, its data folder and its first admin key."""

    url: str
    data: Path
    admin_key: str

    def client(self, key: str) -> httpx.Client:
        """A client that sends this key."""
        return httpx.Client(base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=120, trust_env=False)

    @property
    def instance(self) -> dict[str, Any]:
        """What the instance says of itself: `pid`, and the `addresses` of its servers."""
        found: dict[str, Any] = json.loads((self.data / "instance.json").read_text())
        return found

    def make_key(self, name: str, role: str, department: str | None = None) -> str:
        """A new key, as an administrator makes it."""
        with self.client(self.admin_key) as admin:
            answer = admin.post("/v1/keys", json={"name": name, "role": role, "department": department})
            answer.raise_for_status()
            return str(answer.json()["key"])

    def vito(self, *arguments: str) -> str:
        """What another command says about this instance. RuntimeError with what it said when it fails."""
        command = [VITO, *arguments, "--data", str(self.data)]
        done = subprocess.run(command, text=True, stdout=subprocess.PIPE)
        if done.returncode:
            raise RuntimeError(f"`vito {' '.join(arguments)}` ended with {done.returncode}:\n{done.stdout}")
        return done.stdout


@contextmanager
def run_vito(data: Path, port: int = 8700) -> Iterator[Running]:
    """Starts `vito up` and stops it cleanly; another port is taken when this one is in use."""
    admin_key = secrets.token_urlsafe(24)
    command = [VITO, "up", "--port", str(port if _is_free(port) else 0), "--data", str(data)]
    environment = os.environ | {"VITO_ADMIN_KEY": admin_key, "VITO_LOG_LEVEL": "warning"}
    with subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if line.startswith("ready "):
                    yield Running(line.split()[1], data, admin_key)
                    break
            else:
                raise RuntimeError(f"`vito up` ended with status {process.wait()}")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_WITHIN)


def _is_free(port: int) -> bool:
    with socket.socket() as endpoint:
        endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            endpoint.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
