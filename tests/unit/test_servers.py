"""Which servers a test session works on, where nobody says: a Docker engine that can be used is used."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests import servers


@contextmanager
def engine(images: set[str], registry: set[str]) -> Iterator[str]:
    """A Docker engine with these images, before a registry with those."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            status = 404
            body: dict[str, object] = {"message": "no such image"}
            if path.endswith("/_ping"):
                status, body = 200, {}
            elif path.endswith("/version"):
                status, body = 200, {"ApiVersion": "1.44", "MinAPIVersion": "1.24"}
            elif any(path.endswith(f"/images/{name}/json") for name in images):
                status, body = 200, {"Id": "sha256:0"}
            elif any(path.endswith(f"/distribution/{name}/json") for name in registry):
                status, body = 200, {"Descriptor": {}, "Platforms": []}
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"tcp://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "VITO_TEST_NEO4J_IMAGE", "VITO_TEST_VALKEY_IMAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


BOTH = {servers.NEO4J_IMAGE, servers.VALKEY_IMAGE}


@pytest.mark.parametrize(
    ("images", "registry", "expected"),
    [
        (BOTH, set(), True),
        (set(), BOTH, True),
        ({servers.NEO4J_IMAGE}, {servers.VALKEY_IMAGE}, True),
        ({servers.NEO4J_IMAGE}, set(), False),
        (set(), set(), False),
    ],
)
def test_an_engine_is_used_when_it_has_the_images_or_can_pull_them(
    monkeypatch: pytest.MonkeyPatch, images: set[str], registry: set[str], expected: bool
) -> None:
    with engine(images, registry) as address:
        monkeypatch.setenv("DOCKER_HOST", address)
        assert servers.can_run_containers() is expected


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "unix:///nowhere/docker.sock", "nonsense"])
def test_without_an_engine_there_are_no_containers(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", address)
    assert servers.can_run_containers() is False


def test_an_engine_that_hangs_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "ENGINE_WITHIN", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("DOCKER_HOST", f"tcp://127.0.0.1:{silent.getsockname()[1]}")
        began = time.monotonic()
        assert servers.can_run_containers() is False
        assert time.monotonic() - began < 30


@pytest.mark.parametrize(("answers", "backend"), [(True, "containers"), (False, "embedded")])
async def test_where_nothing_is_said_the_engine_decides(
    monkeypatch: pytest.MonkeyPatch, answers: bool, backend: str
) -> None:
    for name in ("VITO_TEST_BACKEND", "VITO_NEO4J_URI", "VITO_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)

    class Chosen(Exception):
        pass

    def choose(name: str) -> object:
        def start(*_: object) -> None:
            raise Chosen(name)

        return start

    monkeypatch.setattr(servers, "can_run_containers", lambda: answers)
    monkeypatch.setattr(servers, "_open_containers", choose("containers"))
    monkeypatch.setattr(servers, "open_embedded", choose("embedded"))
    with pytest.raises(Chosen, match=backend):
        async with servers.start_backend():
            pass
