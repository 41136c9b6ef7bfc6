"""What is shared in a simulated world: devices, phones and mailboxes of families, kiosks and role mailboxes.

The truth is the world's. The seeds were not looked at when the model was written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import pytest

from benchmarks.world import ROLE_MAILBOX
from tests.unit.resolver.replay import Replayed, replay
from vitograph.resolver.device_scoring import SILENT, score_device
from vitograph.resolver.evidence import Score
from vitograph.resolver.model import IdentifierStatus, PersonKind
from vitograph.resolver.parameters import Model
from vitograph.resolver.scoring import score

BINS = 10


@pytest.fixture(scope="module")
def world() -> Replayed:
    return replay(500, 41)


def holders(world: Replayed) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for id, profile in sorted(world.profiles.items()):
        for key in profile.identifiers:
            found[key].append(id)
    return found


def meetings(world: Replayed, kind: PersonKind) -> Iterator[tuple[str, str]]:
    """Pairs of a known person and one of the kind that share an identifier; each once."""
    pairs = set()
    for ids in holders(world).values():
        for a, b in combinations(ids, 2):
            kinds = {world.profiles[a].kind, world.profiles[b].kind}
            if kinds == {PersonKind.KNOWN, kind}:
                pairs.add((a, b) if world.profiles[a].kind is PersonKind.KNOWN else (b, a))
    yield from sorted(pairs)


def device_scores(world: Replayed, model: Model) -> list[tuple[Score, bool]]:
    return [
        (
            score_device(world.profiles[known], world.profiles[device], world, model),
            world.truth[known] == world.truth[device],
        )
        for known, device in meetings(world, PersonKind.DEVICE)
    ]


def test_a_devices_chances_are_what_happens(world: Replayed, model: Model) -> None:
    """Reliability: in ten bins of P(same), what is said and what is true."""
    scored = device_scores(world, model)
    said, true = [0.0] * BINS, [0] * BINS
    for found, same in scored:
        place = min(int(found.p_same * BINS), BINS - 1)
        said[place] += found.p_same
        true[place] += same
    assert len(scored) > 500
    assert sum(abs(a - b) for a, b in zip(said, true, strict=True)) / len(scored) <= 0.08


def test_a_device_that_is_recommended_is_theirs(world: Replayed, model: Model) -> None:
    sure = [same for found, same in device_scores(world, model) if found.p_same >= 0.9]
    assert len(sure) > 100
    assert sum(sure) / len(sure) >= 0.95


def test_kiosks_and_role_mailboxes_are_shared_and_bring_nobody_anything(world: Replayed, model: Model) -> None:
    shared = {key for key, status in world.holdings.statuses.items() if status in SILENT}
    assert f"email:{ROLE_MAILBOX}" in shared
    kiosks = {key for key in shared if key.startswith("cookie:")}
    assert kiosks
    for known, device in meetings(world, PersonKind.DEVICE):
        if kiosks & world.profiles[known].identifiers.keys() & world.profiles[device].identifiers.keys():
            assert score_device(world.profiles[known], world.profiles[device], world, model).p_same < 0.001


def test_what_a_family_shares_is_suspected_at_most_and_what_one_person_has_is_not_shared(world: Replayed) -> None:
    homes = {one.home.id: one.home for one in world.world.people.values()}.values()
    family = {f"phone:{home.landline}" for home in homes} | {f"cookie:{home.tablet}" for home in homes}
    own = {f"phone:{one.mobile}" for one in world.world.people.values()}
    statuses = world.holdings.statuses
    assert not [key for key in family | own if statuses.get(key) in SILENT]
    assert sum(statuses.get(key) is IdentifierStatus.SUSPECTED for key in family) > 20
    assert sum(statuses.get(key) is IdentifierStatus.SUSPECTED for key in own) <= 0.02 * len(own)


def test_a_family_on_one_phone_or_tablet_goes_household_not_same(world: Replayed, model: Model) -> None:
    found = [
        score(world.profiles[a], world.profiles[b], world, model)
        for a, b in meetings(world, PersonKind.KNOWN)
        if world.home(a) == world.home(b) and world.truth[a] != world.truth[b]
    ]
    assert len(found) > 200
    assert not [one for one in found if one.band == "A"]
    assert sum(one.p_same >= 0.5 for one in found) <= 0.02 * len(found)
    assert sum(one.p_household > one.p_same for one in found) >= 0.98 * len(found)
