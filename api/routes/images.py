"""Images of artifacts: kept for the department of a campaign, served to everybody by their checksum, for ever."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from vitograph.api.examples import UNCHANGED
from vitograph.api.guard import Allowed
from vitograph.api.routes.campaigns import writer_of
from vitograph.api.state import StateDep
from vitograph.api.wire.bodies import MOST_BYTES, plain_body
from vitograph.graph.publishing import campaigns
from vitograph.resolver.errors import Forbidden, UnknownThing
from vitograph.resolver.publishing.artifacts import is_sha256

router = APIRouter(tags=["campaigns"])

_BYTES = {"requestBody": {"required": True, "content": {"image/*": {"schema": {"type": "string", "format": "binary"}}}}}

# Its bytes are its name, so whoever has it need not ask again. A browser that opens it runs nothing.
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@router.post("/v1/campaigns/{id}/images", status_code=201, operation_id="put_image", openapi_extra=_BYTES)
async def put(id: str, request: Request, state: StateDep, caller: Allowed) -> dict[str, Any]:
    """Keeps an image (PNG, JPEG, GIF, WebP, AVIF; up to 8 MiB) that an artifact of the campaign may then name."""
    campaign = await campaigns.get(state.graph, id)
    if campaign.department != writer_of(caller, None).department:
        raise Forbidden(f"campaign {id!r} belongs to another department")
    image = await state.images.put(await plain_body(request, MOST_BYTES))
    return {
        "sha256": image.sha256,
        "media_type": image.media_type,
        "bytes": len(image.content),
        "path": f"/images/{image.sha256}",
    }


@router.get("/images/{sha256}", operation_id="get_image", response_class=Response, responses=UNCHANGED)
async def get(sha256: str, request: Request, state: StateDep) -> Response:
    """The image of a checksum."""
    image = await state.images.get(sha256) if is_sha256(sha256) else None
    if image is None:
        raise UnknownThing("image", sha256[:64])
    headers = {**HEADERS, "ETag": f'"{sha256}"'}
    if sha256 in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(image.content, media_type=image.media_type, headers=headers)
