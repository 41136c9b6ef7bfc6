"""The hot read of a campaign: what it shows now, in the language of who reads it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs

from starlette.types import Scope, Send

from vitograph.api.hot.answers import REPLY, Body, body, header, reply, timing
from vitograph.api.state import State
from vitograph.projections.ready import REPLIES, Ready, unknown
from vitograph.resolver.campaigns import Shown
from vitograph.resolver.locales import wanted

PREFIX = "/hot/campaigns/"
STATUS = "/status"
LONGEST_ID = 64

STATES = {word: body(content) for word, content in REPLIES.items()}


@dataclass(frozen=True, slots=True)
class CampaignRead:
    """A question for a campaign, or for its status alone."""

    id: str
    only_status: bool

    async def answer(self, state: State, scope: Scope, send: Send) -> None:
        """Answers it. GraphUnavailable when neither store can say."""
        started = time.perf_counter()
        headers = REPLY.copy()
        ready = unknown()
        if len(self.id) <= LONGEST_ID:
            found = await state.reader.read(self.id)
            ready = found.ready
            headers.append(timing(found.origin, started))
        word = ready.shown(time.time())
        if self.only_status:
            await reply(send, scope, headers, STATES[word])
            return
        wants: tuple[str, ...] = ()
        if ready.is_spoken and word is Shown.ACTIVE:
            wants = languages(scope)
            headers.append((b"vary", b"Accept-Language"))
        await reply(send, scope, headers, _body(ready, word, wants))


def parse(scope: Scope) -> CampaignRead | None:
    """What a path asks of a campaign, None when it is no such path."""
    path: str = scope["path"]
    if not path.startswith(PREFIX):
        return None
    id = path[len(PREFIX) :]
    only_status = id.endswith(STATUS)
    id = id.removesuffix(STATUS)
    return CampaignRead(id, only_status) if id and "/" not in id else None


def languages(scope: Scope) -> tuple[str, ...]:
    """The language tags that are wanted, best first: of the query, then of the browser."""
    asked = argument(scope, "locale")
    return wanted(asked, header(scope, b"accept-language").decode("latin-1"))


def argument(scope: Scope, name: str) -> str:
    """The first value of a parameter of the query, or nothing."""
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get(name, [""])[0] if query else ""


@lru_cache(maxsize=256)
def _body(ready: Ready, word: Shown, wants: tuple[str, ...]) -> Body:
    return body(ready.told(word, wants))
