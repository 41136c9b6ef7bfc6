"""A world in memory: attributed as the graph does it, with a truth for every person."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from benchmarks.accuracy.consumer import Attributed, attributed, observation_of
from benchmarks.accuracy.prepared import DEVELOPMENT, HELD_OUT, Prepared, prepare_world
from benchmarks.world import World, build
from vitograph.ingest.observations import parse
from vitograph.resolver.model import IdentifierStatus, PersonKind

NOW = dt.datetime(2026, 9, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def world() -> World:
    return build(150, 5, days=365)


@pytest.fixture(scope="module")
def found(world: World) -> Attributed:
    return attributed(world)


def test_an_observation_is_read_as_the_intake_reads_it(world: World) -> None:
    for body in world.observations[:800]:
        read = parse(body, received_at=NOW, default_region=None)
        assert observation_of(body) == dataclasses.replace(read, body_hash="")


def test_the_same_world_makes_the_same_persons(world: World, found: Attributed) -> None:
    again = attributed(world)
    assert (again.known, again.truth, again.uses) == (found.known, found.truth, found.uses)


def test_every_person_has_a_true_one_and_every_true_one_a_home(world: World, found: Attributed) -> None:
    assert set(found.truth) == {*found.known, *found.devices}
    assert set(found.truth.values()) <= set(world.people)
    assert set(found.households) == set(world.people)
    assert {profile.kind for profile in found.known.values()} == {PersonKind.KNOWN}
    assert {profile.kind for profile in found.devices.values()} == {PersonKind.DEVICE}


def test_every_event_is_counted_once_though_delivered_twice(world: World, found: Attributed) -> None:
    twice = [body for body in world.observations for _ in range(2)]
    assert attributed(dataclasses.replace(world, observations=tuple(twice))).events == found.events


def test_attribution_hardly_ever_mixes_two_people(found: Attributed) -> None:
    assert 0 < found.misplaced < 0.01 * found.events
    assert len(found.mixed) < 0.03 * len(found.known)


def test_role_mailboxes_are_shared_and_bring_nobody_together(world: World) -> None:
    prepared = prepare_world("small", 150, 5)
    role = f"email:{world.firms[0].mailbox}"
    holders = {id for id, profile in prepared.profiles.items() if role in profile.identifiers}
    assert prepared.population.use(role).status is IdentifierStatus.SHARED
    assert len(holders) > 1
    only = [
        (left, right)
        for left, right in prepared.blocked
        if left in holders
        and right in holders
        and prepared.profiles[left].identifiers.keys() & prepared.profiles[right].identifiers.keys() == {role}
    ]
    # Whom only the mailbox connects is compared where names or the like bring them together, and not by it.
    assert len(only) < len(holders) * (len(holders) - 1) / 4


def test_the_truth_of_a_prepared_world_is_that_of_its_known_persons() -> None:
    prepared: Prepared = prepare_world("tiny", 60, 3)
    assert set(prepared.truth) == set(prepared.profiles)
    assert all(left < right for left, right in prepared.blocked)
    assert prepared.devices is not None
    assert {known for known, _ in prepared.devices.pairs} <= set(prepared.profiles)
    assert {device for _, device in prepared.devices.pairs} <= set(prepared.devices.profiles)


def test_seeds_of_development_and_of_the_final_figure_are_apart() -> None:
    assert not set(DEVELOPMENT) & set(HELD_OUT)
