"""The review page."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from vitograph.api.assets import PAGE, Asset, read_assets, serve

router = APIRouter(tags=["review"], include_in_schema=False)

FOLDER = "review"


@router.get("/review")
@router.get("/review/")
async def page(request: Request) -> Response:
    """The page itself; it holds no data, so it needs no key."""
    return serve(FOLDER, PAGE, request)


@router.get("/review/assets/{name}")
async def asset(name: str, request: Request) -> Response:
    """A script or a style sheet of the page."""
    return serve(FOLDER, name, request)


def load_assets() -> Mapping[str, Asset]:
    """Every file of the page by its name."""
    return read_assets(FOLDER)
