"""What is counted in a graph moves the chances of levels, and never further than it may."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.resolver.test_scoring_properties import Town, profiles, towns
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.evidence import Evidence, Score
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import dump_model, parse_model
from vitograph.resolver.training.em import fit, observe
from vitograph.resolver.training.levels import COUNTED, Judgement, fit_strangers, fit_verdicts


def scored(comparison: str, level: str, p_same: float = 0.0, p_household: float = 0.0) -> Score:
    row = Evidence(comparison, comparison, level, "said", "", "", 1.0, 1.0)
    return Score(p_same, p_household, 1 - p_same - p_household, 1.0, 1.0, "-", "m", False, (row,))


def test_u_goes_where_random_pairs_are(model: Model) -> None:
    """In a graph of one gender, strangers agree: an equal gender says nothing there."""
    fitted = fit_strangers(model, [scored("gender", "equal")] * 50_000)
    assert fitted.comparisons["gender"].levels["equal"].u > 0.9
    assert abs(fitted.comparisons["gender"].levels["equal"].bits_stranger) < 0.3


def test_a_double_among_random_pairs_is_no_stranger(model: Model) -> None:
    assert fit_strangers(model, [scored("gender", "equal", p_same=1.0)] * 50_000) == fit_strangers(model, [])


def test_nothing_counted_changes_nothing(model: Model) -> None:
    for fitted in (fit_strangers(model, []), fit_verdicts(model, [])):
        for name, comparison in model.comparisons.items():
            for level, chances in comparison.levels.items():
                found = fitted.comparisons[name].levels[level]
                assert (found.m, found.h, found.u) == pytest.approx((chances.m, chances.h, chances.u))


def test_verdicts_move_m_and_h_apart_and_u_stays(model: Model) -> None:
    same = [Judgement(Verdict.SAME, scored("birth_date", "equal" if n % 10 else "typo"), 1.0) for n in range(1_000)]
    apart = [
        Judgement(Verdict.HOUSEHOLD, scored("birth_date", "near" if n % 3 else "different"), 1.0) for n in range(999)
    ]
    given, fitted = model.comparisons["birth_date"].levels, fit_verdicts(model, [*same, *apart])
    found = fitted.comparisons["birth_date"].levels
    assert found["typo"].m == pytest.approx((100 + 200 * 0.042 / 0.998) / 1_200 * 0.998, rel=0.02)
    assert given["near"].h < found["near"].h < 0.4, "held back: two thirds of the verdicts say it"
    assert found["near"].h + found["different"].h < 1
    assert found["typo"].u == given["typo"].u
    assert found["typo"].bits_stranger == pytest.approx(math.log2(found["typo"].m / found["typo"].u))


def test_different_says_household_as_far_as_the_score_does(model: Model) -> None:
    stranger = [Judgement(Verdict.DIFFERENT, scored("gender", "equal", 0.0, 0.0), 1.0)] * 1_000
    household = [Judgement(Verdict.DIFFERENT, scored("gender", "equal", 0.0, 1.0), 1.0)] * 1_000
    before = model.comparisons["gender"].levels["equal"].h
    assert fit_verdicts(model, stranger).comparisons["gender"].levels["equal"].h == pytest.approx(before)
    assert fit_verdicts(model, household).comparisons["gender"].levels["equal"].h > before


@given(profiles(), profiles("b"), towns, st.sampled_from(Verdict), st.sampled_from([1.0, 0.05]))
@settings(max_examples=60, deadline=None)
def test_whatever_is_counted_the_model_is_a_model(
    model: Model, left: Profile, right: Profile, town: Town, verdict: Verdict, propensity: float
) -> None:
    found = score(left, right, town, model)
    fitted = fit_verdicts(fit_strangers(model, [found] * 100), [Judgement(verdict, found, propensity)] * 100)
    assert parse_model(dump_model(fitted)) == fitted
    assert set(COUNTED) <= fitted.comparisons.keys()
    again = score(left, right, town, fitted)
    assert math.fsum(row.bits_stranger for row in again.evidence) == again.bits_stranger


@given(st.lists(profiles(), max_size=4), towns)
@settings(max_examples=40, deadline=None)
def test_em_stands_any_small_graph(model: Model, some: list[Profile], town: Town) -> None:
    """Nobody, one person, no pairs, all of them identical."""
    people = [replace(one, view_id=str(n)) for n, one in enumerate([*some, *some])]
    pairs = [score(a, b, town, model) for n, a in enumerate(people) for b in people[:n]]
    fitted = fit(fit_strangers(model, pairs), [observe(one, model) for one in pairs], len(people))
    assert parse_model(dump_model(fitted)) == fitted
