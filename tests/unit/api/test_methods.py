"""HEAD is GET without a body, and a 405 tells every method of its path."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from vitograph.api.wire import errors
from vitograph.api.wire.methods import SPENDING, Heads


def app() -> FastAPI:
    router, other = APIRouter(), APIRouter()

    @router.get("/things/{id}")
    async def get(id: str) -> dict[str, str]:
        return {"id": id}

    @other.put("/things/{id}")
    async def put(id: str) -> None: ...

    @other.get("/files")
    async def get_file() -> Response:
        raise AssertionError("HEAD has a route of its own")

    @other.head("/files")
    async def head_file(request: Request) -> Response:
        return Response(headers={"X-Method": request.method})

    @other.get("/endless")
    async def endless() -> StreamingResponse:
        async def lines() -> AsyncIterator[bytes]:
            while True:
                yield b"more"

        return StreamingResponse(lines())

    @other.post("/calls")
    async def post() -> None: ...

    @other.get("/back", operation_id=next(iter(SPENDING)))
    async def back() -> None:
        raise AssertionError("its GET spends a code")

    made = FastAPI()
    errors.install(made)
    made.add_middleware(Heads)
    made.include_router(router)
    made.include_router(other)
    return made


async def asked(method: str, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app()), base_url="http://vito") as client:
        return await client.request(method, path)


async def test_head_is_get_without_its_body() -> None:
    head, get = await asked("HEAD", "/things/1"), await asked("GET", "/things/1")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == get.headers
    assert head.headers["content-length"] == str(len(get.content))


async def test_a_head_spends_nothing() -> None:
    answer = await asked("HEAD", "/back")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")


async def test_a_head_of_its_own_is_asked() -> None:
    assert (await asked("HEAD", "/files")).headers["x-method"] == "HEAD"


async def test_what_has_no_end_ends_with_its_head() -> None:
    async with asyncio.timeout(60):
        assert (await asked("HEAD", "/endless")).content == b""


@pytest.mark.parametrize(
    ("method", "path", "methods"),
    [
        ("DELETE", "/things/1", "GET, HEAD, PUT"),
        ("PATCH", "/files", "GET, HEAD"),
        ("HEAD", "/calls", "POST"),
        ("GET", "/calls", "POST"),
        ("POST", "/openapi.json", "GET, HEAD"),
    ],
)
async def test_a_405_tells_every_method_of_the_path(method: str, path: str, methods: str) -> None:
    answer = await asked(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, methods)


async def test_of_no_path_no_method_is_told() -> None:
    for method in ("HEAD", "DELETE"):
        answer = await asked(method, "/nowhere")
        assert answer.status_code == 404
        assert "allow" not in answer.headers
