"""A world replayed in memory: what the graph would hold of it, and whom it is truly about."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from benchmarks.world import World, build
from vitograph.ingest.observations import parse
from vitograph.resolver.attribution import attribute, ends_session, settle
from vitograph.resolver.holdings import Holdings
from vitograph.resolver.model import (
    Assurance,
    Held,
    IdentifierStatus,
    IdentifierUse,
    Observation,
    PersonKind,
    Profile,
)
from vitograph.resolver.parameters import Model, load_model
from vitograph.resolver.profiles import profile

NOW = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class Replayed:
    """Profiles by person id, whom each is about (the truth of most of its events), and the population of scoring."""

    world: World
    holdings: Holdings
    profiles: dict[str, Profile]
    truth: dict[str, str]
    persons: int = 0
    stated: Mapping[str, Counter[str]] = field(default_factory=dict)

    def frequency(self, field: str, value: str) -> int:
        return self.stated[field][value] if field in self.stated else 0

    def use(self, key: str) -> IdentifierUse:
        return IdentifierUse(self.holdings.statuses.get(key, IdentifierStatus.EXCLUSIVE), len(self.holdings.views(key)))

    def home(self, person: str) -> str:
        return self.world.people[self.truth[person]].home.id


def replay(persons: int, seed: int, model: Model | None = None) -> Replayed:
    """The world of so many people, observation after observation, each id once."""
    world, holdings, model = build(persons, seed), Holdings(), model or load_model()
    held: dict[str, dict[str, Held]] = defaultdict(dict)
    about: dict[str, Counter[str]] = defaultdict(Counter)
    seen: set[str] = set()
    for body in world.observations:
        observation = parse(body, received_at=NOW, default_region=None)
        if observation.id in seen:
            continue
        seen.add(observation.id)
        attribution = attribute(observation, holdings)
        settle(observation, attribution, holdings, model)
        about[attribution.person_id][world.truth[observation.id]] += 1
        _hold(held[attribution.person_id], observation, attribution.binds)
    profiles = {
        id: profile(id, fragment.kind, [fragment.stated], [held[id]]) for id, fragment in holdings.fragments.items()
    }
    known = [one for one in profiles.values() if one.kind is PersonKind.KNOWN]
    truth = {id: counts.most_common(1)[0][0] for id, counts in about.items()}
    return Replayed(world, holdings, profiles, truth, len(known), _stated(known))


def _hold(holds: dict[str, Held], observation: Observation, binds: bool) -> None:
    at = observation.occurred_at
    for carried in observation.carried:
        key, weak = carried.identifier.key, not carried.identifier.kind.is_strong
        before = holds.get(key) or Held(carried.identifier, Assurance.OBSERVED, at, at, 0)
        logs_in, logs_out = binds and weak, weak and ends_session(observation.event.type)
        holds[key] = replace(
            before,
            assurance=max(before.assurance, carried.assurance),
            first_seen=min(before.first_seen, at),
            last_seen=max(before.last_seen, at),
            count=before.count + 1,
            first_bound=min(before.first_bound or at, at) if logs_in else before.first_bound,
            last_bound=max(before.last_bound or at, at) if logs_in else before.last_bound,
            first_out=min(before.first_out or at, at) if logs_out else before.first_out,
        )


def _stated(profiles: list[Profile]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in profiles:
        found["given_name"].update(set(one.given_names))
        found["family_name"].update(set(one.family_names))
        found["date_of_birth"].update(set(one.birth_dates))
        found["full_name"].update({" ".join(pair) for pair in one.names})
    return found
