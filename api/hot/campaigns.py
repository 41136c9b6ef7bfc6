"""The hot read of a campaign: what it shows now, in the language of who reads it."""

from __future__ import annotations

import time
from urllib.parse import parse_qs

from starlette.types import Scope, Send

from vitograph.api.hot.answers import REPLY, Body, body, header, reply, timing
from vitograph.api.state import State
from vitograph.projections.hot.ready import REPLIES, Ready, unknown
from vitograph.resolver.publishing.campaigns import Shown
from vitograph.resolver.publishing.locales import wanted

PREFIX = "/hot/campaigns/"
STATUS = "/status"
LONGEST_ID = 64
MOST_MADE = 32

STATES = {word: body(content) for word, content in REPLIES.items()}


async def read_campaign(state: State, scope: Scope, send: Send) -> None:
    """Answers `/hot/campaigns/{id}` and `…/status`. GraphUnavailable when neither store can say."""
    started = time.perf_counter()
    id = scope["path"][len(PREFIX) :]
    only_status = id.endswith(STATUS)
    id = id.removesuffix(STATUS)
    headers = REPLY.copy()
    ready = unknown()
    if len(id) <= LONGEST_ID:
        found = await state.reader.read(id)
        ready = found.ready
        headers.append(timing(found.origin, started))
    word = ready.shown(time.time())
    if only_status:
        await reply(send, scope, headers, STATES[word])
        return
    wants: tuple[str, ...] = ()
    if ready.is_spoken and word is Shown.ACTIVE:
        wants = languages(scope)
        headers.append((b"vary", b"Accept-Language"))
    await reply(send, scope, headers, _body(ready, word, wants))


def is_campaign(path: str) -> bool:
    """Whether a path asks for a campaign."""
    id = path[len(PREFIX) :].removesuffix(STATUS)
    return path.startswith(PREFIX) and bool(id) and "/" not in id


def languages(scope: Scope) -> tuple[str, ...]:
    """The language tags that are wanted, best first: of the query, then of the browser."""
    asked = argument(scope, "locale")
    return wanted(asked, header(scope, b"accept-language").decode("latin-1"))


def argument(scope: Scope, name: str) -> str:
    """The first value of a parameter of the query, or nothing."""
    query: bytes = scope["query_string"]
    return parse_qs(query.decode("latin-1")).get(name, [""])[0] if query else ""


def _body(ready: Ready, word: Shown, wants: tuple[str, ...]) -> Body:
    made: Body | None = ready.made.get((word, wants))
    if made is None:
        if len(ready.made) >= MOST_MADE:
            ready.made.clear()
        made = ready.made[word, wants] = body(ready.told(word, wants))
    return made
