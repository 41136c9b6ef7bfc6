"""What follows from events for identifiers, worked out anew after events are gone, and when a graph is rebuilt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.intake.event_rows import RECORD_BINDINGS
from vitograph.graph.moments import microseconds
from vitograph.graph.people.holdings import lock_use
from vitograph.graph.people.lifecycle import write_statuses
from vitograph.graph.people.marks import MARK_PERSONS
from vitograph.graph.queries import load
from vitograph.resolver.attributing.attribution import Rule, ends_session
from vitograph.resolver.attributing.lifecycle import restate
from vitograph.resolver.model import Identifier, IdentifierKind, PersonKind
from vitograph.resolver.scoring.parameters_json import load_model

LIST_BINDING = load("erasure/list_binding")


async def settle_identifiers(tx: Transaction, keys: Sequence[str], at: dt.datetime) -> None:
    """Brings bindings and statuses of identifiers in line with the events that are left."""
    if not keys:
        return
    bindings = bound(keys, await tx.run(LIST_BINDING, keys=list(keys)))
    if bindings:
        await tx.run(RECORD_BINDINGS, bindings=bindings)
    await settle_statuses(tx, keys, at)


async def settle_statuses(tx: Transaction, keys: Iterable[str], at: dt.datetime, *, marks: bool = True) -> None:
    """Brings statuses in line with who uses the identifiers; those whom that concerns are scored again, if `marks`."""
    wanted = sorted(keys)
    holdings = await lock_use(tx, [Identifier.parse(key) for key in wanted])
    marked = await write_statuses(tx, holdings, restate(wanted, holdings, load_model()), at)
    if marked and marks:
        await tx.run(MARK_PERSONS, ids=sorted(marked), at=microseconds(at), puts_off=False)


def bound(keys: Iterable[str], rows: Iterable[Row]) -> list[Row]:
    """To whom each weak identifier was bound last, by its events in the order in which they came; to nobody: None."""
    last: dict[str, str | None] = {key: None for key in sorted(keys) if not Identifier.parse(key).kind.is_strong}
    for row in rows:
        if row["kind"] == IdentifierKind.SESSION and ends_session(row["type"]):
            last[row["key"]] = None
        elif binds(row["rule"], row["person_kind"]):
            last[row["key"]] = row["person_id"]
    return [{"key": key, "person_id": person_id} for key, person_id in last.items()]


def binds(rule: str, person_kind: str) -> bool:
    """Whether an event that was given to a person by this rule bound the weak identifiers that it carries."""
    return rule in (Rule.A1, Rule.A4, Rule.A6) or (rule == Rule.A5 and person_kind == PersonKind.KNOWN)
