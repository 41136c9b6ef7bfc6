"""`vito up` as a user meets it: real processes, real signals, real data folders."""

from __future__ import annotations

import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import neo4j.exceptions
import pytest
import redis

from tests.live.instances import UP, Up, ask, wait_for
from vitograph.api.running.instances import find_instance, lock_data
from vitograph.api.running.servers import open_servers
from vitograph.api.settings import Settings
from vitograph.resolver.errors import ServerFailed

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The register of instances is one of this module's own."""
    folder = tmp_path_factory.mktemp("state")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(folder))
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield folder


@pytest.fixture(scope="module")
def pair(state: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Up, Up]]:
    """Two instances started at the same time; the second in a folder whose path is too long for a socket."""
    folder = tmp_path_factory.mktemp("up")
    with Up(folder / "a") as first, Up(folder / ("b" * 100), VITO_ADMIN_KEY="chosen") as second:
        first.wait_ready()
        second.wait_ready()
        yield first, second


def test_two_instances_run_side_by_side_and_hold_their_own_data(pair: tuple[Up, Up]) -> None:
    for number, up in enumerate(pair):
        ask(up.addresses, f"CREATE (:Mark {{number: {number}}})")
        with redis.Redis.from_url(up.addresses.redis_url) as valkey:
            valkey.set("number", number)
    assert [ask(up.addresses, "MATCH (mark:Mark) RETURN mark.number") for up in pair] == [[[0]], [[1]]]


def test_several_running_instances_must_be_told_apart(pair: tuple[Up, Up]) -> None:
    with pytest.raises(ServerFailed, match=r"2 instances run .* --data"):
        find_instance()
    found = find_instance(pair[0].data)
    assert found
    assert found.pid == pair[0].process.pid


def test_the_api_is_told_how_to_reach_the_servers(pair: tuple[Up, Up]) -> None:
    for up in pair:
        told = httpx.get(up.said[-1].removeprefix("ready ") + "/readyz", timeout=60).json()
        assert told.items() >= up.addresses.as_environment().items()
        assert Path(told["VITO_DATA"]) == up.data


def test_the_first_admin_key_is_the_chosen_one_or_one_in_a_file_only_its_owner_reads(pair: tuple[Up, Up]) -> None:
    made, chosen = pair
    path = made.data / "admin.key"
    assert made.said[0] == f"admin key in {path}"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text()) >= 40
    assert not (chosen.data / "admin.key").exists()
    told = httpx.get(chosen.said[-1].removeprefix("ready ") + "/readyz", timeout=60).json()
    assert told["VITO_ADMIN_KEY"] == "chosen"


def test_the_admin_key_is_in_the_environment_of_the_api_only(pair: tuple[Up, Up]) -> None:
    for up in pair:
        children = {pid: line for pid, line in up.list_children().items() if pid != up.process.pid}
        assert len(children) == 4
        told = [
            line for pid, line in children.items() if b"VITO_ADMIN_KEY" in Path(f"/proc/{pid}/environ").read_bytes()
        ]
        assert len(told) == 1
        assert "tiny_api.py" in told[0]


async def test_a_data_folder_that_others_could_enter_is_closed_to_them(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o775)
    os.close(await lock_data(data))
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


async def test_who_comes_while_an_instance_starts_is_told_to_wait(tmp_path: Path) -> None:
    starting = await lock_data(tmp_path)
    with pytest.raises(ServerFailed, match="wait until it has started or ended"):
        await lock_data(tmp_path)
    os.close(starting)


