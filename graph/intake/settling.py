"""What follows for identifiers, worked out anew: after events are gone, a decision, or a change of the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

from vitograph.graph.driver import Transaction
from vitograph.graph.intake.event_rows import RECORD_BINDINGS
from vitograph.graph.moments import microseconds
from vitograph.graph.people.holdings import lock_use
from vitograph.graph.people.lifecycle import write_statuses
from vitograph.graph.people.marks import MARK_PERSONS
from vitograph.graph.queries import load
from vitograph.resolver.attributing.lifecycle import restate
from vitograph.resolver.attributing.sittings import ENDS_OF_A_SESSION, ENDS_SESSION
from vitograph.resolver.model import Identifier
from vitograph.resolver.scoring.parameters_json import load_model

LIST_BINDING = load("erasure/list_binding")


async def settle_identifiers(tx: Transaction, keys: Sequence[str], unbound: Collection[str], at: dt.datetime) -> None:
    """Brings bindings and statuses of identifiers in line with the events that are left.

    `unbound` are those whose binding may have followed from what is gone: of the others no event need be read, and
    somebody's own may be a device that a whole town logged in on.
    """
    if not keys:
        return
    weak = [key for key in keys if key in unbound and not Identifier.parse(key).kind.is_strong]
    if weak:
        ends = {"ends": sorted(ENDS_SESSION), "ends_of_session": sorted(ENDS_OF_A_SESSION)}
        await tx.run(RECORD_BINDINGS, bindings=await tx.run(LIST_BINDING, keys=weak, **ends))
    await settle_statuses(tx, keys, at)


async def settle_statuses(tx: Transaction, keys: Iterable[str], at: dt.datetime, *, marks: bool = True) -> set[str]:
    """Brings statuses in line with who uses the identifiers. Whom that concerns: they are scored again, if `marks`."""
    wanted = sorted(keys)
    holdings = await lock_use(tx, [Identifier.parse(key) for key in wanted])
    concerned = set(await write_statuses(tx, holdings, restate(wanted, holdings, load_model()), at))
    if concerned and marks:
        await tx.run(MARK_PERSONS, ids=sorted(concerned), at=microseconds(at), puts_off=False)
    return concerned
