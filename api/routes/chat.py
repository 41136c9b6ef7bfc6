"""A chat whose users are logged in elsewhere: their proof makes the account verified, a logout ends the sitting."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints

from vitograph.api.examples import REPLAYED, takes
from vitograph.api.guard import Admits, from_anywhere
from vitograph.api.pointers import told_of, warned_of
from vitograph.api.recording import record_one
from vitograph.api.routes.observations import answer, read
from vitograph.api.state import State, StateDep
from vitograph.api.wire.bodies import json_object, validated

router = APIRouter(prefix="/v1/chat", tags=["chat"], dependencies=[Admits])

Id = Annotated[str, StringConstraints(min_length=1, max_length=128)]
PLACES = {
    "/identifiers/0/value": "/session",
    "/identifiers/0": "/session",
    "/identifiers/1/value": "/cookie",
    "/identifiers/1": "/cookie",
    "/identifiers": "/session",
}
MESSAGE = {
    "id": "0192f3a4-5b6c-7d8e-9f00-112233445566",
    "session": "s-7",
    "text": "Where is my order?",
    "identity": {"token": "eyJhbGciOiJIUzI1NiJ9.…"},
}


class Said(BaseModel):
    """`id` makes a retry harmless. `session` is one sitting; `identity` is the proof of a login, `{token}` or
    `{user_id, user_hash}`. Without one the sitting is its device's.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    session: Id
    id: Id | None = None
    cookie: Id | None = None
    occurred_at: Id | None = None
    identity: dict[str, Any] | None = None


class Message(Said):
    text: Annotated[str, StringConstraints(min_length=1, max_length=8_000)]


@router.post(
    "/messages",
    status_code=201,
    operation_id="post_chat_message",
    openapi_extra=takes(MESSAGE),
    responses=REPLAYED,
)
async def message(request: Request, state: StateDep) -> Response:
    """Accepts a message of a chat. 401, and nothing is stored, when its proof of identity proves nothing."""
    said = validated(Message, await json_object(request))
    return await _record(request, state, said, {"type": "chat.message", "properties": {"text": said.text}})


@router.post(
    "/logout",
    status_code=201,
    operation_id="post_chat_logout",
    openapi_extra=takes({"session": "s-7"}),
    responses=REPLAYED,
)
async def logout(request: Request, state: StateDep) -> Response:
    """Ends a sitting: what comes after it on the same session is another one's."""
    said = validated(Said, await json_object(request))
    return await _record(request, state, said, {"type": "session.ended"})


async def _record(request: Request, state: State, said: Said, event: dict[str, Any]) -> Response:
    caller = await from_anywhere(request, state)
    carried = [{"kind": "session", "value": said.session, "assurance": "observed"}]
    if said.cookie is not None:
        carried.append({"kind": "cookie", "value": said.cookie, "assurance": "observed"})
    stated = {"id": said.id, "occurred_at": said.occurred_at, "identity": said.identity}
    body: dict[str, Any] = {name: value for name, value in stated.items() if value is not None}
    body.update(channel="chat", identifiers=carried, event=event)
    with told_of(PLACES):
        observation = warned_of(await read(body, state, caller), PLACES)
    return answer(await record_one(state, observation))
