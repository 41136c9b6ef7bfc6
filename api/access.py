"""Who may call what: a key names a caller, and every route names the roles it serves."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Depends, Request

from vitograph.api.state import StateDep
from vitograph.graph.driver import Graph
from vitograph.graph.keys import PUBLISHABLE, Caller, Role, find_caller
from vitograph.resolver.errors import Forbidden, Unauthenticated

# Seconds for which a process remembers a caller: how long a revoked key may still be served.
REMEMBERED = 1.0
MOST_REMEMBERED = 10_000


class Callers:
    """Looks callers up by their secret, and remembers them shortly."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, tuple[float, Caller]] = {}

    async def find(self, secret: str) -> Caller:
        """Unauthenticated when nobody has this key."""
        now = time.monotonic()
        known = self._known.get(secret)
        if known is not None and known[0] > now:
            return known[1]
        caller = await find_caller(self._graph, secret)
        if caller is None:
            self._known.pop(secret, None)
            raise Unauthenticated("no such key, or it was revoked")
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[secret] = (now + REMEMBERED, caller)
        return caller


def secret_of(request: Request) -> str:
    """The key of a request: a Bearer token, or the user name of Basic as Segment's libraries send it."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials:
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            raise Unauthenticated("the Authorization header cannot be read") from None
    raise Unauthenticated("send `Authorization: Bearer <key>`")


def allow(*roles: Role) -> Any:
    """The dependency of a route: its caller, who has one of these roles. 401 without a key, 403 with another role.

    Keys that stand in web pages are refused; calls that take them ask `from_anywhere`.
    """
    return Depends(_only(frozenset(roles)))


async def from_anywhere(request: Request, state: StateDep, secret: str | None = None) -> Caller:
    """The channel that calls, perhaps from a web page: by `secret`, else by the request's own key.

    A key in the address must be publishable, since addresses are logged; and of such a key the origin must be one of
    its own, and the rate that of a person. 401, 403, 429.
    """
    query = request.query_params.get("key", "")
    if secret is None and not request.headers.get("authorization") and query.startswith(PUBLISHABLE):
        secret = query
    caller = await state.callers.find(secret or secret_of(request))
    _require(caller, frozenset({Role.CHANNEL}))
    if caller.terms.publishable:
        origin = request.headers.get("origin")
        if caller.terms.origins and origin not in caller.terms.origins:
            raise Forbidden("this key is for the pages of other origins")
        state.limits.take(caller.id, request.client.host if request.client else "")
    return caller


def _only(roles: frozenset[Role]) -> Callable[..., Coroutine[Any, Any, Caller]]:
    async def caller(request: Request, state: StateDep) -> Caller:
        found = await state.callers.find(secret_of(request))
        _require(found, roles)
        if found.terms.publishable:
            raise Forbidden("this call is not for keys that stand in web pages")
        return found

    return caller


def _require(caller: Caller, roles: frozenset[Role]) -> None:
    if caller.role not in roles:
        raise Forbidden(f"this call is for {' or '.join(sorted(roles))} keys; this one is a {caller.role} key")
