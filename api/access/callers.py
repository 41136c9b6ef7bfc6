"""Who calls: by a key that the graph knows by its hash, or by a token of the issuer that signs for people."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
from collections.abc import Sequence
from functools import partial

from vitograph.api.access.throttle import Buckets, Turns
from vitograph.api.access.tokens import Tokens, looks_like_token
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Caller, Credential, find_credentials, hash_of, mark_used
from vitograph.graph.access.sessions import find_sessions, mark_session_used
from vitograph.graph.driver import Graph
from vitograph.resolver.errors import GraphUnavailable, TooBusy, Unauthenticated

log = logging.getLogger(__name__)

# Seconds for which a process remembers a caller: how long a revoked key may still be served.
REMEMBERED = 1.0
MOST_REMEMBERED = 10_000

# Unknown keys from one address: so many at once, then one a second; who comes with more takes turns.
FAILURES = 30
TURN = 1.0
MOST_WAITING = 32

# Seconds between two notes of the last use of a key or session.
NOTED = 60.0


class Callers:
    """Looks callers up by their secret, remembers them shortly, and slows down who comes with secrets nobody has."""

    def __init__(self, graph: Graph, settings: Settings) -> None:
        self._graph = graph
        self._known: dict[str, tuple[float, Credential]] = {}
        self._proved: set[str] = set()
        self.tokens = Tokens.of(settings)
        self._rate = settings.key_rate
        self._idle = dt.timedelta(minutes=settings.session_idle_minutes, seconds=NOTED)  # what is noted may be so old
        self._calls: dict[float, Buckets] = {}
        self._failures = Buckets(1.0 / TURN, FAILURES)
        self._turns = Turns(self._find_keys, TURN, MOST_WAITING)
        self._noting: set[asyncio.Task[None]] = set()
        self._noted: dict[str, dt.datetime] = {}
        self._looking: dict[tuple[str, str], asyncio.Task[Credential]] = {}

    async def find(self, secret: str, address: str = "") -> Caller:
        """Unauthenticated when nobody has this secret (now); TooBusy when it comes too often."""
        hash = hash_of(secret)
        known = self._known.get(hash)
        credential = known[1] if known and known[0] > time.monotonic() else await self._shared(secret, hash, address)
        self._take(credential)
        return credential.caller

    async def _shared(self, secret: str, hash: str, address: str) -> Credential:
        """Looked up once for all who come with a secret at the same time: from one address, unless it was good before.

        So whoever opens many connections with a new key makes one guess, and who guesses elsewhere holds up nobody.
        """
        who = (hash, "" if hash in self._proved else address)
        looking = self._looking.get(who)
        if looking is None:
            looking = self._looking[who] = asyncio.create_task(self._look_up(secret, hash, address))
            looking.add_done_callback(partial(self._looked_up, who))
        return await asyncio.shield(looking)

    def _looked_up(self, who: tuple[str, str], looking: asyncio.Task[Credential]) -> None:
        if self._looking.get(who) is looking:
            del self._looking[who]
        if not looking.cancelled():
            looking.exception()  # whoever waits has it; nobody may wait any more

    async def holds(self, secret: str) -> bool:
        """Whether somebody has this secret now; no use of it is noted, and none of its calls taken."""
        if self.tokens is not None and looks_like_token(secret):
            try:
                await self.tokens.read(secret)
            except Unauthenticated:
                return False
            return True
        return bool(await self._find_keys([hash_of(secret)]))

    def forget(self, secret: str) -> None:
        """Whose secret this is, is looked up again: it was ended."""
        hash = hash_of(secret)
        self._known.pop(hash, None)
        self._looking = {who: looking for who, looking in self._looking.items() if who[0] != hash}

    async def close(self) -> None:
        """Nothing is looked up or noted any more."""
        tasks = [*self._noting, *self._looking.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _look_up(self, secret: str, hash: str, address: str) -> Credential:
        if self.tokens is not None and looks_like_token(secret):
            credential: Credential | None = await self.tokens.read(secret)
        elif hash in self._proved:
            credential = (await self._find_keys([hash])).get(hash)
        elif self._failures.take(address):
            credential = await self._try(hash, address)
        else:
            credential = await self._turns.wait(hash, address)
        if credential is None:
            self._known.pop(hash, None)
            self._failures.take(address)
            raise Unauthenticated("no such key, or it was revoked or has expired")
        self._remember(hash, credential)
        return credential

    async def _try(self, hash: str, address: str) -> Credential | None:
        """Looks for what may be a guess; its token is held meanwhile, so that many at once have one each."""
        try:
            return (await self._find_keys([hash])).get(hash)
        finally:
            self._failures.give_back(address)

    async def _find_keys(self, hashes: Sequence[str]) -> dict[str, Credential]:
        """Keys by their hashes, and sessions where no key has one."""
        found = await find_credentials(self._graph, hashes)
        others = [hash for hash in hashes if hash not in found]
        return found | await find_sessions(self._graph, others, self._idle) if others else found

    def _remember(self, hash: str, credential: Credential) -> None:
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        if len(self._proved) >= MOST_REMEMBERED:
            self._proved.clear()
            self._noted.clear()
        now = dt.datetime.now(dt.UTC)
        left = REMEMBERED if credential.until is None else (credential.until - now).total_seconds()
        self._known[hash] = (time.monotonic() + min(REMEMBERED, left), credential)
        self._proved.add(hash)
        # Of many who come at once with a key each finds that its use is due to be noted: one notes it.
        noted = max(filter(None, (credential.used_at, self._noted.get(hash))), default=None)
        is_due = noted is None or (now - noted).total_seconds() > NOTED
        if is_due and credential.proves_by != "token":
            self._noted[hash] = now
            task = asyncio.create_task(self._note(hash, credential, now))
            self._noting.add(task)
            task.add_done_callback(self._noting.discard)

    async def _note(self, hash: str, credential: Credential, now: dt.datetime) -> None:
        before = now - dt.timedelta(seconds=NOTED)
        try:
            if credential.proves_by == "session":
                await mark_session_used(self._graph, hash, now, before)
            else:
                await mark_used(self._graph, credential.caller.id, now, before)
        except GraphUnavailable:
            log.warning("the last use by %s was not noted", credential.caller.id)

    def _take(self, credential: Credential) -> None:
        """One call of the key's bucket: a second's worth may come at once."""
        rate = float(credential.rate or self._rate)
        buckets = self._calls.setdefault(rate, Buckets(rate, max(1.0, rate)))
        if not buckets.take(credential.caller.id):
            raise TooBusy(f"this key may call {rate:g} times a second", buckets.wait(credential.caller.id))
