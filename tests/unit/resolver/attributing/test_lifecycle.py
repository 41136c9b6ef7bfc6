"""How an identifier stands follows from its use, and from nothing else."""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.resolver.attributing.test_attribution import World
from tests.unit.resolver.values.test_vectors import SHARED
from vitograph.resolver.attributing.lifecycle import SENTENCE, STATUS_OF, Holder, Standing, Usage, Why, standing
from vitograph.resolver.model import Assurance, Identifier, IdentifierStatus
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import load_model
from vitograph.resolver.values.denylist import THROW_AWAY

PHONE = Identifier.parse("phone:+34600100200")
COOKIE = Identifier.parse("cookie:c-1")
JANUARY = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
FAMILIES = ("lopez", "schmidt", "okafor", "tanaka", "nowak", "rossi", "haddad", "silva")
GIVEN = ("maria", "peter", "chidi", "yuki", "anna", "luca", "omar", "ines")


def holder(number: int, given: str | None = None, family: str | None = None, **more: Any) -> Holder:
    first = more.pop("first", JANUARY)
    return Holder(
        f"v{number}",
        more.pop("assurance", Assurance.ASSERTED),
        first,
        more.pop("last", first),
        given_names=(given,) if given else (),
        family_names=(family,) if family else (),
        **more,
    )


def strangers(number: int) -> list[Holder]:
    return [holder(n, GIVEN[n % 8], FAMILIES[n % 8]) for n in range(number)]


def stands(holders: Sequence[Holder], identifier: Identifier = PHONE, **more: Any) -> Standing:
    return standing(Usage(identifier, holders, len(holders), **more), load_model())


def test_one_person_with_several_accounts_holds_alone() -> None:
    duplicates = [holder(n, given, "lopez") for n, given in enumerate(("maria", "maria", "m", None))]
    assert stands(duplicates).status is IdentifierStatus.EXCLUSIVE
    assert stands(duplicates[:3]).persons == 1


def test_a_household_of_five_makes_a_phone_suspected_and_not_shared() -> None:
    found = stands([holder(n, given, "lopez") for n, given in enumerate(GIVEN[:5])])
    assert (found.why, found.persons, found.households) == (Why.CONTRADICTED, 5, 1)
    assert found.strangers < 0.1


def test_one_address_makes_a_household_of_several_family_names() -> None:
    home = [holder(n, GIVEN[n], FAMILIES[n], addresses=('{"street": "5 main st"}',)) for n in range(5)]
    assert stands(home).households == 1
    assert stands(home).status is IdentifierStatus.SUSPECTED


def test_a_phone_of_five_households_is_shared() -> None:
    assert [stands(strangers(number)).status.value for number in (1, 2, 3, 4, 5)] == [
        "exclusive", "suspected", "suspected", "suspected", "shared"
    ]  # fmt: skip


def test_what_is_shared_is_where_a_stranger_is_as_likely_as_the_holder(model: Model) -> None:
    for number in range(1, 8):
        found = stands(strangers(number))
        assert (found.status is IdentifierStatus.SHARED) == (found.strangers >= model.lifecycle.shared_at == 1.0)


def test_more_persons_of_one_name_than_a_household_has_are_no_household() -> None:
    born = [f"{1950 + 7 * n}-03-0{n % 9 + 1}" for n in range(14)]
    smiths = [holder(n, None, "smith", birth_dates=(date,)) for n, date in enumerate(born)]
    assert stands(smiths[:6]).status is IdentifierStatus.SUSPECTED
    assert stands(smiths).status is IdentifierStatus.SHARED


def test_persons_nobody_knows_by_name_make_a_kiosk_when_they_are_many() -> None:
    unnamed = [holder(n) for n in range(20)]
    assert stands(unnamed[:5], COOKIE).status is IdentifierStatus.EXCLUSIVE
    assert stands(unnamed, COOKIE).status is IdentifierStatus.SHARED


def test_logins_in_turns_make_a_device_suspected() -> None:
    def login(number: int, *days: int) -> Holder:
        moments = [JANUARY + dt.timedelta(days=day) for day in days]
        return holder(number, first_bound=min(moments), last_bound=max(moments))

    assert stands([login(1, 1, 3), login(2, 2)], COOKIE).why is Why.TURNS
    assert stands([login(1, 1, 2), login(2, 3, 9)], COOKIE).why is Why.NOTHING
    assert stands([login(1, 1, 3), login(2, 2)], PHONE).why is Why.NOTHING, "only a device is logged in on"


