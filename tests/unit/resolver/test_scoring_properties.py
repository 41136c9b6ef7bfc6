"""What holds of every score, whatever the profiles say."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import Town, profiles, towns
from vitograph.resolver.model import Assurance, Held, Identifier, IdentifierStatus, Profile
from vitograph.resolver.parameters import Model
from vitograph.resolver.policy import ProposalStatus, propose
from vitograph.resolver.scoring import score


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
    town = Town(100_000, 7, holders, (IdentifierStatus.SHARED,))
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
