"""The analysts' page; it borrows the review page's style and its way to make elements."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response

from vitograph.api.assets import PAGE, Asset, read_assets, serve

router = APIRouter(tags=["analyst"], include_in_schema=False)

FOLDER = "analyst"


@router.get("/analyst")
@router.get("/analyst/")
async def page(request: Request) -> Response:
    """The page itself; it holds no data, so it needs no key."""
    return serve(FOLDER, PAGE, request)


@router.get("/analyst/assets/{name}")
async def asset(name: str, request: Request) -> Response:
    """A script or a style sheet of the page."""
    return serve(FOLDER, name, request)


def load_assets() -> Mapping[str, Asset]:
    """Every file of the page by its name."""
    return read_assets(FOLDER)
