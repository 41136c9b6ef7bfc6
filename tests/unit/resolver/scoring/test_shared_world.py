"""What is shared in a simulated world: devices, phones and mailboxes of families, kiosks and role mailboxes.

The truth is the world's. The seed was not looked at when the model was written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, product

import pytest

from benchmarks.accuracy.consumer import Attributed, attributed
from benchmarks.accuracy.population import SetPopulation
from benchmarks.world import World, build
from vitograph.resolver.model import IdentifierStatus, Profile
from vitograph.resolver.scoring.device import SILENT, score_device
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model

BINS = 10


@dataclass(frozen=True, slots=True)
class Lived:
    """A world, what it left behind, and the population of scoring."""

    world: World
    found: Attributed
    population: SetPopulation

    def status(self, key: str) -> IdentifierStatus:
        use = self.found.uses.get(key)
        return use.status if use else IdentifierStatus.EXCLUSIVE

    def device_scores(self, model: Model) -> list[tuple[Score, bool]]:
        known, devices, truth = self.found.known, self.found.devices, self.found.truth
        return [
            (score_device(known[a], devices[b], self.population, model), truth[a] == truth[b])
            for a, b in meetings(known, devices)
        ]


@pytest.fixture(scope="module")
def lived() -> Lived:
    world = build(500, 41)
    found = attributed(world)
    return Lived(world, found, SetPopulation(found.known, found.uses))


def holders(profiles: Mapping[str, Profile]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for id, profile in sorted(profiles.items()):
        for key in profile.identifiers:
            found[key].append(id)
    return found


def meetings(known: Mapping[str, Profile], devices: Mapping[str, Profile]) -> list[tuple[str, str]]:
    """Pairs of a known and a device person that share an identifier; each once."""
    ours, theirs = holders(known), holders(devices)
    return sorted({pair for key in ours.keys() & theirs.keys() for pair in product(ours[key], theirs[key])})


def test_a_devices_chances_are_what_happens(lived: Lived, model: Model) -> None:
    """Reliability: in ten bins of P(same), what is said and what is true."""
    scored = lived.device_scores(model)
    said, true = [0.0] * BINS, [0] * BINS
    for found, same in scored:
        place = min(int(found.p_same * BINS), BINS - 1)
        said[place] += found.p_same
        true[place] += same
    assert len(scored) > 500
    assert sum(abs(a - b) for a, b in zip(said, true, strict=True)) / len(scored) <= 0.08


def test_a_device_that_is_recommended_is_theirs(lived: Lived, model: Model) -> None:
    sure = [same for found, same in lived.device_scores(model) if found.p_same >= 0.9]
    assert len(sure) > 100
    assert sum(sure) / len(sure) >= 0.95


def test_kiosks_and_role_mailboxes_are_shared_and_bring_nobody_anything(lived: Lived, model: Model) -> None:
    assert {lived.status(f"email:{firm.mailbox}") for firm in lived.world.firms} <= SILENT
    known, devices = lived.found.known, lived.found.devices
    kiosks = {key for key in lived.found.uses if key.startswith("cookie:") and lived.status(key) in SILENT}
    assert kiosks
    met = [
        (a, b)
        for a, b in meetings(known, devices)
        if kiosks & known[a].identifiers.keys() & devices[b].identifiers.keys()
    ]
    assert met
    assert max(score_device(known[a], devices[b], lived.population, model).p_same for a, b in met) < 0.001


def test_what_a_family_shares_is_suspected_at_most_and_what_one_person_has_is_not_shared(lived: Lived) -> None:
    homes = {one.home.id: one.home for one in lived.world.people.values()}.values()
    family = {f"phone:{home.landline}" for home in homes} | {f"cookie:{home.tablet}" for home in homes}
    own = {f"phone:{one.mobile}" for one in lived.world.people.values()} - family
    assert not [key for key in family | own if lived.status(key) in SILENT]
    assert sum(lived.status(key) is IdentifierStatus.SUSPECTED for key in family) > 20
    assert sum(lived.status(key) is IdentifierStatus.SUSPECTED for key in own) <= 0.05 * len(own)


def test_a_family_on_one_phone_or_tablet_goes_household_not_same(lived: Lived, model: Model) -> None:
    known, truth, home = lived.found.known, lived.found.truth, lived.found.households
    pairs = {pair for ids in holders(known).values() for pair in combinations(ids, 2)}
    found = [
        score(known[a], known[b], lived.population, model)
        for a, b in sorted(pairs)
        if truth[a] != truth[b] and home[truth[a]] == home[truth[b]]
    ]
    assert len(found) > 200
    assert not [one for one in found if one.band == "A"]
    assert sum(one.p_same >= 0.5 for one in found) <= 0.02 * len(found)
    assert sum(one.p_household > one.p_same for one in found) >= 0.98 * len(found)
