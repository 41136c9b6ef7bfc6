"""The guard of a route. A route says only that it is guarded; the policies say for whom, by its operation id."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.requests import HTTPConnection
from fastapi.routing import iter_route_contexts

from vitograph.api.access import sessions
from vitograph.api.access.policy import load_policy
from vitograph.api.state import State, StateDep
from vitograph.graph.access.keys import PUBLISHABLE, Caller
from vitograph.graph.access.sessions import SECRET as SESSION
from vitograph.graph.reach import Reach
from vitograph.resolver.errors import Forbidden, ServerFailed, TooBusy, Unauthenticated


def secret_of(connection: HTTPConnection) -> str:
    """The key of a request: a Bearer token, or the user name of Basic as Segment's libraries send it."""
    scheme, _, credentials = connection.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials.strip():
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            raise Unauthenticated("the Authorization header cannot be read") from None
    if not {"key", "access_token"}.isdisjoint(connection.query_params):
        raise Unauthenticated(
            "addresses end up in logs: send the key as `Authorization: Bearer <key>`, and have a secret one that came"
            f" so rotated; only a key of web pages ({PUBLISHABLE}…) comes as `?key=`, to the calls that are for it"
        )
    raise Unauthenticated("send `Authorization: Bearer <key>`")


def address_of(connection: HTTPConnection) -> str:
    """Where a request comes from, as far as the server knows; "" when it comes through a socket of this machine."""
    return connection.client.host if connection.client else ""


def operation_of(connection: HTTPConnection) -> str:
    """The operation id of the route that was chosen."""
    return _operation(connection.scope["route"])


async def admit(connection: HTTPConnection, secret: str) -> Caller:
    """Whose secret this is, if the policies permit the call. 401, 403; 429 when it calls too often."""
    state: State = connection.app.state.vito
    caller = await state.callers.find(secret, address_of(connection))
    load_policy().grant(operation_of(connection), caller)
    return caller


async def is_still_known(connection: HTTPConnection) -> bool:
    """Whether the key or session that a request came with is still good: of a line that stays open."""
    state: State = connection.app.state.vito
    by_header = "authorization" in connection.headers
    secret = secret_of(connection) if by_header else sessions.secret_of(connection)
    return secret is not None and await state.callers.holds(secret)


async def permitted(connection: HTTPConnection) -> Caller:
    """Who calls, by the key of the request's header, else by the session of its cookie, if the policies permit it."""
    if "authorization" not in connection.headers and (session := sessions.secret_of(connection)) is not None:
        return await admit(connection, session)
    secret = secret_of(connection)
    if secret.startswith(SESSION):
        raise Unauthenticated("a session comes by its cookie alone")
    return await admit(connection, secret)


async def from_anywhere(request: Request, state: StateDep, secret: str | None = None) -> Caller:
    """The channel that calls, perhaps from a web page: by `secret`, else by the request's own key.

    A key in the address must be publishable, since addresses are logged; and of such a key the origin must be one of
    its own, and the rate that of a person. 401, 403, 429.
    """
    query = request.query_params.get("key", "") if request.scope["query_string"] else ""
    if secret is None and not request.headers.get("authorization") and query.startswith(PUBLISHABLE):
        secret = query
    caller = await admit(request, secret or secret_of(request))
    if caller.terms.publishable:
        origin = request.headers.get("origin")
        if caller.terms.origins and origin not in caller.terms.origins:
            raise Forbidden("this key is for the pages of other origins")
        if not state.pages.take((caller.id, address_of(request))):
            raise TooBusy("too many requests from this address; try again shortly", wait=1)
    return caller


async def admits() -> None:
    """Says of a route that its handler calls `admit` itself, with a key that stands elsewhere than in the header."""


Admits = Depends(admits)
Allowed = Annotated[Caller, Depends(permitted)]
"""The caller of a guarded route."""


async def reach(connection: HTTPConnection, caller: Allowed) -> Reach:
    """Which rows the caller may read by this call."""
    return load_policy().grant(operation_of(connection), caller).reach(caller)


Reached = Annotated[Reach, Depends(reach)]
"""Which rows the caller of a guarded route may read."""


def check_guarded(app: FastAPI) -> None:
    """ServerFailed when a route is neither guarded nor public by the policies, or one that they name is not there."""
    policy = load_policy()
    found = {}
    for route in iter_route_contexts(app.routes):
        operation = _operation(route)
        is_guarded = not {permitted, admits}.isdisjoint(_calls(getattr(route, "dependant", None)))
        is_public = policy.is_public(operation)
        if operation not in policy.operations:
            raise ServerFailed(f"the access policies know no call {operation!r} ({route.path})")
        if is_guarded == is_public:
            what = "guarded, and public" if is_guarded else "not guarded, and not public"
            raise ServerFailed(f"{operation} ({route.path}) is {what} by the access policies")
        found[operation] = route
    if missing := policy.operations - set(found):
        raise ServerFailed(f"the access policies speak of calls that are not there: {', '.join(sorted(missing))}")


def _operation(route: Any) -> str:
    return getattr(route, "operation_id", None) or str(route.name)


def _calls(dependant: Dependant | None) -> Iterator[Any]:
    """Everything that a route depends on."""
    if dependant is not None:
        yield dependant.call
        for needed in dependant.dependencies:
            yield from _calls(needed)
