"""A set as every contender gets it: profiles, the truth, and the pairs that our blocking brought together."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from benchmarks.accuracy.consumer import attributed
from benchmarks.accuracy.population import SetPopulation, device_pairs
from benchmarks.accuracy.profiles import profile_of
from benchmarks.accuracy.sets import RecordSet
from benchmarks.people import Someone
from benchmarks.registers import REGISTERS, enter
from benchmarks.world import World, build
from vitograph.graph.batch.inprocess import person_pairs
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.pairs import Together
from vitograph.resolver.model import Profile

DEVELOPMENT = range(1, 100)
"""Seeds of worlds that may be looked at while the model is worked on."""
HELD_OUT = range(9_001, 9_011)
"""Seeds of worlds that nobody looks into: they are for the published figure alone (`--final`)."""

DAYS = 365
"""Long enough for numbers to be given up and handed out again."""


@dataclass(frozen=True, slots=True)
class Devices:
    """Device persons of a world beside the known ones: pairs are (known, device)."""

    profiles: Mapping[str, Profile]
    truth: Mapping[str, str]
    pairs: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the look-alikes of a world come from: its people, the keys of identifiers that several people use by their
    nature (kiosks' cookies, firms' mailboxes and switchboards, numbers handed on), and the known persons who hold
    events of two people.
    """

    people: Mapping[str, Someone]
    kiosks: frozenset[str] = frozenset()
    firms: frozenset[str] = frozenset()
    handed_on: frozenset[str] = frozenset()
    mixed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, world: World, mixed: frozenset[str]) -> Origins:
        return cls(
            people=world.people,
            kiosks=frozenset(f"cookie:{cookie}" for cookie in world.kiosks),
            firms=frozenset(
                key for firm in world.firms for key in (f"email:{firm.mailbox}", f"phone:{firm.switchboard}")
            ),
            handed_on=frozenset(f"phone:{number}" for number in world.recycled),
            mixed=mixed,
        )


@dataclass(frozen=True)
class Prepared:
    """`truth` maps a profile to its person, `households` a person to the home, where homes are known.

    `frame` holds the profiles as columns and `pairs` those of them that blocking brought together, as a batch over a
    graph has them. `seconds` is what that took. `told` says in a sentence what attribution made of a world, `origins`
    where its look-alikes come from.
    """

    name: str
    profiles: Mapping[str, Profile]
    truth: Mapping[str, str]
    population: SetPopulation
    frame: Frame
    pairs: Together
    seconds: float
    households: Mapping[str, str] = field(default_factory=dict)
    devices: Devices | None = None
    told: str = ""
    origins: Origins | None = None

    @cached_property
    def blocked(self) -> list[tuple[str, str]]:
        """The pairs by their ids, in order."""
        ids = self.frame.view_ids
        return [(ids[left], ids[right]) for left, right in zip(*map(np.ndarray.tolist, self.pairs), strict=True)]


def prepare(record_set: RecordSet, folder: Path) -> Prepared:
    """Read and block one record set. MissingSet when it is not there."""
    profiles: dict[str, Profile] = {}
    truth: dict[str, str] = {}
    for record, entity, fields in record_set.rows(folder):
        profiles[record], truth[record] = profile_of(record, fields), entity
    return _blocked(record_set.name, profiles, truth, {})


def prepare_world(name: str, persons: int, seed: int, days: int = DAYS) -> Prepared:
    """A consumer world of that many people, attributed and blocked."""
    built = build(persons, seed, days=days)
    world = attributed(built)
    known, devices = world.known, world.devices
    started = time.perf_counter()
    population = SetPopulation(known, world.uses)
    frame = frame_of(known, world.ambiguous)
    pairs, _ = person_pairs(frame, population)
    seconds = time.perf_counter() - started
    return Prepared(
        name=name,
        profiles=known,
        truth={id: world.truth[id] for id in known},
        population=population,
        frame=frame,
        pairs=pairs,
        seconds=seconds,
        households=world.households,
        devices=Devices(devices, world.truth, sorted(device_pairs(known, devices, population))),
        told=f"{persons} people, {len(known)} known persons ({len(world.mixed)} hold events of two people; "
        f"{world.misplaced} of {world.events} events are on somebody else's person), {len(devices)} device persons",
        origins=Origins.of(built, world.mixed),
    )


def prepare_register(kind: str, name: str, persons: int, seed: int) -> Prepared:
    """A register of our own of that many people, blocked."""
    entered = enter(REGISTERS[kind], persons, seed)
    profiles = {record: profile_of(record, fields) for record, _, fields in entered.rows}
    truth = {record: person for record, person, _ in entered.rows}
    homes = {person: someone.home.id for person, someone in entered.people.items()}
    return replace(_blocked(name, profiles, truth, homes), origins=Origins(entered.people))


def _blocked(
    name: str, profiles: Mapping[str, Profile], truth: Mapping[str, str], households: Mapping[str, str]
) -> Prepared:
    started = time.perf_counter()
    population = SetPopulation(profiles)
    frame = Frame.of(profiles.values())
    pairs, _ = person_pairs(frame, population)
    return Prepared(name, profiles, truth, population, frame, pairs, time.perf_counter() - started, households)


def frame_of(profiles: Mapping[str, Profile], ambiguous: Collection[tuple[str, str]]) -> Frame:
    """The profiles as columns; holds (view, key) among the ambiguous bring nobody together."""
    frame = Frame.of(profiles.values())
    column = frame.identifiers
    held = zip(column.owners.tolist(), column.codes.tolist(), strict=True)
    marks = [(frame.view_ids[view], column.values[code]) in ambiguous for view, code in held]
    return replace(frame, held={**frame.held, "ambiguous": np.array(marks, np.int64)})
