"""What keeps a graph sound, and when it was done last: audits and backups, as `/metrics` tells of them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.intake.settling import settle_statuses
from vitograph.graph.keeping.audit import STATUSES, Finding, audit, list_all_misjudged
from vitograph.graph.people.visitors import record_changes
from vitograph.graph.queries import load
from vitograph.resolver.batched import batched

RECORD_ACT = load("upkeep/record_act")
LIST_ACTS = load("upkeep/list_acts")

AUDIT, BACKUP = "audit", "backup"
JUDGED_AT_ONCE = 50  # identifiers of one transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Act:
    """An act of upkeep: what it found, and its age in seconds."""

    name: str
    failed: int
    warned: int
    age: float


async def list_acts(graph: Graph) -> list[Act]:
    """The last audit and the last backup, as far as there were any."""
    return [Act(**row) for row in await graph.rows(LIST_ACTS)]


async def record_audit(graph: Graph, findings: Iterable[Finding]) -> None:
    """Notes what an audit found."""
    warnings = [finding.is_warning for finding in findings]
    failed, warned = warnings.count(False), warnings.count(True)
    await graph.write(lambda tx: tx.run(RECORD_ACT, name=AUDIT, failed=failed, warned=warned))


async def record_backup(graph: Graph) -> None:
    """Notes that a backup was written."""
    await graph.write(lambda tx: tx.run(RECORD_ACT, name=BACKUP, failed=0, warned=0))


async def audit_if_due(graph: Graph, hours: float) -> list[Finding] | None:
    """Audits, and notes the outcome, when nobody has for so many hours; None when it was not due.

    Whoever writes meanwhile may make a sound graph look wrong, so what is found is looked for a second time. Before it,
    identifiers that another version judged by other rules are judged by those of today.
    """
    last = next((act for act in await list_acts(graph) if act.name == AUDIT), None)
    if last is not None and last.age < hours * 3600:
        return None
    findings = await audit(graph)
    if findings:
        if any((one.invariant, one.sentence) == STATUSES for one in findings):
            await judge_anew(graph)
        again = {(one.invariant, one.sentence): set(one.ids) for one in await audit(graph)}
        findings = [one for one in findings if again.get((one.invariant, one.sentence), set()) & set(one.ids)]
    await record_audit(graph, findings)
    return findings


async def judge_anew(graph: Graph) -> int:
    """Identifiers stand as their use says, by the rules of this version; how many stood otherwise. Links that rest on
    them are flagged and pairs are scored again, as ever.
    """
    keys = await list_all_misjudged(graph)
    at = dt.datetime.now(dt.UTC)
    for some in batched(keys, JUDGED_AT_ONCE):
        await graph.write(partial(_judge, keys=some, at=at))
    if keys:
        log.warning("%d identifiers stood otherwise than their use says, and were judged anew", len(keys))
    return len(keys)


async def _judge(tx: Transaction, *, keys: Iterable[str], at: dt.datetime) -> None:
    await record_changes(tx, await settle_statuses(tx, keys, at), at)