def test_a_number_that_another_proved_to_be_theirs_years_later_is_theirs() -> None:
    maria = holder(1, "maria", "lopez")
    later = JANUARY + dt.timedelta(days=800)
    peter = holder(2, "peter", "weber", assurance=Assurance.VERIFIED, first=later)
    assert stands([maria, peter]).status is IdentifierStatus.EXCLUSIVE
    assert stands([maria, holder(2, "peter", "weber", first=later)]).status is IdentifierStatus.SUSPECTED
    soon = holder(2, "peter", "weber", assurance=Assurance.VERIFIED, first=JANUARY + dt.timedelta(days=90))
    assert stands([maria, soon]).status is IdentifierStatus.SUSPECTED
    cookie = [maria, peter]
    assert stands(cookie, COOKIE).status is IdentifierStatus.SUSPECTED, "a cookie is not handed on by anybody"


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("email:info@harbour.example.com", Why.ROLE),
        ("email:a1b2@mailinator.com", Why.DISPOSABLE),
        ("email:a1b2@eu.mailinator.com", Why.DISPOSABLE),
        ("email:a1b2@notmailinator.com", Why.NOTHING),
        ("email:noreply@shop.com", Why.PLACEHOLDER),
        ("phone:+34600100200", Why.NOTHING),
    ],
)
def test_lists_alone_tell(key: str, why: Why) -> None:
    assert stands([holder(1)], Identifier.parse(key)).why is why


def test_a_verdict_makes_shared_what_nothing_else_would_and_its_retraction_leaves_the_rest() -> None:
    family = [holder(n, given, "lopez") for n, given in enumerate(GIVEN[:3])]
    assert stands(family, called_shared=True).why is Why.VERDICT
    assert stands(family).why is Why.CONTRADICTED
    assert stands(strangers(6)).why is Why.STRANGERS


def test_a_hub_is_blocked(model: Model) -> None:
    above = int(model.lifecycle.blocked_above) + 1
    assert standing(Usage(PHONE, (), above), model).status is IdentifierStatus.BLOCKED
    assert standing(Usage(PHONE, (), above - 1), model).status is IdentifierStatus.EXCLUSIVE


def test_every_reason_has_a_status_and_a_sentence() -> None:
    assert set(STATUS_OF) == set(SENTENCE) == set(Why)


people = st.builds(
    holder,
    st.integers(0, 10_000),
    st.sampled_from((None, *GIVEN, "m", "mary", "pete")),
    st.sampled_from((None, *FAMILIES[:3])),
    assurance=st.sampled_from(Assurance),
    first=st.integers(0, 1500).map(lambda days: JANUARY + dt.timedelta(days=days)),
    birth_dates=st.sampled_from(((), ("1980-05-17",), ("1991-01-02",))),
)


@given(st.lists(people, max_size=12, unique_by=lambda one: one.view_id), st.integers(0, 9))
def test_the_order_of_the_holders_changes_nothing(holders: list[Holder], seed: int) -> None:
    shuffled = random.Random(seed).sample(holders, len(holders))
    assert stands(holders) == stands(shuffled)


@given(st.lists(people, min_size=1, max_size=12, unique_by=lambda one: one.view_id))
def test_who_joins_as_a_duplicate_of_a_holder_changes_no_status(holders: list[Holder]) -> None:
    """A view that says word for word what another says is one more account of that person."""
    first = holders[0]
    again = Holder(
        "again", Assurance.OBSERVED, first.first_seen, first.last_seen, None, None,
        first.given_names, first.family_names, first.birth_dates, first.addresses,
    )  # fmt: skip
    if first.given_names or first.birth_dates:
        assert stands([*holders, again]).status is stands(holders).status


words = st.tuples(st.sampled_from(GIVEN[:6]), st.sampled_from(FAMILIES[:6]), st.sampled_from("!?~"), st.booleans())


@given(st.lists(words, max_size=14))
def test_a_shared_identifier_anchors_nothing_from_then_on_and_moves_nobody(log: list[Any]) -> None:
    """I7: an event stays where it was put; whichever comes after the identifier was shared has another anchor."""
    world, silent = World(), False
    before: list[str] = []
    for given_name, family_name, mark, with_own in log:
        own = [f"email:{given_name}.{family_name}@example.com!"] if with_own else []
        found = world.sees(f"{PHONE.key}{mark.strip('~')}", *own, given_name=given_name, family_name=family_name)
        assert not (silent and found.anchor == PHONE.key)
        silent = world.holdings.statuses[PHONE.key] in (IdentifierStatus.SHARED, IdentifierStatus.BLOCKED)
        before.append(found.person_id)
        assert [attribution.person_id for _, attribution in world.log] == before


def test_the_lists_are_known_to_the_public_ones() -> None:
    path = SHARED / "vectors" / "disposable_domains.csv"
    if not path.is_file():
        pytest.skip("disposable_domains.csv is not at hand; VITO_SHARED_DATA names the folder that holds vectors/")
    with path.open(encoding="utf-8", newline="") as file:
        listed = {row["domain"] for row in csv.DictReader(file)}
    assert listed >= THROW_AWAY
