"""The dead man's switch of landing pages: a script of its own, the same for everybody."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from fastapi import APIRouter, Request, Response

router = APIRouter(tags=["switch"], include_in_schema=False)

# Pages of other origins load it, and check it by its hash. A browser that kept it finds the server away, and is dark.
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cache-Control": "public, max-age=300",
    "X-Content-Type-Options": "nosniff",
}


@router.get("/switch.js")
async def switch(request: Request) -> Response:
    """The script."""
    etag = f'"{integrity()[7:39]}"'
    headers = {**HEADERS, "ETag": etag}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(load_switch(), media_type="text/javascript; charset=utf-8", headers=headers)


@cache
def load_switch() -> bytes:
    """The script as it is served."""
    return (resources.files("vitograph.api") / "switch.js").read_bytes()


@cache
def integrity() -> str:
    """Its subresource integrity, as a page states it."""
    return "sha384-" + base64.b64encode(hashlib.sha384(load_switch()).digest()).decode()
