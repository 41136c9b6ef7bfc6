"""The pages for people, `/review` and `/analyst`; the analysts' one borrows the other's style and its elements."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from vitograph.api.wire.assets import PAGE, serve

router = APIRouter(tags=["pages"], include_in_schema=False)

FOLDERS = ("review", "analyst")


@router.get("/", operation_id="front_page")
async def front() -> Response:
    """Whoever opens the address that `vito up` prints is led to the page for people."""
    return RedirectResponse("review", 307)


def _add(folder: str) -> None:
    async def page(request: Request) -> Response:
        """The page itself; it holds no data, so it needs no key."""
        return serve(folder, PAGE, request)

    async def asset(name: str, request: Request) -> Response:
        """A script or a style sheet of the page."""
        return serve(folder, name, request)

    for path in (f"/{folder}", f"/{folder}/"):
        router.get(path, operation_id=f"{folder}_page")(page)
    router.get(f"/{folder}/assets/{{name}}", operation_id=f"{folder}_asset")(asset)


for _folder in FOLDERS:
    _add(_folder)
