"""The made-up world holds the difficulties it promises, and every body of it is a good observation."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.accuracy.consumer import observation_of
from benchmarks.people import Someone
from benchmarks.world import CAMPAIGN, World, build
from vitograph.ingest.observations import parse
from vitograph.resolver.model import Assurance, Observation

NOW = dt.datetime(2025, 9, 1, tzinfo=dt.UTC)
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def world() -> World:
    return build()


@pytest.fixture(scope="module")
def observations(world: World) -> list[Observation]:
    return [parse(body, received_at=NOW, default_region=None) for body in world.observations]


@pytest.fixture(scope="module")
def users(world: World, observations: list[Observation]) -> dict[str, set[str]]:
    """By identifier key, the people who used it."""
    found: dict[str, set[str]] = defaultdict(set)
    for observation in observations:
        for carried in observation.carried:
            found[carried.identifier.key].add(world.truth[observation.id])
    return found


def test_every_body_is_an_observation_without_warnings(world: World, observations: list[Observation]) -> None:
    assert len(observations) == len(world.observations) > 1500
    assert not any(observation.warnings for observation in observations)


def test_the_same_seed_is_the_same_world_and_another_is_not() -> None:
    assert build(40, 7).observations == build(40, 7).observations
    assert build(40, 7).observations != build(40, 8).observations


def test_observations_come_in_time_order_and_each_has_a_true_person(
    world: World, observations: list[Observation]
) -> None:
    times = [observation.occurred_at for observation in observations]
    assert times == sorted(times)
    assert {observation.id for observation in observations} == set(world.truth)
    assert set(world.truth.values()) <= set(world.people)
    assert len(world.people) == 300


def test_deliveries_are_repeated_and_forms_sent_twice(observations: list[Observation]) -> None:
    repeated = [id for id, times in Counter(observation.id for observation in observations).items() if times > 1]
    assert len(repeated) >= 10
    contents = {
        observation.id: (observation.carried, observation.stated, observation.event.type)
        for observation in observations
    }
    forms = Counter(repr(content) for content in contents.values() if content[2] == "campaign.enrolled")
    assert any(times > 1 for times in forms.values())


def test_households_share_landlines_tablets_and_mailboxes(world: World, users: dict[str, set[str]]) -> None:
    homes = {someone.home.id: someone.home for someone in world.people.values()}.values()
    for shared in ("landline", "tablet", "mailbox"):
        kind = {"landline": "phone", "tablet": "cookie", "mailbox": "email"}[shared]
        assert sum(len(users[f"{kind}:{getattr(home, shared)}"]) > 1 for home in homes) >= 5, shared


def test_a_kiosk_and_a_firm_are_used_by_strangers(world: World, users: dict[str, set[str]]) -> None:
    firm = world.firms[0]
    kiosk = max((key for key in users if key.startswith("cookie:")), key=lambda key: len(users[key]))
    for key, least in ((kiosk, 5), (f"email:{firm.mailbox}", 3), (f"phone:{firm.switchboard}", 2)):
        assert len({world.people[id].home.id for id in users[key]}) >= least, key


def test_a_personal_identifier_has_one_user(world: World, users: dict[str, set[str]]) -> None:
    handed = set(world.recycled)
    landlines = {someone.home.landline for someone in world.people.values()}
    for someone in world.people.values():
        personal = [f"user_id:{account}" for account in someone.accounts]
        if someone.mobile not in handed | landlines:
            personal.append(f"phone:{someone.mobile}")
        for key in (*personal, *(f"email:{address}" for address in someone.emails)):
            assert users.get(key, set()) <= {someone.id}


def test_a_number_is_given_up_and_handed_to_a_stranger_later() -> None:
    world = build(1_000, 2, days=365)
    times: dict[tuple[str, str], list[str]] = defaultdict(list)
    for body in world.observations:
        for carried in observation_of(body).carried:
            times[carried.identifier.value, world.truth[body["id"]]].append(body["occurred_at"])
    both = [
        (times[number, former], times[number, following])
        for number, (former, following) in world.recycled.items()
        if (number, former) in times and (number, following) in times
    ]
    assert 45 <= len(world.recycled) <= 50
    assert len(both) >= 2
    assert all(max(first) < min(then) for first, then in both)
    for former, following in world.recycled.values():
        assert world.people[former].home is not world.people[following].home


@pytest.mark.parametrize("persons", [1, 2, 7])
def test_a_tiny_world_is_a_world(persons: int) -> None:
    assert len(build(persons, 1).people) == persons


def test_proportions_hold_in_a_larger_world() -> None:
    people = build(3_000, 4, days=7).people.values()
    homes = {someone.home.id: someone.home for someone in people}.values()
    several = [home for home in homes if len(home.members) > 1]
    assert 0.55 < len(several) / len(homes) < 0.75
    assert 0.08 < sum(home.members[-1].twin_of is not None for home in several) / len(several) < 0.17
    assert 0.2 < sum(len(someone.emails) > 1 for someone in people) / len(people) < 0.3
    for name, chance in ((lambda someone: someone.given, 0.0027), (lambda someone: someone.family, 0.0006)):
        assert chance / 2 < _chance_of_strangers(list(people), name) < 2 * chance
    namesakes = [home for home in several if len({member.given for member in home.members}) < len(home.members)]
    assert 0.001 < len(namesakes) / len(several) < 0.03


def _chance_of_strangers(people: list[Someone], name: Callable[[Someone], str]) -> float:
    """That two people of different homes have one name."""
    everywhere = Counter(name(someone) for someone in people)
    at_home = Counter((name(someone), someone.home.id) for someone in people)
    squares = sum(count**2 for count in everywhere.values()) - sum(count**2 for count in at_home.values())
    return squares / len(people) ** 2


def test_cookies_are_wiped(world: World, users: dict[str, set[str]]) -> None:
    own: dict[str, int] = Counter()
    for key, people in users.items():
        if key.startswith("cookie:") and len(people) == 1:
            own[next(iter(people))] += 1
    assert sum(cookies > 1 for cookies in own.values()) >= 20


def test_a_session_is_used_by_a_then_b_then_a(world: World, observations: list[Observation]) -> None:
    turns: dict[str, list[str]] = defaultdict(list)
    for observation in observations:
        who = world.truth[observation.id]
        for carried in observation.carried:
            if carried.identifier.kind == "session" and turns[carried.identifier.value][-1:] != [who]:
                turns[carried.identifier.value].append(who)
    assert sum(len(order) == 3 and order[0] == order[2] for order in turns.values()) >= 10


def test_names_come_mistyped_and_as_nicknames_and_twins_differ_by_a_letter(
    world: World, observations: list[Observation]
) -> None:
    stated = [
        (observation.stated["given_name"], world.people[world.truth[observation.id]].given)
        for observation in observations
        if "given_name" in observation.stated
    ]
    assert 0.03 < sum(said != true for said, true in stated) / len(stated) < 0.3
    twins = [someone for someone in world.people.values() if someone.twin_of]
    assert len(twins) >= 6
    for twin in twins:
        other = world.people[twin.twin_of or ""]
        assert (twin.born, twin.family) == (other.born, other.family)
        assert twin.given != other.given


def test_people_have_second_addresses_and_second_accounts(world: World) -> None:
    assert sum(len(someone.emails) > 1 for someone in world.people.values()) >= 30
    assert sum(len(someone.accounts) > 1 for someone in world.people.values()) >= 5


def test_the_campaign_has_clicks_and_enrolments_and_calls_are_only_observed(observations: list[Observation]) -> None:
    kinds = Counter((observation.event.type, observation.event.target_id) for observation in observations)
    assert kinds["ad.clicked", CAMPAIGN] >= 50
    assert kinds["campaign.enrolled", CAMPAIGN] >= 50
    for observation in observations:
        if observation.event.type == "call.received":
            assert [carried.assurance for carried in observation.carried] == [Assurance.OBSERVED]


def test_the_world_is_written_as_files(tmp_path: Path) -> None:
    out = tmp_path / "small"
    command = [sys.executable, "-m", "benchmarks.world", "--persons", "20", "--seed", "3", "--out", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert len(out.with_suffix(".ndjson").read_bytes().splitlines()) >= 20
    assert out.with_suffix(".truth.csv").read_text().startswith("observation_id,person\n")
