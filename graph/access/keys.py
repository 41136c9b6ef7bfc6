"""API keys: secrets of 256 random bits, of which the graph keeps the SHA-256 only.

A key keeps its id when it gets another secret, so who made a decision cannot confirm it by a rotated key.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.errors import UnknownThing
from vitograph.resolver.terms import Terms

RECORD_KEY = load("key/record_key")
LOCK_KEY = load("key/lock_key")
RECORD_SECRET = load("key/record_secret")
LIST_BY_HASH = load("key/list_by_hash")
GET_HOLDER = load("key/get_holder")
LIST_KEYS = load("key/list_keys")
MARK_USED = load("key/mark_used")
CLOSE_KEY = load("key/close_key")

Place = tuple[dt.datetime, str]
FIRST: Place = (dt.datetime(1, 1, 1, tzinfo=dt.UTC), "")

SECRET = "vito_"
PUBLISHABLE = "vito_pk_"
"""How a key begins that may stand in a web page."""


class Role(StrEnum):
    CHANNEL = "channel"
    SPECIALIST = "specialist"
    MARKETING = "marketing"
    SALES = "sales"
    ANALYST = "analyst"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the holder of a key. `id` and `name` go into the decision log.

    `region` (ISO 3166 alpha-2) is the country of phone numbers that name none, in what this caller says. `holder` is
    the human who holds the key, by a name that their other keys bear too (a staff number, an e-mail address). `pii`:
    results of this caller's own Cypher show personal values. `terms` are what a channel's key may say.
    """

    id: str
    name: str
    role: Role
    department: str | None = None
    region: str | None = None
    holder: str | None = None
    terms: Terms = field(default_factory=Terms)
    pii: bool = False

    @property
    def human(self) -> str:
        """Who this is, whichever of their keys they use and however these write their name."""
        return (self.holder or self.id).lower()


@dataclass(frozen=True, slots=True)
class Credential:
    """Something that proves who calls: until when it is good (None: for ever), how often it may call a second.

    `used_at` is when its last use was noted. `proves_by`: a key, a session, or a token of an issuer, of which no use is
    noted.
    """

    caller: Caller
    until: dt.datetime | None = None
    rate: int | None = None
    used_at: dt.datetime | None = None
    proves_by: Literal["key", "session", "token"] = "key"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a key may not go beyond: a moment, and calls a second. None: no bound of its own."""

    expires_at: dt.datetime | None = None
    rate: int | None = None


async def create_key(
    graph: Graph,
    name: str,
    role: Role,
    department: str | None = None,
    region: str | None = None,
    holder: str | None = None,
    terms: Terms | None = None,
    *,
    pii: bool = False,
    limits: Limits | None = None,
) -> tuple[str, str]:
    """Makes a key; returns its id and its secret, which nobody can read again. A publishable one shows what it is."""
    caller = Caller(_new_id(), name, role, department, region, holder, terms or Terms(), pii)
    secret = _new_secret(caller.terms)
    return await _record(graph, secret, caller, limits or Limits()), secret


async def record_key(graph: Graph, secret: str, name: str, role: Role, department: str | None = None) -> str:
    """Stores a secret made elsewhere (the first admin key); returns the key's id.

    A secret that a key has or had is left as it is: one that was revoked or rotated does not come back.
    """
    return await _record(graph, secret, Caller(_new_id(), name, role, department), Limits())


async def find_caller(graph: Graph, secret: str) -> Caller | None:
    """Whose secret this is now, or None."""
    hash = hash_of(secret)
    found = (await find_credentials(graph, [hash])).get(hash)
    return found.caller if found else None


async def find_holder(graph: Graph, id: str) -> Caller | None:
    """Whose key has this id, while it is good, or None."""
    rows = await graph.rows(GET_HOLDER, id=id, at=dt.datetime.now(dt.UTC))
    return _caller(rows[0]) if rows else None


async def find_credentials(graph: Graph, hashes: Sequence[str]) -> dict[str, Credential]:
    """By the hash of a secret, whose it is; those that nobody has now are not there."""
    rows = await graph.rows(LIST_BY_HASH, hashes=list(hashes), at=dt.datetime.now(dt.UTC))
    return {row["hash"]: _credential(row) for row in rows}


async def list_keys(graph: Graph, after: Place = FIRST, limit: int = 1_000) -> list[Row]:
    """Keys, oldest first, without their hashes, with what those of channels may say (`Terms.fields`)."""
    rows = await graph.rows(LIST_KEYS, after=after[0], after_id=after[1], limit=limit)
    return [row | Terms.from_json(row.pop("terms")).fields for row in rows]


async def rotate_key(graph: Graph, id: str, overlap: dt.timedelta) -> Row:
    """Gives a key another secret: {id, key, name, until}; the one before stays good for the overlap. UnknownThing."""
    now = dt.datetime.now(dt.UTC)

    async def work(tx: Transaction) -> Row:
        held = await tx.one(LOCK_KEY, id=id)
        secret = _new_secret(Terms.from_json(held["terms"] if held else None))
        made = await tx.one(RECORD_SECRET, id=id, hash=hash_of(secret), at=now, until=now + overlap)
        if made is None:
            raise UnknownThing("key", id)
        return {**made, "key": secret}

    return await graph.write(work)


async def mark_used(graph: Graph, id: str, at: dt.datetime, before: dt.datetime) -> None:
    """Notes that a key was used, unless a use after `before` is noted."""
    await graph.write(lambda tx: tx.run(MARK_USED, id=id, at=at, before=before))


async def revoke_key(graph: Graph, id: str) -> None:
    """Ends a key at once (an API process may honour it for the seconds it remembers a caller). UnknownThing."""
    rows = await graph.write(lambda tx: tx.run(CLOSE_KEY, id=id, at=dt.datetime.now(dt.UTC)))
    if not rows:
        raise UnknownThing("key", id)


def hash_of(secret: str) -> str:
    """What the graph keeps of a secret: its SHA-256, in hex. Salt would add nothing to 256 random bits."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


async def _record(graph: Graph, secret: str, holder: Caller, limits: Limits) -> str:
    fields = {
        "name": holder.name,
        "role": holder.role.value,
        "department": holder.department,
        "region": holder.region,
        "holder": holder.holder,
        "pii": holder.pii or None,
        "terms": holder.terms.to_json(),
        "rate": limits.rate,
        "expires_at": limits.expires_at,
        "created_at": dt.datetime.now(dt.UTC),
    }
    rows = await graph.write(lambda tx: tx.run(RECORD_KEY, hash=hash_of(secret), id=holder.id, fields=fields))
    return str(rows[0]["id"])


def _credential(row: Row) -> Credential:
    return Credential(_caller(row), _native(row["until"]), row["rate"], _native(row["used_at"]))


def _caller(row: Row) -> Caller:
    names = ("id", "name", "department", "region", "holder", "pii")
    terms = Terms.from_json(row["terms"])
    return Caller(role=Role(row["role"]), terms=terms, **{name: row[name] for name in names})


def _native(moment: Any) -> dt.datetime | None:
    native: dt.datetime | None = moment and moment.to_native()
    return native


def _new_id() -> str:
    return f"k-{secrets.token_hex(8)}"


def _new_secret(terms: Terms) -> str:
    # In hex, so that none begins by chance as secrets of another kind do (sessions: `vito_s_`).
    return f"{PUBLISHABLE if terms.publishable else SECRET}{secrets.token_hex(32)}"
