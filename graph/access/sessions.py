"""Sessions of humans who signed in, and the tickets by which those of this machine do, by the hash of their secrets.

A human has one id, however often they sign in: nobody is their own second person by a second session.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence

from vitograph.graph.access.keys import Caller, Credential, Role, hash_of
from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.errors import Unauthenticated

RECORD_SESSION = load("session/record_session")
LIST_BY_HASH = load("session/list_by_hash")
CLOSE_TICKET = load("session/close_ticket")
CLOSE_SESSION = load("session/close_session")
CLOSE_SESSIONS = load("session/close_sessions")
CLOSE_EXPIRED = load("session/close_expired")
MARK_SESSION_USED = load("session/mark_used")

SECRET = "vito_s_"
TICKET = dt.timedelta(minutes=10)
"""How long a ticket is good."""


def human_of(issuer: str, subject: str) -> str:
    """The id of a human in the log: a function of who vouches for them and of their name there."""
    return f"u-{hashlib.sha256(f'{issuer}|{subject}'.encode()).hexdigest()[:16]}"


async def open_session(graph: Graph, human: Caller, lasts: dt.timedelta) -> str:
    """The secret of a new session of who signed in at the issuer; nobody can read it again."""

    async def work(tx: Transaction) -> str:
        return await _record(tx, "session", human, lasts, at_issuer=True)

    return await graph.write(work)


async def issue_ticket(graph: Graph, holder: str, name: str, role: Role, department: str | None = None) -> str:
    """The secret by which a human of this machine signs in once, within ten minutes."""
    human = Caller(human_of("this machine", holder), name, role, department, holder=holder)

    async def work(tx: Transaction) -> str:
        return await _record(tx, "ticket", human, TICKET)

    return await graph.write(work)


async def redeem(graph: Graph, ticket: str, lasts: dt.timedelta) -> tuple[str, Caller]:
    """A session for a ticket. Unauthenticated when it is none, was used, or its time is over."""

    async def work(tx: Transaction) -> tuple[str, Caller]:
        row = await tx.one(CLOSE_TICKET, hash=hash_of(ticket), at=dt.datetime.now(dt.UTC))
        if row is None:
            raise Unauthenticated("this link was used already, or its ten minutes are over: `vito login` makes another")
        human = _human(row)
        return await _record(tx, "session", human, lasts), human

    return await graph.write(work)


async def find_sessions(graph: Graph, hashes: Sequence[str], idle: dt.timedelta) -> dict[str, Credential]:
    """By the hash of a secret, whose session it is; those that ended, or were idle for so long, are not there."""
    now = dt.datetime.now(dt.UTC)
    rows = await graph.rows(LIST_BY_HASH, hashes=list(hashes), at=now, used_since=now - idle)
    return {
        row["hash"]: Credential(
            _human(row), row["until"].to_native(), used_at=row["used_at"].to_native(), proves_by="session"
        )
        for row in rows
    }


async def mark_session_used(graph: Graph, hash: str, at: dt.datetime, before: dt.datetime) -> None:
    """Notes that a session was used, unless a use after `before` is noted."""
    await graph.write(lambda tx: tx.run(MARK_SESSION_USED, hash=hash, at=at, before=before))


async def end_session(graph: Graph, secret: str) -> bool:
    """Ends a session (an API process may honour it for the second that it remembers a caller); whether of an issuer."""
    rows = await graph.write(lambda tx: tx.run(CLOSE_SESSION, hash=hash_of(secret)))
    return any(row["at_issuer"] for row in rows)


async def end_sessions(graph: Graph, holder: str) -> int:
    """Ends all sessions and tickets of a human; how many."""
    rows = await graph.write(lambda tx: tx.run(CLOSE_SESSIONS, holder=holder))
    return int(rows[0]["ended"])


async def _record(tx: Transaction, purpose: str, human: Caller, lasts: dt.timedelta, *, at_issuer: bool = False) -> str:
    secret = f"{SECRET}{secrets.token_urlsafe(32)}"
    fields = {
        "id": human.id,
        "name": human.name,
        "role": human.role.value,
        "department": human.department,
        "holder": human.holder,
        "at_issuer": at_issuer or None,
    }
    now = dt.datetime.now(dt.UTC)
    await tx.run(CLOSE_EXPIRED, at=now)
    await tx.run(RECORD_SESSION, hash=hash_of(secret), purpose=purpose, human=fields, at=now, until=now + lasts)
    return secret


def _human(row: Row) -> Caller:
    return Caller(row["id"], row["name"], Role(row["role"]), row["department"], holder=row["holder"])
