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
from vitograph.graph.keys import Caller, Role, find_caller
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
    """The dependency of a route: its caller, who has one of these roles. 401 without a key, 403 with another role."""
    return Depends(_only(frozenset(roles)))


def _only(roles: frozenset[Role]) -> Callable[..., Coroutine[Any, Any, Caller]]:
    async def caller(request: Request, state: StateDep) -> Caller:
        found = await state.callers.find(secret_of(request))
        if found.role not in roles:
            raise Forbidden(f"this call is for {' or '.join(sorted(roles))} keys; this one is a {found.role} key")
        return found

    return caller
