"""A site whose users are logged in: it serves the chat page, and signs for ViTo who the user is.

IDENTITY_SECRET=… python site.py PORT          the `identity_secret` of a channel key made with `identity`
"""

from __future__ import annotations

import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from joserfc import jwt
from joserfc.jwk import OctKey

PAGE = Path(__file__).with_name("index.html")
LOGGED_IN = "shop:maria"  # a real site looks this up in its own session


def token_for(user_id: str) -> str:
    """What proves to ViTo, for five minutes, that this user is logged in here."""
    claims = {"sub": user_id, "iss": "https://shop.example", "aud": "vito", "exp": int(time.time()) + 300}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(os.environ["IDENTITY_SECRET"]))


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/token"):
            self._answer("text/plain", token_for(LOGGED_IN).encode())
        else:
            self._answer("text/html; charset=utf-8", PAGE.read_bytes())

    def _answer(self, media_type: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing: the address may hold a key."""


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Site)
    print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
