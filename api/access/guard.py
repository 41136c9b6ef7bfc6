"""The guard of a route. A route says only that it is guarded; the policies say for whom, by its operation id."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.requests import HTTPConnection
from fastapi.routing import iter_route_contexts

from vitograph.api.access.policy import load_policy
from vitograph.api.state import State
from vitograph.graph.keys import Caller
from vitograph.graph.reach import Reach
from vitograph.resolver.errors import ServerFailed, Unauthenticated


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
    raise Unauthenticated("send `Authorization: Bearer <key>`")


def address_of(connection: HTTPConnection) -> str:
    """Where a request comes from, as far as the server knows; "" when it comes through a socket of this machine."""
    return connection.client.host if connection.client else ""


def operation_of(connection: HTTPConnection) -> str:
    """The operation id of the route that was chosen."""
    return _operation(connection.scope["route"])


async def permitted(connection: HTTPConnection) -> Caller:
    """Who calls, if the policies permit it. 401 without a key, 403 when they do not, 429 when it calls too often."""
    state: State = connection.app.state.vito
    caller = await state.callers.find(secret_of(connection), address_of(connection))
    load_policy().grant(operation_of(connection), caller)
    return caller


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
        is_guarded = permitted in _calls(getattr(route, "dependant", None))
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
