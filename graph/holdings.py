"""Reading, under lock, what is held by whom: the input of attribution."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.attribution import Fragment, Hold, Holdings, person_founded_on
from vitograph.resolver.denylist import is_role_mailbox
from vitograph.resolver.model import Assurance, Identifier, IdentifierStatus, Observation, PersonKind
from vitograph.resolver.profiles import Stated

LOCK_IDENTIFIERS = load("observation/lock_identifiers")
LOCK_FRAGMENTS = load("observation/lock_fragments")

# An identifier with more holders than this tells nobody apart: it anchors nothing and pairs nobody.
HUB = 64


async def lock_holdings(tx: Transaction, observations: Sequence[Observation]) -> Holdings:
    """Locks the identifiers of these observations and the persons behind them, and reads both."""
    identifiers = {carried.identifier for observation in observations for carried in observation.carried}
    found = await tx.run(LOCK_IDENTIFIERS, identifiers=[_row(i) for i in sorted(identifiers, key=_key)], hub=HUB)
    holdings = Holdings()
    for row in found:
        key = row["key"]
        holdings.holds[key] = {hold["person_id"]: _hold(hold) for hold in row["holders"]}
        # A hub is as good as shared, whatever its status says: nobody can be told apart by it.
        holdings.statuses[key] = IdentifierStatus.SHARED if row["degree"] > HUB else IdentifierStatus(row["status"])
    views = {hold["view_id"] for row in found for hold in row["holders"]}
    for row in await tx.run(LOCK_FRAGMENTS, views=sorted(views), ids=sorted(_founded(identifiers))):
        holdings.fragments[row["id"]] = Fragment(
            row["id"],
            row["view_id"],
            PersonKind(row["kind"]),
            Stated.from_properties(row["stated"]),
            set(row["accounts"]),
        )
    return holdings


def _key(identifier: Identifier) -> str:
    return identifier.key


def _row(identifier: Identifier) -> Row:
    shared = is_role_mailbox(identifier)
    return {
        "key": identifier.key,
        "kind": identifier.kind.value,
        "value": identifier.value,
        "status": (IdentifierStatus.SHARED if shared else IdentifierStatus.EXCLUSIVE).value,
    }


def _hold(row: Row) -> Hold:
    last_seen: dt.datetime = row["last_seen"].to_native()
    return Hold(row["person_id"], Assurance[row["assurance"].upper()], row["bound"], last_seen)


def _founded(identifiers: Iterable[Identifier]) -> set[str]:
    """Ids of the device and unattributed persons that these identifiers could have founded."""
    return {
        person_founded_on(PersonKind.UNATTRIBUTED if identifier.kind.is_strong else PersonKind.DEVICE, identifier.key)
        for identifier in identifiers
    }
