"""The scripts that landing pages of any origin include: the dead man's switch, and the one that speaks to ViTo."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources

from fastapi import APIRouter, Request, Response

router = APIRouter(tags=["scripts"], include_in_schema=False)

# Pages of other origins load them, and check them by their hash. A browser that kept the switch finds the server away,
# and is dark.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
    "X-Content-Type-Options": "nosniff",
}

_FILES = resources.files("vitograph.api") / "web"
_LINES = map(str.strip, (_FILES / "vito.js").read_text(encoding="utf-8").splitlines())

SWITCH = (_FILES / "switch.js").read_bytes()
"""`/switch.js`, as it lies here: its hash stands in pages."""
SNIPPET = "\n".join(line for line in _LINES if not line.startswith("//")).encode()
"""`/vito.js`, without its indentation and comments."""


@router.get("/switch.js", operation_id="switch")
async def switch(request: Request) -> Response:
    """The dead man's switch; 304 for who has it."""
    return _serve(SWITCH, request)


@router.get("/vito.js", operation_id="snippet")
async def snippet(request: Request) -> Response:
    """The script that speaks to ViTo; 304 for who has it."""
    return _serve(SNIPPET, request)


def integrity(script: bytes) -> str:
    """The subresource integrity of a script, as a page states it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(script).digest()).decode()


def _serve(script: bytes, request: Request) -> Response:
    etag = f'"{integrity(script)[7:39]}"'
    headers = {**HEADERS, "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(script, media_type="text/javascript; charset=utf-8", headers=headers)
