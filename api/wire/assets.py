"""Web pages: plain files of this package, served so that a browser runs nothing else on them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from fastapi import Request, Response

from vitograph.resolver.errors import UnknownThing

PAGE = "index.html"
MEDIA_TYPES = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}

# Nothing from elsewhere, nothing inline, no form that leaves the page, no frame around it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "media-src blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of a page; the ETag is of its content, so a new version of ViTo is seen at once."""

    content: bytes
    media_type: str
    etag: str


@cache
def read_assets(folder: str) -> Mapping[str, Asset]:
    """Every file of a page by its name: what is not among them is not served, whatever a path says."""
    files = (resources.files("vitograph.api") / "web" / folder).iterdir()
    return {
        file.name: _read(file.name, file.read_bytes()) for file in files if file.name.rpartition(".")[2] in MEDIA_TYPES
    }


def serve(folder: str, name: str, request: Request) -> Response:
    """A file of the page in this folder. UnknownThing when it has none of that name."""
    found = read_assets(folder).get(name)
    if found is None:
        raise UnknownThing("asset", name)
    headers = {**HEADERS, "ETag": found.etag}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)


def _read(name: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Asset(content, MEDIA_TYPES[name.rpartition(".")[2]], f'"{digest}"')
