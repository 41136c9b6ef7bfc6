"""Serves the landing page and hands enrolments to ViTo: the key of the channel stays here, out of the browser.

VITO_CHANNEL_KEY=… python examples/landing/serve.py [--vito http://127.0.0.1:8700] [--port 8080]
"""

from __future__ import annotations

import argparse
import json
import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

FOLDER = Path(__file__).parent
DEFAULT_VITO = "http://127.0.0.1:8700"
FILES = {"/": "index.html", "/landing.css": "landing.css", "/landing.js": "landing.js"}
TYPES = {"html": "text/html; charset=utf-8", "css": "text/css", "js": "text/javascript"}
CAMPAIGN = "summer-offer"


class LandingServer(ThreadingHTTPServer):
    """The page on a port of its own. `vito`: the address of ViTo; `key`: of a channel."""

    daemon_threads = True

    def __init__(self, port: int, vito: str, key: str) -> None:
        super().__init__(("127.0.0.1", port), Landing)
        self.vito = vito
        self.key = key

    def enrol(self, form: dict[str, list[str]]) -> bool:
        """Posts what was filled in; whether it counts. OSError when ViTo cannot be reached or refuses it."""
        observation = {
            "channel": "web_form",
            "identifiers": [
                {"kind": "email", "value": form["email"][0], "assurance": "asserted"},
                {"kind": "cookie", "value": form["visitor"][0], "assurance": "observed"},
            ],
            "traits": {"given_name": form["given_name"][0]},
            "event": {"type": "campaign.enrolled", "target_id": CAMPAIGN},
        }
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        request = urllib.request.Request(
            f"{self.vito}/v1/observations", data=json.dumps(observation).encode(), headers=headers
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            warnings: list[str] = json.load(answer)["warnings"]
        return not any("takes no enrolment" in warning for warning in warnings)


class Landing(BaseHTTPRequestHandler):
    """One request."""

    server: LandingServer

    def do_GET(self) -> None:
        name = FILES.get(self.path.partition("?")[0])
        if name is None:
            self._answer(404, "text/plain", b"there is no such page")
            return
        text = (FOLDER / name).read_text().replace(DEFAULT_VITO, self.server.vito)
        self._answer(200, TYPES[name.rpartition(".")[2]], text.encode())

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())
        try:
            said, status = {"enrolled": self.server.enrol(form)}, 200
        except (OSError, KeyError):
            said, status = {"enrolled": False}, 502
        self._answer(status, "application/json", json.dumps(said).encode())

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""

    def _answer(self, status: int, media_type: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)


def main() -> None:
    """Serves until it is interrupted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vito", default=DEFAULT_VITO)
    parser.add_argument("--port", type=int, default=8080)
    asked = parser.parse_args()
    print(f"http://127.0.0.1:{asked.port}/", flush=True)
    LandingServer(asked.port, asked.vito, os.environ["VITO_CHANNEL_KEY"]).serve_forever()


if __name__ == "__main__":
    main()
