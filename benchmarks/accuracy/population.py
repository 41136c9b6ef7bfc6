"""A population in memory: what the graph would answer about the profiles of one set."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from vitograph.graph.people.holdings import HUB
from vitograph.resolver.attributing.lifecycle import Holder, Usage, standing
from vitograph.resolver.model import Held, Identifier, IdentifierStatus, IdentifierUse, Profile
from vitograph.resolver.scoring.name_evidence import names_of
from vitograph.resolver.scoring.parameters_json import load_model

_PAIRING = (IdentifierStatus.EXCLUSIVE, IdentifierStatus.SUSPECTED)


class SetPopulation:
    """Counts over the views of a set; `uses` where they are known from elsewhere than the profiles alone."""

    def __init__(self, profiles: Mapping[str, Profile], uses: Mapping[str, IdentifierUse] | None = None) -> None:
        self.persons = len(profiles)
        self._stated: dict[str, Counter[str]] = defaultdict(Counter)
        self._holders: Counter[str] = Counter()
        for profile in profiles.values():
            for field, value in set(_stated(profile)):
                self._stated[field][value] += 1
            self._holders.update(profile.identifiers.keys())
        self._uses = uses or _uses(profiles)

    def frequency(self, field: str, value: str) -> int:
        return self._stated[field][value]

    def use(self, key: str) -> IdentifierUse:
        return self._uses[key]


def _uses(profiles: Mapping[str, Profile]) -> dict[str, IdentifierUse]:
    """Every identifier as the life cycle of a graph has it once these views are in it."""
    holders: dict[str, list[Holder]] = defaultdict(list)
    for profile in profiles.values():
        for key, held in profile.identifiers.items():
            holders[key].append(_holder(profile, held))
    return {
        key: IdentifierUse(standing(Usage(Identifier.parse(key), found, len(found)), load_model()).status, len(found))
        for key, found in holders.items()
    }


def _holder(profile: Profile, held: Held) -> Holder:
    return Holder(
        profile.view_id,
        held.assurance,
        held.first_seen,
        held.last_seen,
        given_names=profile.given_names,
        family_names=profile.family_names,
        birth_dates=profile.birth_dates,
        addresses=tuple(map(repr, profile.addresses)),
        full_names=profile.full_names,
        names=tuple(map(json.dumps, profile.names)),
    )


def _stated(profile: Profile) -> Iterator[tuple[str, str]]:
    for name in names_of(profile):
        yield "given_name", name.given
        yield "family_name", name.family
        yield "full_name", f"{name.given} {name.family}"
    for born in profile.birth_dates:
        yield "date_of_birth", born
    for address in profile.addresses:
        yield "street", address.street or ""
        yield "postal_code", address.postal_code or ""
        yield "city", address.city or ""


def device_pairs(
    known: Mapping[str, Profile], devices: Mapping[str, Profile], population: SetPopulation
) -> set[tuple[str, str]]:
    """Pairs of a known person and a device person that share an identifier which pairs."""
    holders: dict[str, list[str]] = defaultdict(list)
    for view, profile in known.items():
        for key in profile.identifiers:
            holders[key].append(view)
    return {
        (view, device)
        for device, profile in devices.items()
        for key in profile.identifiers
        if population.use(key).status in _PAIRING and population.use(key).holders <= HUB
        for view in holders.get(key, ())
    }
