"""The script that a page includes to speak to ViTo, for pages of any origin."""

from __future__ import annotations

import hashlib
from importlib import resources

from fastapi import APIRouter, Request, Response

router = APIRouter(include_in_schema=False)

_SOURCE = resources.files("vitograph.api").joinpath("snippet", "vito.js").read_text(encoding="utf-8")
_LINES = (line.strip() for line in _SOURCE.splitlines())

SCRIPT = "\n".join(line for line in _LINES if not line.startswith("//")).encode()
"""Without its indentation and comments."""

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
    "ETag": f'"{hashlib.sha256(SCRIPT).hexdigest()[:16]}"',
}


@router.get("/vito.js")
async def snippet(request: Request) -> Response:
    """The script; 304 for who has it."""
    if request.headers.get("if-none-match") == HEADERS["ETag"]:
        return Response(status_code=304, headers=HEADERS)
    return Response(SCRIPT, media_type="text/javascript", headers=HEADERS)