def test_secrets_are_readable_by_their_owner_only(pair: tuple[Up, Up]) -> None:
    for name in ("instance.json", "neo4j/password"):
        assert stat.S_IMODE((pair[0].data / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(pair[0].data.stat().st_mode) == 0o700


def test_the_default_password_opens_nothing(pair: tuple[Up, Up]) -> None:
    with pytest.raises(neo4j.exceptions.AuthError):
        ask(pair[0].addresses, "RETURN 1", password="neo4j")


def test_queries_cannot_read_files_or_the_network(pair: tuple[Up, Up]) -> None:
    for url in ("file:///etc/passwd", "http://127.0.0.1:9/x"):
        with pytest.raises(neo4j.exceptions.Neo4jError):
            ask(pair[0].addresses, f"LOAD CSV FROM '{url}' AS line RETURN line")


def test_a_folder_in_use_is_refused_in_one_sentence(pair: tuple[Up, Up]) -> None:
    said = refuse("--port", "0", "--data", str(pair[0].data))
    assert f"{pair[0].data} is used by the instance with pid {pair[0].process.pid}: stop that one" in said


async def test_other_commands_use_the_running_instance(pair: tuple[Up, Up]) -> None:
    async with open_servers(Settings(data=pair[1].data)) as addresses:
        assert addresses == pair[1].addresses


def test_a_program_that_dies_is_started_again(pair: tuple[Up, Up]) -> None:
    url = pair[0].said[-1].removeprefix("ready ")
    before = int(httpx.get(f"{url}/readyz", timeout=60).json()["pid"])
    os.kill(before, signal.SIGKILL)
    assert int(httpx.get(f"{url}/readyz", timeout=60).json()["pid"]) != before  # the socket stayed open meanwhile


async def test_a_supervisor_that_was_killed_leaves_no_orphan_that_keeps_the_folder(pair: tuple[Up, Up]) -> None:
    _, up = pair
    children = up.list_children()
    assert len(children) == 5
    valkey = next(pid for pid, line in children.items() if "valkey-server" in line)
    os.kill(valkey, signal.SIGSTOP)
    up.process.kill()
    up.process.wait()
    os.close(await lock_data(up.data))  # what begins anew: one that was stopped is woken up to end
    up.wait_gone()
    assert find_instance(up.data) is None


def test_sigterm_stops_everything_and_a_second_start_has_the_data(pair: tuple[Up, Up]) -> None:
    up, _ = pair
    assert len(up.list_children()) == 5
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(60) == 0
    assert up.list_children() == {}
    assert not (up.data / "instance.json").exists()
    with Up(up.data) as again:
        again.wait_ready()
        assert find_instance() == find_instance(up.data)
        assert ask(again.addresses, "MATCH (mark:Mark) RETURN mark.number") == [[0]]
        with redis.Redis.from_url(again.addresses.redis_url) as valkey:
            assert valkey.get("number") == b"0"
        graph = next(pid for pid, line in again.list_children().items() if "embedded.jvm" in line)
        os.kill(graph, signal.SIGKILL)
        wait_for(lambda: graph not in again.list_children(), 60)
        wait_for(lambda: is_answering(again), 60)
    assert again.process.returncode == 0


def is_answering(up: Up) -> bool:
    """Whether its Neo4j, at the address it had from the beginning, knows its data."""
    try:
        return ask(up.addresses, "MATCH (mark:Mark) RETURN mark.number") == [[0]]
    except (neo4j.exceptions.DriverError, neo4j.exceptions.Neo4jError):
        return False


def test_a_port_in_use_is_refused_before_anything_is_started(state: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refuse("--port", str(port), "--data", str(tmp_path / "data"))
    assert f"port {port} of 127.0.0.1 cannot be used" in said
    assert not (tmp_path / "data").exists()


def test_a_first_start_without_network_says_what_helps(state: Path, tmp_path: Path) -> None:
    variables = {"VITO_CACHE": str(tmp_path / "cache"), "VITO_MAVEN_URL": "http://127.0.0.1:9/"}
    said = refuse("--port", "0", "--data", str(tmp_path / "data"), **variables)
    assert "http://127.0.0.1:9/" in said
    assert "VITO_MAVEN_URL" in said


def refuse(*arguments: str, **variables: str) -> str:
    """What `vito up` says on stderr, in one line, when it ends with status 1 without having been ready."""
    done = subprocess.run(
        [sys.executable, str(UP), *arguments], env=os.environ | variables, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1, done
    assert "ready" not in done.stdout
    said = done.stderr.strip().split("\n")[-1]
    assert said.startswith("vito: ")
    assert "Traceback" not in done.stderr
    return said
