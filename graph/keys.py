"""API keys: secrets of 256 random bits, of which the graph keeps the SHA-256 only."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from vitograph.graph.driver import Graph, Row
from vitograph.graph.queries import load
from vitograph.resolver.errors import UnknownThing
from vitograph.resolver.terms import Terms

RECORD_KEY = load("key/record_key")
GET_KEY = load("key/get_key")
LIST_KEYS = load("key/list_keys")
CLOSE_KEY = load("key/close_key")


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
    the human who holds the key, by a name that their other keys bear too (a staff number, an e-mail address). `terms`
    are what a channel's key may say. `pii`: personal values are shown as they are where others see pseudonyms.
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
        """Who this is, whichever of their keys they use."""
        return self.holder or self.id


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
) -> tuple[str, str]:
    """Makes a key; returns its id and its secret, which nobody can read again. A publishable one shows what it is."""
    terms = terms or Terms()
    secret = f"{PUBLISHABLE if terms.publishable else SECRET}{secrets.token_urlsafe(32)}"
    return await _record(graph, secret, Caller(_new_id(), name, role, department, region, holder, terms, pii)), secret


async def record_key(graph: Graph, secret: str, name: str, role: Role, department: str | None = None) -> str:
    """Stores a secret made elsewhere (the first admin key); returns the key's id, the same when it is there already."""
    return await _record(graph, secret, Caller(_new_id(), name, role, department))


async def find_caller(graph: Graph, secret: str) -> Caller | None:
    """Whose secret this is, or None."""
    rows = await graph.rows(GET_KEY, hash=_hash(secret))
    if not rows:
        return None
    row = rows[0]
    terms = Terms.from_json(row["terms"])
    return Caller(**{**row, "role": Role(row["role"]), "terms": terms})


async def list_keys(graph: Graph) -> list[Row]:
    return await graph.rows(LIST_KEYS)


async def revoke_key(graph: Graph, id: str) -> None:
    """Ends a key at once (an API process may honour it for the seconds it remembers a caller). UnknownThing."""
    rows = await graph.write(lambda tx: tx.run(CLOSE_KEY, id=id, at=dt.datetime.now(dt.UTC)))
    if not rows:
        raise UnknownThing("key", id)


async def _record(graph: Graph, secret: str, holder: Caller) -> str:
    fields = {"id": holder.id, "name": holder.name, "role": holder.role.value}
    optional = {"department": holder.department, "region": holder.region, "holder": holder.holder, "pii": holder.pii}
    optional["terms"] = holder.terms.to_json()
    hash, at = _hash(secret), dt.datetime.now(dt.UTC)
    rows = await graph.write(lambda tx: tx.run(RECORD_KEY, hash=hash, at=at, **fields, **optional))
    return str(rows[0]["id"])


def _new_id() -> str:
    return f"k-{secrets.token_hex(8)}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
