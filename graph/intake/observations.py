"""Recording observations: lock, read, attribute, write — one transaction, so an observation is whole or absent.

Lock order: events (by id) → identifiers (by key) → persons (by id). Writers of the same identifiers therefore queue
instead of deadlocking, and each attributes over what the one before it wrote.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from uuid_utils import uuid7

from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.intake.attachments import list_unknown, write_attachments
from vitograph.graph.intake.claims import Claims, claim
from vitograph.graph.intake.enrolments import judge_all
from vitograph.graph.intake.event_rows import Batch, write_batch
from vitograph.graph.people.holdings import HUB, Moved, lock_holdings
from vitograph.graph.people.lifecycle import LIST_CONTESTED, RECORD_STATUSES
from vitograph.graph.people.marks import mark_of
from vitograph.graph.people.tombstones import erased_observation
from vitograph.resolver.attributing.attribution import Attribution, Rule, attribute, rebinds, settle
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.candidates import pair_of
from vitograph.resolver.errors import Erased, GraphUnavailable, InvalidInput, ReusedId
from vitograph.resolver.model import (
    SILENT,
    Assurance,
    Carried,
    Happening,
    Identifier,
    IdentifierKind,
    Observation,
    Traits,
)
from vitograph.resolver.publishing.visitors import greeted_anew
from vitograph.resolver.scoring.parameters_json import load_model

# Times that an observation is attributed anew because its person holds more than was locked.
ATTEMPTS = 10

# Observations that are attributed without a break.
AT_ONCE = 50

# Identifiers that are looked at again beside those carried, when somebody states something new.
MOST_CONTESTED = 500


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an observation. `replayed`: it had been accepted before, and this is what was said then."""

    event_id: str
    person_id: str
    view_id: str
    rule: str
    candidates: tuple[str, ...]
    warnings: tuple[str, ...]
    replayed: bool = False

    def reply(self) -> dict[str, Any]:
        """The body of the answer, the same for every replay."""
        return {
            "event_id": self.event_id,
            "person_id": self.person_id,
            "view_id": self.view_id,
            "rule": self.rule,
            "candidates": list(self.candidates),
            "warnings": list(self.warnings),
        }


Outcome = Recorded | ReusedId | Erased | InvalidInput
Also = Callable[[Transaction, Sequence[Recorded]], Awaitable[None]]


async def record(
    graph: Graph,
    observations: Sequence[Observation],
    put_off: dt.timedelta | None = None,
    also: Also | None = None,
    settled: asyncio.Event | None = None,
) -> list[Outcome]:
    """Accepts observations in their order, all in one transaction: each once, by its id.

    One outcome an observation; InvalidInput where evidence is attached that nobody posted.
    On GraphUnavailable nothing was acknowledged, and sending the same ids again is safe.
    `put_off` puts off the scoring of their pairs, and lets those who come alone go first (0: that only). `also` is done
    in the same transaction, with those that are new. `settled` is set once all locks are held and it is
    clear who each is of: whoever begins then, and waits for one of these locks, comes after, unless Neo4j has this
    tried again: who comes late is attributed as such.
    """
    received_at = dt.datetime.now(dt.UTC)
    more: frozenset[str] = frozenset()

    async def work(tx: Transaction) -> list[Outcome]:
        results = await _record(tx, observations, _Terms(received_at, put_off, more, settled or asyncio.Event()))
        if also is not None:
            await also(tx, [one for one in results if isinstance(one, Recorded) and not one.replayed])
        return results

    for _ in range(ATTEMPTS):
        try:
            return await graph.write(work)
        except _Contested as found:
            more |= found.keys
        except Moved:
            continue
    raise GraphUnavailable("what these persons hold keeps changing; try again")


async def warm(graph: Graph) -> None:
    """Has Neo4j compile the statements of an observation before the first one waits for it; nothing stays written."""
    now = dt.datetime.now(dt.UTC)
    carried = tuple(
        Carried(Identifier(kind, f"warm-{uuid7()}"), Assurance.OBSERVED)
        for kind in (IdentifierKind.USER_ID, IdentifierKind.COOKIE)
    )
    traits = Traits(given_name="warm", family_name="up")
    sample = Observation(str(uuid7()), "warm", now, carried, traits, {}, Happening("warm.up", None, {}), "")

    async def work(tx: Transaction) -> None:
        await _record(tx, [sample], _Terms(now, None, frozenset(), asyncio.Event()))
        await tx.run(LIST_CONTESTED, views=[sample.id], known=[], hub=HUB)
        await tx.run(
            RECORD_STATUSES,
            rows=[{"key": carried[0].identifier.key, "status": "exclusive", "step": ""}],
            at=now,
            most=1,
        )

    await graph.rehearse(work)


class _Contested(Exception):
    """Somebody stated something new that decides how identifiers stand which were not locked."""

    def __init__(self, keys: frozenset[str]) -> None:
        super().__init__(f"{len(keys)} identifiers more")
        self.keys = keys


@dataclass(frozen=True, slots=True)
class _Terms:
    """On what terms observations are recorded; `more` are keys to lock beside those that they carry."""

    received_at: dt.datetime
    put_off: dt.timedelta | None
    more: frozenset[str]
    settled: asyncio.Event


