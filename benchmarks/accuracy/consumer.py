"""The consumer world as profiles: its observations, attributed in memory by the rules and in the order of the graph.

What comes out is what the graph would hold: known persons with what they stated and hold, device persons, and how each
identifier is used. Only the checks of the intake are left out, for which the world gives no cause.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from benchmarks.world import World
from vitograph.graph.people.holdings import HUB
from vitograph.ingest.observations import default_assurance
from vitograph.resolver.attributing.attribution import Attribution, Rule, attribute, settle
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.attributing.sittings import ends_session
from vitograph.resolver.model import (
    Assurance,
    Carried,
    Happening,
    Held,
    Identifier,
    IdentifierKind,
    IdentifierUse,
    Observation,
    PersonKind,
    Profile,
    Traits,
)
from vitograph.resolver.profiles import profile
from vitograph.resolver.scoring.parameters_json import load_model
from vitograph.resolver.values.normalize import identifier, traits


@dataclass(frozen=True, slots=True)
class Attributed:
    """A world after attribution.

    `known` and `devices` are profiles by person id, `truth` maps each of them to the true person most of its events are
    about, and `households` maps true persons to homes. `uses` are the identifiers' uses by key; `ambiguous` are holds
    (person, key) that propose nothing. Of `events` on known persons, `misplaced` are about somebody else than most;
    the persons with such are `mixed`.
    """

    known: Mapping[str, Profile]
    devices: Mapping[str, Profile]
    truth: Mapping[str, str]
    households: Mapping[str, str]
    uses: Mapping[str, IdentifierUse]
    ambiguous: frozenset[tuple[str, str]]
    events: int
    misplaced: int
    mixed: frozenset[str]


@dataclass(slots=True)
class _Held:
    """A hold as it grows with every event: what `cypher/observation/record_events` keeps."""

    identifier: Identifier
    assurance: Assurance
    first_seen: dt.datetime
    last_seen: dt.datetime
    count: int = 0
    ambiguous: bool = True
    first_bound: dt.datetime | None = None
    last_bound: dt.datetime | None = None
    first_out: dt.datetime | None = None


@dataclass(slots=True)
class _Ledger:
    """What the observations so far left behind."""

    holdings: Holdings = field(default_factory=Holdings)
    held: dict[str, dict[str, _Held]] = field(default_factory=lambda: defaultdict(dict))
    owners: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def record(self, observation: Observation, who: str) -> None:
        attribution = attribute(observation, self.holdings)
        settle(observation, attribution, self.holdings, load_model())
        self.owners[attribution.person_id][who] += 1
        self._hold(observation, attribution)

    def _hold(self, observation: Observation, attribution: Attribution) -> None:
        holds, at = self.held[attribution.person_id], observation.occurred_at
        for carried in observation.carried:
            key, is_strong = carried.identifier.key, carried.identifier.kind.is_strong
            hold = holds.get(key)
            if hold is None:
                hold = holds[key] = _Held(carried.identifier, carried.assurance, at, at)
            hold.assurance = max(hold.assurance, carried.assurance)
            hold.first_seen, hold.last_seen = min(hold.first_seen, at), max(hold.last_seen, at)
            hold.count += 1
            hold.ambiguous &= attribution.rule is Rule.A5 and is_strong
            if attribution.binds and not is_strong:
                hold.first_bound = min(hold.first_bound or at, at)
                hold.last_bound = max(hold.last_bound or at, at)
            if not is_strong and ends_session(observation.event.type):
                hold.first_out = min(hold.first_out or at, at)


def attributed(world: World) -> Attributed:
    """The persons that the observations of a world make, a second delivery counting once."""
    ledger = _Ledger()
    seen: set[str] = set()
    for body in world.observations:
        if body["id"] not in seen:
            seen.add(body["id"])
            ledger.record(observation_of(body), world.truth[body["id"]])
    return _conclude(ledger, world)


def _conclude(ledger: _Ledger, world: World) -> Attributed:
    profiles: dict[PersonKind, dict[str, Profile]] = {kind: {} for kind in PersonKind}
    degrees: Counter[str] = Counter()
    known_holders: Counter[str] = Counter()
    for id, fragment in ledger.holdings.fragments.items():
        holds = ledger.held[id]
        degrees.update(holds.keys())
        if fragment.kind is PersonKind.KNOWN:
            known_holders.update(holds.keys())
        profiles[fragment.kind][id] = profile(id, fragment.kind, [fragment.stated], [_frozen(holds)])
    known, devices = profiles[PersonKind.KNOWN], profiles[PersonKind.DEVICE]
    counts = [ledger.owners[id] for id in known]
    return Attributed(
        known=known,
        devices=devices,
        truth={id: max(sorted(ledger.owners[id]), key=ledger.owners[id].__getitem__) for id in (*known, *devices)},
        households={id: someone.home.id for id, someone in world.people.items()},
        uses={
            key: IdentifierUse(
                ledger.holdings.status(Identifier.parse(key)), HUB + 1 if degree > HUB else known_holders[key]
            )
            for key, degree in degrees.items()
        },
        ambiguous=frozenset((id, key) for id in known for key, hold in ledger.held[id].items() if hold.ambiguous),
        events=sum(count.total() for count in counts),
        misplaced=sum(count.total() - max(count.values()) for count in counts),
        mixed=frozenset(id for id in known if len(ledger.owners[id]) > 1),
    )


def _frozen(holds: Mapping[str, _Held]) -> dict[str, Held]:
    return {
        key: Held(
            hold.identifier,
            hold.assurance,
            hold.first_seen,
            hold.last_seen,
            hold.count,
            hold.first_bound,
            hold.last_bound,
            hold.first_out,
        )
        for key, hold in holds.items()
    }


def observation_of(body: Mapping[str, Any]) -> Observation:
    """The observation in a body that is known to be good; the same as `ingest.observations.parse`, its hash aside."""
    event = body["event"]
    stated = body.get("traits", {})
    return Observation(
        id=body["id"],
        channel=body["channel"],
        occurred_at=dt.datetime.fromisoformat(body["occurred_at"]),
        carried=_carried(body["identifiers"]),
        traits=_traits(tuple(stated.items())) if stated else Traits(),
        stated=stated,
        event=Happening(event["type"], event.get("target_id"), event.get("properties", {})),
        body_hash="",
    )


def _carried(items: Iterable[Mapping[str, str]]) -> tuple[Carried, ...]:
    best: dict[Identifier, Assurance] = {}
    for item in items:
        one = _one_carried(item["kind"], item["value"], item.get("region"), item.get("assurance"))
        best[one.identifier] = max(one.assurance, best.get(one.identifier, one.assurance))
    return tuple(Carried(*one) for one in best.items())


@cache
def _one_carried(kind: str, value: str, region: str | None, assurance: str | None) -> Carried:
    level = Assurance.of(assurance) if assurance else default_assurance(IdentifierKind(kind))
    return Carried(identifier(kind, value, region), level)


@cache
def _traits(stated: tuple[tuple[str, str], ...]) -> Traits:
    return traits(dict(stated)).traits
