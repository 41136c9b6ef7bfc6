"""The hot reads whose answer this process holds already: whole answers, made once for whatever is shown.

Only the plainest question is answered so: a GET without a query, a language to choose or a reply to compare, and which
belongs to no trace. Every other one goes the way of `campaigns.py` and `visitors.py`, which answer the same. Such an
answer has an id as every other one, and is counted; it is not timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.types import Message, Scope
from uuid_utils import uuid7

from vitograph.api.hot import TEMPLATES, campaigns, visitors
from vitograph.api.hot.answers import PRIVATE, REPLY, Body, Headers, body
from vitograph.api.state import State
from vitograph.api.telemetry.requests import RequestFigures
from vitograph.api.telemetry.watching import HEADER as REQUEST_ID
from vitograph.projections.hot.line import Origin
from vitograph.projections.hot.ready import REPLIES, Ready
from vitograph.resolver.publishing.campaigns import Shown

HOT = "/hot/"
MOST_HEADERS = 32
MOST_HEADER = 512
MOST_GREETINGS = 4_096

ELSEWHERE = frozenset({b"if-none-match", REQUEST_ID, b"traceparent"})
"""Headers of a request that is answered elsewhere."""

# It was told by the hot memory, and took no time.
TIMING = (b"server-timing", b"%s;dur=0" % Origin.REDIS.value.encode())

Messages = tuple[Message, Message]


class Glances:
    """`harden`: adds the headers that every answer of the application has; `figures` are told of each."""

    def __init__(self, harden: Callable[[Headers], Headers], figures: RequestFigures) -> None:
        self._harden = harden
        self._figures = figures
        self._states = {word: self._made(REPLY, body(content)) for word, content in REPLIES.items()}
        self._greetings: dict[bytes, Messages] = {}

    def answer(self, state: State, scope: Scope) -> Messages | None:
        """The two messages of an answer; None where this is no hot read, or not one to be answered so."""
        path: str = scope["path"]
        if not path.startswith(HOT) or scope["method"] != "GET" or scope["query_string"]:
            return None
        headers = scope["headers"]
        if len(headers) > MOST_HEADERS:
            return None
        for name, value in headers:
            if name in ELSEWHERE or len(value) > MOST_HEADER:
                return None
        if path.startswith(campaigns.PREFIX):
            route, made = TEMPLATES[campaigns.read_campaign], self._campaign(state, path[len(campaigns.PREFIX) :])
        elif path.startswith(visitors.PREFIX):
            route, made = TEMPLATES[visitors.read_visitor], self._visitor(state, path[len(visitors.PREFIX) :])
        else:
            return None
        if made is None:
            return None
        counts = self._figures.glances
        counts[route] = counts.get(route, 0) + 1
        start, end = made
        return {**start, "headers": [*start["headers"], (REQUEST_ID, str(uuid7()).encode())]}, end

    def _campaign(self, state: State, id: str) -> Messages | None:
        if id.endswith(campaigns.STATUS):
            ready = state.reader.glance(id[: -len(campaigns.STATUS)])
            return None if ready is None else self._states[ready.shown(time.time())]
        ready = state.reader.glance(id)
        if ready is None:
            return None
        word = ready.shown(time.time())
        if word is Shown.ACTIVE and ready.is_spoken:
            return None
        made: Messages | None = ready.made.get(word)
        return self._show(ready, word) if made is None else made

    def _show(self, ready: Ready, word: Shown) -> Messages:
        made = ready.made[word] = self._made(REPLY, body(ready.told(word)))
        return made

    def _visitor(self, state: State, cookie: str) -> Messages | None:
        said = state.visitors.glance(cookie)
        if said is None:
            return None
        made = self._greetings.get(said)
        if made is None:
            if len(self._greetings) >= MOST_GREETINGS:
                self._greetings.clear()
            made = self._greetings[said] = self._made(PRIVATE, body(said))
        return made

    def _made(self, headers: Headers, reply: Body) -> Messages:
        whole = [*headers, TIMING, (b"etag", reply.tag), (b"content-length", reply.length)]
        start = {"type": "http.response.start", "status": 200, "headers": self._harden(whole)}
        return start, {"type": "http.response.body", "body": reply.content}
