"""The hot read of a visitor: first name and campaigns met, and with `?campaign=` the offers that are made to them."""

from __future__ import annotations

import datetime as dt
import time
import unicodedata
from typing import Any

import orjson
from starlette.types import Scope, Send

from vitograph.api.hot.answers import PRIVATE, body, reply, timing
from vitograph.api.hot.campaigns import LONGEST_ID, argument, languages
from vitograph.api.state import State
from vitograph.projections.hot.line import Origin
from vitograph.projections.hot.ready import Ready, unknown
from vitograph.projections.hot.visitors import NOBODY, Greeting
from vitograph.resolver.errors import GraphUnavailable
from vitograph.resolver.publishing.campaigns import Shown
from vitograph.resolver.publishing.offers import Situation
from vitograph.resolver.storable import why_unstorable
from vitograph.resolver.values.normalize import LONGEST_IDENTIFIER

PREFIX = "/hot/visitors/"


async def read_visitor(state: State, scope: Scope, send: Send) -> None:
    """Answers `/hot/visitors/{cookie}`. GraphUnavailable when neither store can say to whom offers are to be made."""
    started = time.perf_counter()
    # As an identifier is normalised: NFKC, trimmed, case kept.
    cookie = unicodedata.normalize("NFKC", scope["path"][len(PREFIX) :]).strip()
    campaign = argument(scope, "campaign")
    greeting = await _greeting(state, cookie, is_needed=bool(campaign))
    said = greeting.reply
    if campaign:
        ready = (await state.reader.read(campaign)).ready if len(campaign) <= LONGEST_ID else unknown()
        said = orjson.dumps(_offered(greeting, campaign, ready, languages(scope)))
    await reply(send, scope, [*PRIVATE, timing(greeting.origin, started)], body(said))


def is_visitor(path: str) -> bool:
    """Whether a path asks for a visitor."""
    return path.startswith(PREFIX) and len(path) > len(PREFIX)


async def _greeting(state: State, cookie: str, *, is_needed: bool) -> Greeting:
    """What is said to a visitor: nothing to one of whom neither store can say, unless an offer depends on it."""
    if not _can_be(cookie):
        return Greeting(NOBODY, Origin.REDIS)
    try:
        return await state.visitors.read(cookie)
    except GraphUnavailable:
        if is_needed:
            raise
        return Greeting(NOBODY, Origin.GRAPH)


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
