"""What holds of every score, whatever the profiles say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.both_scorers import assert_same_bits
from tests.strategies import Town as NearTown
from tests.strategies import profiles as near_profiles
from tests.strategies import towns as near_towns
from vitograph.resolver.columnar.frame import STATED
from vitograph.resolver.model import (
    Address,
    Assurance,
    Held,
    Identifier,
    IdentifierStatus,
    IdentifierUse,
    PersonKind,
    Profile,
)
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.policy import ProposalStatus, propose

GIVEN = ("maria", "mario", "marie", "anna", "hanna", "peter", "petr", "bob", "robert", "m", "anna maria", "сергей")
FAMILY = ("schmidt", "schmitt", "shcmidt", "weber", "smith-jones", "smith", "maria", "o'hara")
DATES = ("1980-05-17", "1980-05-18", "1980-01-12", "1980-12-01", "1955-05-17", "2001-02-03")
STREETS = ("5 main street", "5 main st", "7 main street", "12 high road")
KEYS = (
    "email:m@example.com",
    "email:maria.s@example.com",
    "phone:+4930123456",
    "phone:+4930123457",
    "cookie:1",
    "session:1",
)

moments = st.integers(0, 2_000).map(lambda days: dt.datetime(2020, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=days))


@st.composite
def holdings(draw: Any) -> dict[str, Held]:
    held = {}
    for key in draw(st.sets(st.sampled_from(KEYS), max_size=4)):
        first, last = sorted((draw(moments), draw(moments)))
        held[key] = Held(Identifier.parse(key), draw(st.sampled_from(Assurance)), first, last, draw(st.integers(1, 9)))
    return held


@st.composite
def profiles(draw: Any, view: str = "a") -> Profile:
    names = tuple(draw(st.sets(st.tuples(st.sampled_from(GIVEN), st.sampled_from(FAMILY)), max_size=2)))
    addresses = st.builds(
        Address, street=st.sampled_from((*STREETS, None)), city=st.sampled_from(("berlin", "berlni", "köln", None))
    )
    return Profile(
        view_id=view,
        kind=PersonKind.KNOWN,
        given_names=tuple({name for name, _ in names}),
        family_names=tuple({name for _, name in names}),
        full_names=tuple(draw(st.sets(st.sampled_from(("maria schmidt", "weber, anna", "cher")), max_size=1))),
        names=names,
        birth_dates=tuple(draw(st.sets(st.sampled_from(DATES), max_size=2))),
        genders=tuple(draw(st.sets(st.sampled_from(("f", "m")), max_size=1))),
        addresses=tuple(draw(st.sets(addresses, max_size=2))),
        identifiers=draw(holdings()),
    )


class Town:
    """Frequencies drawn by the test; always the same answer to the same question."""

    def __init__(self, persons: int, seed: int, holders: int, status: IdentifierStatus) -> None:
        self.persons = persons
        self.seed = seed
        self.holders = holders
        self.status = status

    def frequency(self, field: str, value: str) -> int:
        return 1 + (len(field) * 31 + sum(value.encode()) * self.seed) % max(self.persons // 10, 2)

    def use(self, key: str) -> IdentifierUse:
        return IdentifierUse(self.status, self.holders)


USABLE = (IdentifierStatus.EXCLUSIVE, IdentifierStatus.SUSPECTED, IdentifierStatus.SHARED)
towns = st.builds(Town, st.integers(1, 2_000_000), st.integers(1, 97), st.integers(2, 80), st.sampled_from(USABLE))


@given(profiles(), profiles("b"), towns)
@settings(max_examples=80, deadline=None)
def test_the_waterfall_adds_up_and_the_three_chances_are_one(
    model: Model, left: Profile, right: Profile, town: Town
) -> None:
    found = score(left, right, town, model)
    assert math.fsum(row.bits_stranger for row in found.evidence) == found.bits_stranger
    assert math.fsum(row.bits_household for row in found.evidence) == found.bits_household
    assert math.isclose(found.p_same + found.p_household + found.p_stranger, 1.0, abs_tol=1e-9)
    assert all(
        row.sentence and math.isfinite(row.bits_stranger) and math.isfinite(row.bits_household)
        for row in found.evidence
    )


@given(profiles(), profiles("b"), towns)
@settings(max_examples=80, deadline=None)
def test_the_order_of_the_two_changes_nothing(model: Model, left: Profile, right: Profile, town: Town) -> None:
    one, other = score(left, right, town, model), score(right, left, town, model)
    assert math.isclose(one.bits_stranger, other.bits_stranger, abs_tol=1e-9)
    assert math.isclose(one.bits_household, other.bits_household, abs_tol=1e-9)
    assert one.band == other.band


@given(profiles(), profiles("b"), towns)
@settings(max_examples=50, deadline=None)
def test_the_same_question_has_the_same_answer(model: Model, left: Profile, right: Profile, town: Town) -> None:
    shuffled = replace(
        left,
        names=left.names[::-1],
        birth_dates=left.birth_dates[::-1],
        addresses=left.addresses[::-1],
        identifiers=dict(reversed(left.identifiers.items())),
    )
    assert score(left, right, town, model) == score(left, right, town, model)
    assert math.isclose(
        score(shuffled, right, town, model).bits_stranger, score(left, right, town, model).bits_stranger
    )


@given(near_profiles(), near_profiles("b"), near_towns, st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=150, deadline=None)
def test_no_order_of_sides_or_values_changes_the_bits(
    model: Model, left: Profile, right: Profile, town: NearTown, random: Random, strict: bool
) -> None:
    if strict:
        model = replace(model, rules=replace(model.rules, one_account_issuers=frozenset({"shop"})))
    found = score(left, right, town, model)
    assert_same_bits(score(right, left, town, model), found)
    assert_same_bits(score(_shuffled(left, random), _shuffled(right, random), town, model), found)


def _shuffled(profile: Profile, random: Random) -> Profile:
    """The profile with all that it states and holds in another order."""

    def anew(values: Iterable[Any]) -> list[Any]:
        values = list(values)
        return random.sample(values, len(values))

    stated = {name: tuple(anew(getattr(profile, name))) for name in STATED}
    return replace(profile, **stated, identifiers=dict(anew(profile.identifiers.items())))


@given(profiles(), profiles("b"), towns, st.sampled_from(["names", "birth_dates", "identifiers"]))
@settings(max_examples=80, deadline=None)
def test_more_agreeing_evidence_never_speaks_for_strangers(
    model: Model, left: Profile, right: Profile, town: Town, what: str
) -> None:
    if what == "names":
        bare = replace(left, given_names=(), family_names=(), full_names=(), names=())
        other = replace(right, given_names=(), family_names=(), full_names=(), names=())
        more = (replace(bare, names=(("maria", "schmidt"),)), replace(other, names=(("maria", "schmidt"),)))
    elif what == "birth_dates":
        bare, other = replace(left, birth_dates=()), replace(right, birth_dates=())
        more = (replace(bare, birth_dates=("1980-05-17",)), replace(other, birth_dates=("1980-05-17",)))
    else:
        bare, other = replace(left, identifiers={}), replace(right, identifiers={})
        key = Identifier.parse("phone:+4930999999")
        held = {key.key: Held(key, Assurance.ASSERTED, *[dt.datetime(2026, 1, 1, tzinfo=dt.UTC)] * 2)}
        more = (replace(bare, identifiers=held), replace(other, identifiers=held))
    assert score(*more, town, model).bits_stranger >= score(bare, other, town, model).bits_stranger - 1e-9


@given(profiles(), profiles("b"), st.integers(2, 80))
@settings(max_examples=100, deadline=None)
def test_a_shared_identifier_never_helps(model: Model, left: Profile, right: Profile, holders: int) -> None:
    town = Town(100_000, 7, holders, IdentifierStatus.SHARED)
    key = Identifier.parse("email:info@example.com")
    held = Held(key, Assurance.ASSERTED, *[dt.datetime(2026, 1, 1, tzinfo=dt.UTC)] * 2)
    without = [replace(one, identifiers={}) for one in (left, right)]
    with_it = [replace(one, identifiers={key.key: held}) for one in (left, right)]
    assert score(*with_it, town, model).p_same <= score(*without, town, model).p_same + 1e-12


@given(profiles(), profiles("b"), towns)
@settings(max_examples=50, deadline=None)
def test_a_score_becomes_a_proposal_or_nothing(model: Model, left: Profile, right: Profile, town: Town) -> None:
    found = score(left, right, town, model)
    proposal = propose(found)
    assert proposal is None or (proposal.status is ProposalStatus.OPEN) == (found.p_same >= model.bands["C"])
