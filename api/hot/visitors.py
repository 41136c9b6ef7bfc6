"""The hot read of a visitor: first name and campaigns met, and with `?campaign=` the offers that are made to them."""

from __future__ import annotations

import datetime as dt
import time
import unicodedata
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.types import Scope, Send

from vitograph.api.hot.answers import PRIVATE, Body, body, reply, timing
from vitograph.api.hot.campaigns import LONGEST_ID, argument, languages
from vitograph.api.state import State
from vitograph.projections.line import Origin
from vitograph.projections.ready import Ready, unknown
from vitograph.projections.visitors import NOBODY, Greeting
from vitograph.resolver.campaigns import Shown
from vitograph.resolver.normalize import LONGEST_IDENTIFIER
from vitograph.resolver.offers import Situation
from vitograph.resolver.storable import why_unstorable

PREFIX = "/hot/visitors/"
NO_BODY = body(NOBODY)


@dataclass(frozen=True, slots=True)
class VisitorRead:
    """A question for the visitor of a cookie."""

    cookie: str

    async def answer(self, state: State, scope: Scope, send: Send) -> None:
        """Answers it. GraphUnavailable when neither store can say."""
        started = time.perf_counter()
        greeting = Greeting(NOBODY, Origin.REDIS)
        if _can_be(self.cookie):
            greeting = await state.visitors.read(self.cookie)
        campaign = argument(scope, "campaign")
        if campaign:
            ready = (await state.reader.read(campaign)).ready if len(campaign) <= LONGEST_ID else unknown()
            said = orjson.dumps(_offered(greeting, campaign, ready, languages(scope)))
        else:
            said = greeting.reply
        await reply(send, scope, [*PRIVATE, timing(greeting.origin, started)], _body(said))


def parse(scope: Scope) -> VisitorRead | None:
    """What a path asks of a visitor, None when it is no such path."""
    path: str = scope["path"]
    if not path.startswith(PREFIX) or len(path) == len(PREFIX):
        return None
    # As an identifier is normalised: NFKC, trimmed, case kept.
    return VisitorRead(unicodedata.normalize("NFKC", path[len(PREFIX) :]).strip())


def _can_be(cookie: str) -> bool:
    return 0 < len(cookie) <= LONGEST_IDENTIFIER and why_unstorable(cookie) is None


def _offered(greeting: Greeting, campaign: str, ready: Ready, wants: tuple[str, ...]) -> dict[str, Any]:
    """The greeting with what the campaign shows, and offers to this visitor while it is active."""
    said: dict[str, Any] = orjson.loads(greeting.reply)
    now = dt.datetime.now(dt.UTC)
    word = ready.shown(now.timestamp())
    shown: dict[str, Any] = {"id": campaign, "status": word.value}
    if word is Shown.ACTIVE:
        met = tuple(said.get("campaigns", ()))
        situation = Situation(bool(said), met, wants[0] if wants else "", now)
        shown["offers"] = ready.offered(situation, wants)
    return {**said, "campaign": shown}


def _body(said: bytes) -> Body:
    return NO_BODY if said is NOBODY else body(said)
