"""A call that goes past the framework is answered as the framework's own."""

from __future__ import annotations

import httpx
import pytest
from fastapi import APIRouter, FastAPI, HTTPException, Request, Response
from starlette.types import ASGIApp

from vitograph.api.guard import operation_of
from vitograph.api.wire import errors
from vitograph.api.wire.errors import Problem
from vitograph.api.wire.straight import Straight
from vitograph.resolver.errors import Fault, GraphUnavailable, InvalidInput, TooBusy, Unauthenticated, UnknownThing

RAISED: dict[str, Exception] = {
    "input": InvalidInput([Fault("/id", "it must be a string")]),
    "key": Unauthenticated("send a key"),
    "busy": TooBusy("later", wait=3),
    "away": GraphUnavailable("Neo4j does not answer"),
    "unknown": UnknownThing("campaign", "x"),
    "large": Problem(413, "a body may have 1 byte", {"Connection": "close"}),
    "framework": HTTPException(415, "no"),
    "bug": ValueError("somebody's name"),
}


def app_of(*, is_straight: bool) -> ASGIApp:
    router = APIRouter()

    @router.post("/calls", operation_id="call", status_code=201)
    async def call(request: Request) -> Response:
        word = (await request.body()).decode()
        if word in RAISED:
            raise RAISED[word]
        return Response(f"{operation_of(request)} {word}", 201)

    app = FastAPI()
    errors.install(app)
    app.include_router(router)
    return Straight(app, app, router.routes) if is_straight else app


async def asked(app: ASGIApp, method: str, path: str, word: str) -> tuple[int, str, dict[str, str]]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://vito") as client:
        answer = await client.request(method, path, content=word)
    return answer.status_code, answer.text, dict(answer.headers)


@pytest.mark.parametrize("word", ["fine", *RAISED])
async def test_what_a_handler_says_or_raises_is_answered_alike(word: str) -> None:
    straight = await asked(app_of(is_straight=True), "POST", "/calls", word)
    assert straight == await asked(app_of(is_straight=False), "POST", "/calls", word)
    assert "somebody" not in straight[1]
    assert (straight[0] == 201) == (word == "fine")


@pytest.mark.parametrize(("method", "path"), [("GET", "/calls"), ("POST", "/calls/"), ("POST", "/other")])
async def test_what_is_another_call_is_the_routers(method: str, path: str) -> None:
    straight = await asked(app_of(is_straight=True), method, path, "fine")
    assert straight == await asked(app_of(is_straight=False), method, path, "fine")
    assert straight[0] in (307, 404, 405)