async def _record(tx: Transaction, observations: Sequence[Observation], terms: _Terms) -> list[Outcome]:
    unknown = await list_unknown(tx, observations)
    sound = [observation for observation in observations if unknown.refusal(observation) is None]
    claims = await claim(tx, sound)
    fresh = claims.fresh(sound)
    outcomes: dict[str, Recorded] = {}
    if fresh:
        holdings = await lock_holdings(tx, list(fresh.values()), terms.more)
        claims.refuse_late(fresh, holdings)
        batch = Batch(
            holdings,
            # After the locks: of two who wrote about one identifier, the later one is the later one.
            dt.datetime.now(dt.UTC),
            mark_of(terms.received_at, terms.put_off),
            terms.put_off is not None,
        )
        fresh = await judge_all(tx, fresh)
        outcomes = {}
        for number, (id, observation) in enumerate(fresh.items(), 1):
            outcomes[id] = _attribute(observation, batch)
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)  # whoever asks this process for a page meanwhile waits for these
        if batch.told and len(terms.more) < MOST_CONTESTED:
            await _require_locked(tx, batch)
        terms.settled.set()
        await write_batch(tx, batch)
        await write_attachments(tx, list(fresh.values()), terms.received_at)
    await claims.close_refused(tx)
    return [unknown.refusal(one) or _outcome(one, claims, outcomes) for one in observations]


def _outcome(observation: Observation, claims: Claims, outcomes: dict[str, Recorded]) -> Outcome:
    """What to say to an observation; the first of those with one id is answered as new."""
    body_hash, reply = claims.accepted[observation.id]
    if observation.id in claims.erased:
        return erased_observation(observation.id)
    if body_hash != observation.body_hash:
        return ReusedId(observation.id)
    if reply is None:
        claims.accepted[observation.id] = (body_hash, outcomes[observation.id].reply())
        return outcomes[observation.id]
    return _replayed(reply)


def _replayed(reply: dict[str, Any]) -> Recorded:
    return Recorded(
        reply["event_id"],
        reply["person_id"],
        reply["view_id"],
        reply["rule"],
        tuple(reply["candidates"]),
        tuple(reply["warnings"]),
        replayed=True,
    )


def _attribute(observation: Observation, batch: Batch) -> Recorded:
    holdings = batch.holdings
    attribution = attribute(observation, holdings)
    if _tells_news(observation, attribution, holdings):
        batch.changed.add(attribution.person_id)
    own = holdings.fragments.get(attribution.person_id)
    if own is None:
        batch.founded.add(attribution.person_id)
    elif own.stated.lacks(observation.traits):
        batch.told.add(own.view_id)
        batch.spoke.add(own.id)
    batch.greeted |= greeted_anew(observation, attribution.person_id, holdings)
    batch.standings |= settle(observation, attribution, holdings, load_model())
    recorded = Recorded(
        observation.id,
        attribution.person_id,
        holdings.fragments[attribution.person_id].view_id,
        attribution.rule.value,
        _pairs(observation, attribution, holdings),
        observation.warnings,
    )
    batch.attributed.append((observation, attribution))
    batch.replies.append(recorded.reply())
    batch.rebound.update(rebinds(observation, attribution))
    return recorded


def _tells_news(observation: Observation, attribution: Attribution, holdings: Holdings) -> bool:
    """Whether scoring could come out otherwise: a new holder, a better assurance or another stated value.

    Who holds a hub is not known here: it is evidence of nothing, so that it is held is no news.
    """
    fragment = holdings.fragments.get(attribution.person_id)
    if fragment is None or fragment.stated.lacks(observation.traits):
        return True
    for carried in observation.carried:
        key = carried.identifier.key
        if holdings.degree(key) > HUB:
            continue
        hold = holdings.holds.get(key, {}).get(attribution.person_id)
        if hold is None or hold.assurance < carried.assurance:
            return True
    return False


def _pairs(observation: Observation, attribution: Attribution, holdings: Holdings) -> tuple[str, ...]:
    """Ids of the pairs that share an identifier of this observation with its person: what it will have scored."""
    own = holdings.fragments[attribution.person_id]
    pairs = set()
    for carried in observation.carried:
        key = carried.identifier.key
        if holdings.status(carried.identifier) in SILENT:
            continue
        if attribution.rule is Rule.A5 and carried.identifier.kind.is_strong:
            continue
        for person_id in holdings.holds.get(key, {}):
            other = holdings.fragments.get(person_id)
            if other is None or other is own:
                continue
            if pair := pair_of(own.view_id, own.kind, other.view_id, other.kind):
                pairs.add(pair.id)
    return tuple(sorted(pairs))


async def _require_locked(tx: Transaction, batch: Batch) -> None:
    """Whatever a view states decides how everything stands that it holds beside others: all that must be locked."""
    known = sorted(batch.holdings.holds)
    rows = await tx.run(LIST_CONTESTED, views=sorted(batch.told), known=known, hub=HUB)
    if rows:
        raise _Contested(frozenset(row["key"] for row in rows[:MOST_CONTESTED]))
