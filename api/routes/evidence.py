"""Audio, transcripts and documents: posted by channels, read by those who see every event."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import aclosing

import orjson
from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse

from vitograph.api.examples import UNCHANGED, also
from vitograph.api.guard import Allowed
from vitograph.api.state import StateDep
from vitograph.api.wire.bodies import MIB
from vitograph.api.wire.errors import Problem
from vitograph.api.wire.uploads import receive_file
from vitograph.api.wiring.evidence import keep, retention, verified
from vitograph.graph.intake.evidence import Evidence, evidence_of, get_evidence
from vitograph.resolver.errors import UnknownThing
from vitograph.resolver.publishing.artifacts import is_sha256

router = APIRouter(prefix="/v1/evidence", tags=["evidence"])

# No file has more bytes than 18 digits tell; Python reads no number of thousands of them.
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)

# What a channel posted is never run by a browser, whatever it says it is.
HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "attachment",
    "X-Content-Type-Options": "nosniff",
}


PARTS = UNCHANGED | also(_206="the range that was asked for", _416="no byte is in the range that was asked for")


@router.post(
    "",
    status_code=201,
    operation_id="post_evidence",
    responses=also(_200="these bytes are kept already: what was said of them first"),
)
async def post(request: Request, state: StateDep, caller: Allowed) -> Response:
    """Keeps a file by the hash of its bytes; the same bytes again: 200 and what was said of them first."""
    with state.uploads.entered():
        async with receive_file(request, state.settings.evidence_mib * MIB) as upload:
            evidence = evidence_of(upload.sha256, upload.media_type, upload.bytes)
            stored = await keep(state.graph, state.store, evidence, upload.content, retention(state.settings))
    return Response(
        orjson.dumps(stored.evidence.reply()),
        status_code=201 if stored.is_new else 200,
        headers={"Location": stored.evidence.uri, "X-Content-Type-Options": "nosniff"},
        media_type="application/json",
    )


@router.head("/{sha256}", operation_id="get_evidence", response_class=Response, include_in_schema=False)
@router.get("/{sha256}", operation_id="get_evidence", response_class=Response, responses=PARTS)
async def get(
    sha256: str,
    request: Request,
    state: StateDep,
    caller: Allowed,
) -> Response:
    """The bytes, or a range of them (RFC 9110, one range), verified against the hash while they are read.

    A whole read of damaged bytes is broken off before its end; a range of them is a 500.
    """
    if not is_sha256(sha256):
        raise UnknownThing("evidence", sha256)
    evidence = await get_evidence(state.graph, sha256)
    headers = {**HEADERS, "ETag": f'"{sha256}"'}
    if f'"{sha256}"' in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    wanted = _range(request, evidence)
    if wanted == "unsatisfiable":
        raise Problem(416, "no byte is in that range", {**headers, "Content-Range": f"bytes */{evidence.bytes}"})
    first, last = wanted if isinstance(wanted, tuple) else (0, evidence.bytes - 1)
    headers["Content-Length"] = str(last - first + 1)
    if isinstance(wanted, tuple):
        headers["Content-Range"] = f"bytes {first}-{last}/{evidence.bytes}"
    status = 206 if isinstance(wanted, tuple) else 200
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=evidence.media_type)
    read = state.store.read_range(sha256, first, last) if status == 206 else state.store.read(sha256)
    chunks = verified(state.graph, read)
    start = await anext(chunks, b"")  # what cannot be read at all is a problem, not half an answer
    return StreamingResponse(_rest(start, chunks), status, headers, evidence.media_type)


async def _rest(start: bytes, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(chunks) as rest:  # type: ignore[type-var]
        yield start
        async for chunk in rest:
            yield chunk


def _range(request: Request, evidence: Evidence) -> tuple[int, int] | str | None:
    """First and last byte asked for; None for all: what is no range, or one of HEAD, is ignored (RFC 9110 §14.2)."""
    if request.method == "HEAD":
        return None
    asked = _RANGE.fullmatch(request.headers.get("range", "").strip())
    stands = request.headers.get("if-range", f'"{evidence.sha256}"') == f'"{evidence.sha256}"'
    if asked is None or not stands or not (asked[1] or asked[2]):
        return None
    if not asked[1]:
        suffix = min(int(asked[2]), evidence.bytes)
        return (evidence.bytes - suffix, evidence.bytes - 1) if suffix else "unsatisfiable"
    first = int(asked[1])
    last = min(int(asked[2]), evidence.bytes - 1) if asked[2] else evidence.bytes - 1
    if asked[2] and int(asked[2]) < first:
        return None
    return (first, last) if first < evidence.bytes else "unsatisfiable"
