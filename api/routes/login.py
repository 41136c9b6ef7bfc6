"""People sign in: at the issuer that is set, or with the link that `vito login` makes on this machine; and out."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.responses import RedirectResponse

from vitograph.api.access import sessions, signing_in
from vitograph.api.access.sessions import csrf_of
from vitograph.api.guard import Allowed
from vitograph.api.state import State, StateDep
from vitograph.graph.access.keys import Caller
from vitograph.graph.access.sessions import end_session, open_session, redeem

router = APIRouter(tags=["login"])

HOME = "/review"
BACK = "/login/callback"


class TicketBody(BaseModel):
    """What the link of `vito login` holds behind its `#`, where no log and no other site sees it."""

    model_config = ConfigDict(extra="forbid")

    ticket: Annotated[str, StringConstraints(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")]


@router.get("/login/ways", operation_id="list_sign_ins")
async def ways(state: StateDep) -> dict[str, bool]:
    """How people can sign in: `oidc`, at the issuer that is set. Keys and the links of `vito login` always work."""
    return {"oidc": state.signing_in.is_set}


@router.get("/login", operation_id="sign_in", status_code=303, response_class=RedirectResponse)
async def begin(state: StateDep, request: Request) -> Response:
    """Sends the browser to the issuer. 404 when none is set."""
    url, kept = await state.signing_in.begin(_address(state, request, BACK))
    answer = RedirectResponse(url, 303, headers={"Cache-Control": "no-store"})
    secure = sessions.is_https(request, state.settings)
    answer.set_cookie(
        signing_in.COOKIE,
        kept,
        max_age=signing_in.LONGEST,
        path="/login",
        httponly=True,
        secure=secure,
        samesite="lax",  # it is sent when the issuer sends the browser back, which is another site
    )
    return answer


@router.get(BACK, operation_id="finish_sign_in", status_code=303, response_class=RedirectResponse)
async def finish(state: StateDep, request: Request) -> Response:
    """Where the issuer sends the browser back to: a session, and the review page. 401 when it is not this sign-in's."""
    cookie = request.cookies.get(signing_in.COOKIE)
    back = _address(state, request, BACK)
    human = await state.signing_in.finish(back, cookie, dict(request.query_params))
    answer = RedirectResponse(HOME, 303, headers={"Cache-Control": "no-store"})
    answer.delete_cookie(signing_in.COOKIE, path="/login")
    sessions.give(answer, request, state.settings, await _replaced(state, request, human))
    return answer


@router.post("/login/ticket", operation_id="redeem_ticket", status_code=201)
async def with_ticket(body: TicketBody, state: StateDep, request: Request, response: Response) -> dict[str, Any]:
    """A session for the link that `vito login` made on this machine, once."""
    sessions.require_own_page(request)
    secret, human = await redeem(state.graph, body.ticket, sessions.lasts(state.settings))
    await _forget(state, request)
    sessions.give(response, request, state.settings, secret)
    response.headers["Cache-Control"] = "no-store"
    return _shown(state, human, secret)


@router.get("/v1/session", operation_id="get_session")
async def get(request: Request, state: StateDep, caller: Allowed) -> dict[str, Any]:
    """Who you are here; with a session, the `csrf` token that its calls repeat as `X-CSRF-Token`.

    `idle_seconds`: after so long without anybody a page signs out by itself.
    """
    has_key = "authorization" in request.headers
    return _shown(state, caller, None if has_key else sessions.secret_of(request))


@router.delete("/v1/session", operation_id="end_session")
async def end(state: StateDep, request: Request, response: Response, caller: Allowed) -> dict[str, str | None]:
    """Ends the session. `elsewhere` is where the browser ends that at the issuer, too. A key is not ended by it."""
    secret = None if "authorization" in request.headers else sessions.secret_of(request)
    elsewhere = None
    if secret is not None:
        if await end_session(state.graph, secret):
            elsewhere = await state.signing_in.farewell(_address(state, request, HOME))
        state.callers.forget(secret)
    sessions.take(response)
    return {"elsewhere": elsewhere}


async def _replaced(state: State, request: Request, human: Caller) -> str:
    """A new session in place of what this browser had: nobody goes on in one that somebody else prepared."""
    await _forget(state, request)
    return await open_session(state.graph, human, sessions.lasts(state.settings))


async def _forget(state: State, request: Request) -> None:
    if before := request.cookies.get(sessions.COOKIE):
        await end_session(state.graph, before)
        state.callers.forget(before)


def _shown(state: State, human: Caller, secret: str | None) -> dict[str, Any]:
    return {
        "actor": human.id,
        "name": human.name,
        "role": human.role.value,
        "department": human.department,
        "holder": human.holder,
        "csrf": None if secret is None else csrf_of(secret),
        "idle_seconds": state.settings.session_idle_minutes * 60,
    }


def _address(state: State, request: Request, path: str) -> str:
    return (state.settings.public_url or str(request.base_url)).rstrip("/") + path
