"""What is left of a person when some events are erased: what they hold and state is what the others say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.erasing.steps import CLOSE_EVENTS, CLOSE_KEYS, RECORD_TOMBSTONES, close_evidence
from vitograph.graph.intake.event_rows import RECORD_EVENTS
from vitograph.graph.intake.hold_rows import hold_rows
from vitograph.graph.intake.settling import settle_identifiers
from vitograph.graph.keeping.rebuilding import reread_event
from vitograph.graph.moments import microseconds
from vitograph.graph.people.marks import MARK_PERSONS
from vitograph.graph.queries import load
from vitograph.resolver.attributing.attribution import settle
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.deciding.replay import Retold
from vitograph.resolver.erasure import Seal, Sealed
from vitograph.resolver.profiles import Stated
from vitograph.resolver.scoring.parameters_json import load_model

CLOSE_HELD = load("retention/close_held")
CLOSE_UNHELD = load("retention/close_unheld")


@dataclass(frozen=True, slots=True)
class Remainder:
    """A person without some events, under lock."""

    tx: Transaction
    seal: Seal
    person_id: str

    async def write(self, gone: Sequence[Row], left: Sequence[Row], scope: Mapping[str, bool]) -> dict[str, list[str]]:
        """The identifiers and the evidence that are gone. `scope`: by key, whether the person may have bound it."""
        at = dt.datetime.now(dt.UTC)
        ids = sorted(row["id"] for row in gone)
        hashes = sorted(self.seal.of(Sealed.EVENT, id) for id in ids)
        rows = [{"hash": hash, "kind": Sealed.EVENT.value, "suppressed": False} for hash in hashes]
        await self.tx.run(RECORD_TOMBSTONES, rows=rows, at=at)
        await self.tx.run(CLOSE_EVENTS, ids=ids)
        told = [reread_event(row) for row in left]
        await self.tx.run(CLOSE_HELD, id=self.person_id, stated=_stated(told, self.person_id))
        holds = hold_rows((one.observation, one.attribution) for one in told).get(self.person_id, [])
        await self.tx.run(RECORD_EVENTS, rows=[{"id": self.person_id, "founded": {}, "events": [], "holds": holds}])
        await self.tx.run(CLOSE_KEYS, ids=[self.person_id])
        await self.tx.run(MARK_PERSONS, ids=[self.person_id], at=microseconds(at), puts_off=False)
        unheld = {row["key"] for row in await self.tx.run(CLOSE_UNHELD, keys=list(scope))}
        unbound = {key for key, binds in scope.items() if binds}
        await settle_identifiers(self.tx, [key for key in scope if key not in unheld], unbound, at)
        evidence = await close_evidence(self.tx, (sha256 for row in gone for sha256 in row["evidence"]))
        return {"identifiers": sorted(unheld), "evidence": evidence}


def _stated(told: Sequence[Retold], person_id: str) -> Row:
    """What a person stated by these events; what it does not is null."""
    holdings = Holdings()
    for one in told:
        settle(one.observation, one.attribution, holdings, load_model())
    properties = holdings.fragments[person_id].stated.to_properties()
    return {item.name: properties.get(item.name) for item in fields(Stated)}
