"""Reading, under lock, what is held by whom: the input of attribution and of an identifier's standing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.moments import moment
from vitograph.graph.queries import load
from vitograph.resolver.attributing.holdings import Fragment, Hold, Holdings, person_founded_on
from vitograph.resolver.attributing.lifecycle import Usage, standing
from vitograph.resolver.erasure import Buried, Seal, Sealed
from vitograph.resolver.model import Assurance, Identifier, IdentifierStatus, Observation, PersonKind
from vitograph.resolver.profiles import Stated
from vitograph.resolver.scoring.parameters_json import load_model

LOCK_IDENTIFIERS = load("observation/lock_identifiers")
LOCK_FRAGMENTS = load("observation/lock_fragments")

# An identifier with more holders than this tells nobody apart: it anchors nothing and pairs nobody.
HUB = 64


class Moved(Exception):
    """What was to be locked is not what is there any more."""


async def lock_holdings(tx: Transaction, observations: Sequence[Observation], more: Iterable[str] = ()) -> Holdings:
    """Locks the identifiers of these observations (and of the keys) and the persons behind them, and reads both."""
    carried = {carried.identifier for observation in observations for carried in observation.carried}
    return await lock_use(tx, carried | {Identifier.parse(key) for key in more}, _founded(carried))


async def lock_use(tx: Transaction, identifiers: Iterable[Identifier], persons: Iterable[str] = ()) -> Holdings:
    """Locks identifiers, and every fragment of the views that hold them (and the persons), and reads all. Moved."""
    rows = [_row(identifier, tx.seal) for identifier in sorted(identifiers, key=_key)]
    found = await tx.listed(LOCK_IDENTIFIERS, identifiers=rows, hub=HUB)
    views = {hold["view_id"] for row in found for hold in row["holders"]}
    fragments = await tx.listed(LOCK_FRAGMENTS, views=sorted(views), ids=sorted(persons))
    # Who was erased while their lock was waited for is there without a property.
    if any(row["status"] is None for row in found) or any(row["kind"] is None for row in fragments):
        raise Moved
    return gather(found, fragments)


def gather(uses: Iterable[Row], fragments: Iterable[Row]) -> Holdings:
    """The holdings of identifiers and of the fragments of all views that hold them."""
    holdings = Holdings()
    for row in uses:
        key = row["key"]
        holdings.holds[key] = {hold["person_id"]: _hold(hold) for hold in row["holders"]}
        holdings.before[key] = IdentifierStatus(row["status"])
        holdings.degrees[key] = row["degree"]
        # A hub is as good as blocked, whatever its status says: nobody can be told apart by it.
        holdings.statuses[key] = IdentifierStatus.BLOCKED if row["degree"] > HUB else holdings.before[key]
        if row["called_shared"]:
            holdings.called_shared.add(key)
        if erased := row.get("erased"):
            holdings.buried[key] = Buried(erased["at"].to_native(), erased["suppressed"])
        if heard := row.get("heard"):
            holdings.heard[key] = heard
    for row in fragments:
        kind, stated = PersonKind(row["kind"]), Stated.from_properties(row["stated"])
        holdings.add(Fragment(row["id"], row["view_id"], kind, stated, set(row["accounts"])))
        if heard := row["stated"].get("heard_at"):
            holdings.heard[row["id"]] = heard
    for key, holds in holdings.holds.items():
        for fragment in (holdings.fragments.get(person_id) for person_id in holds):
            if fragment is not None:
                fragment.keys.add(key)
    return holdings


def _key(identifier: Identifier) -> str:
    return identifier.key


def _row(identifier: Identifier, seal: Seal | None) -> Row:
    return {
        "key": identifier.key,
        "kind": identifier.kind.value,
        "value": identifier.value,
        "status": standing(Usage(identifier), load_model()).status.value,
        "tombstone": seal and seal.of(Sealed.IDENTIFIER, identifier.key),
    }


def _hold(row: Row) -> Hold:
    names = ("first_seen", "last_seen", "first_bound", "last_bound", "last_out")
    moments = (_moment(row[name]) for name in names)
    return Hold(row["person_id"], Assurance.of(row["assurance"]), row["bound"], *moments)


def _moment(stored: int | None) -> dt.datetime | None:
    return None if stored is None else moment(stored)


def _founded(identifiers: Iterable[Identifier]) -> set[str]:
    """Ids of the device and unattributed persons that these identifiers could have founded."""
    return {
        person_founded_on(PersonKind.UNATTRIBUTED if identifier.kind.is_strong else PersonKind.DEVICE, identifier.key)
        for identifier in identifiers
    }
