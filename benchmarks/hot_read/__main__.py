"""Hot reads beside constant bytes from the same server, and beside Valkey's own GET, turn by turn.

    python -m benchmarks.hot_read [--seconds S] [--rounds R] [--ingest]

What counts are ratios: to constant bytes of the same length with the same headers, by the same server. The client
shares the machine, so the server's CPU for one answer says more than its rate. With `--ingest` batches of observations
are posted to the same API meanwhile.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import uvloop

from benchmarks.hot_read.load import Figures, press
from benchmarks.instance import Running, run_vito

CONNECTIONS = (1, 16, 64)
BASE = "constant bytes"
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Side:
    """Who answers: where, to which question, and which process (none: it is not ours to look at)."""

    name: str
    where: tuple[str, int] | str
    question: bytes
    pid: int | None = None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hot_read", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each turn")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ingest", action="store_true", help="post observations meanwhile")
    asked = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="vito-bench-"))
        vito = stack.enter_context(run_vito(Path(folder) / "data", 0))
        fill(vito)
        api, port = stack.enter_context(serve("vitograph.api.serve", addresses(vito)))
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            shown = client.get("/hot/campaigns/summer-offer")
            size = len(shown.content)
            headers = [item for item in shown.headers.multi_items() if item[0] != "date"]
            while "first_name" not in client.get("/hot/visitors/c-1").json():
                time.sleep(0.5)  # its statements are compiled
        constant, other = stack.enter_context(serve("benchmarks.hot_read.constant", {}, str(size), json.dumps(headers)))
        here = ("127.0.0.1", port)
        sides = [
            Side(BASE, ("127.0.0.1", other), ask("/hot/campaigns/summer-offer"), constant.pid),
            Side("campaign", here, ask("/hot/campaigns/summer-offer"), api.pid),
            Side("campaign's status", here, ask("/hot/campaigns/summer-offer/status"), api.pid),
            Side("visitor", here, ask("/hot/visitors/c-1"), api.pid),
            Side("Valkey GET", valkey(vito), get("vito:campaign:summer-offer")),
        ]
        if asked.ingest:
            stack.enter_context(ingesting(vito, port))
        print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {size} bytes an answer")
        for connections in CONNECTIONS:
            report(sides, connections, asked.rounds, asked.seconds)


def report(sides: list[Side], connections: int, rounds: int, seconds: float) -> None:
    """Each side in turn, so many times; medians, and the medians of the ratios within a round."""
    found: list[dict[str, tuple[Figures, float]]] = []
    for number in range(rounds + 1):
        turn = {}
        for side in sides:
            before = cpu(side.pid)
            figures = uvloop.run(press(side.where, side.question, connections, seconds))
            spent = cpu(side.pid) - before
            turn[side.name] = figures, spent / max(figures.rate * seconds, 1) * 1e6
        if number:  # the first one warms up
            found.append(turn)
    print(f"\n{connections} connections       answers/s     p50 ms     p99 ms   CPU µs   | rate, p99, CPU / {BASE}")
    for side in sides:
        own = [turn[side.name] for turn in found]
        rate, p50, p99 = (
            statistics.median(values) for values in zip(*((one.rate, one.p50, one.p99) for one, _ in own), strict=True)
        )
        spent = statistics.median(value for _, value in own)
        ratios = [
            (one.rate / base.rate, one.p99 / base.p99, value / base_value if base_value else 0.0)
            for (one, value), (base, base_value) in ((turn[side.name], turn[BASE]) for turn in found)
        ]
        against = "  ".join(f"{statistics.median(values):5.2f}" for values in zip(*ratios, strict=True))
        failed = sum(one.failed for one, _ in own)
        print(
            f"  {side.name:<20}{rate:>10.0f} {p50:>10.2f} {p99:>10.2f} {spent:>8.0f}   | {against}"
            + (f"   {failed} failed" if failed else "")
        )


def fill(vito: Running) -> None:
    """A campaign that is active, and a visitor who is known."""
    marketing = vito.make_key("bench", "marketing", "bench")
    channel = vito.make_key("bench", "channel")
    path = "/v1/campaigns/summer-offer"
    with vito.client(marketing) as client:
        client.put(path, json={"name": "Summer offer"}).raise_for_status()
        content = {"text": "Two months free. " * 30}
        client.put(f"{path}/artifacts/hero", json={"kind": "copy", "content": content}).raise_for_status()
        client.post(f"{path}/activate").raise_for_status()
    observation = {
        "channel": "web_form",
        "identifiers": [
            {"kind": "email", "value": "maria@example.com", "assurance": "verified"},
            {"kind": "cookie", "value": "c-1", "assurance": "observed"},
        ],
        "traits": {"given_name": "María", "family_name": "López"},
        "event": {"type": "campaign.enrolled", "target_id": "summer-offer"},
    }
    with vito.client(channel) as client:
        client.post("/v1/observations", json=observation).raise_for_status()
    time.sleep(6)  # until what bars a visitor who has just changed has lapsed


def addresses(vito: Running) -> dict[str, str]:
    """The settings of another API process over the same servers."""
    login = vito.instance["addresses"]
    names = ("neo4j_uri", "neo4j_user", "neo4j_password", "redis_url")
    return {f"VITO_{name.upper()}": str(login[name]) for name in names} | {"VITO_LOG_LEVEL": "warning"}


def valkey(vito: Running) -> str:
    """The path of Valkey's socket."""
    return urlsplit(addresses(vito)["VITO_REDIS_URL"]).path


@contextmanager
def serve(module: str, environment: dict[str, str], *words: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """A server as a process of its own, once it answers."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", module, *([str(port), *words] if words else [])]
    with subprocess.Popen(command, env=os.environ | environment | {"VITO_PORT": str(port)}) as process:
        try:
            for _ in range(600):
                if process.poll() is not None:
                    raise RuntimeError(f"{module} ended with status {process.returncode}")
                try:
                    httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False)
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            yield process, port
        finally:
            process.terminate()


@contextmanager
def ingesting(vito: Running, port: int) -> Iterator[None]:
    """Batches of observations, one after another, by a process of its own."""
    key = vito.make_key("ingest", "channel")
    url = f"http://127.0.0.1:{port}/v1/observations/batch"
    with subprocess.Popen([sys.executable, "-m", "benchmarks.hot_read.ingesting", url, key]) as process:
        try:
            yield
        finally:
            process.terminate()


def cpu(pid: int | None) -> float:
    """Seconds of CPU that a process has used; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICK


def ask(path: str) -> bytes:
    """A request over HTTP."""
    return f"GET {path} HTTP/1.1\r\nHost: vito\r\nAccept: */*\r\n\r\n".encode()


def get(key: str) -> bytes:
    """A request to Valkey (RESP)."""
    return b"*2\r\n$3\r\nGET\r\n$%d\r\n%s\r\n" % (len(key), key.encode())


if __name__ == "__main__":
    main()
