"""What is counted in a graph moves the chances of levels, and never further than it may."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.resolver.scoring.test_any_score import Town, profiles, towns
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.evidence import PRIOR, Evidence, Score, posteriors
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Level, Model
from vitograph.resolver.scoring.parameters_json import dump_model, load_model, parse_model
from vitograph.resolver.scoring.policy import propose
from vitograph.resolver.training.em import fit, observe
from vitograph.resolver.training.levels import COUNTED, Judgement, fit_strangers, fit_verdicts
from vitograph.resolver.training.shares import INSTEAD


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


def named(model: Model, level: str, same: bool) -> Score:
    """A pair of one person, or of two strangers, by all else; their family names are at this level."""
    found, bits = model.comparisons["family_name"].levels[level], 40.0 if same else -40.0
    prior = Evidence(PRIOR, PRIOR, PRIOR, "said", "", "", bits, math.log2(model.prior_same / model.prior_household))
    rest = Evidence("account", "account", "said", "said", "", "", 0.0, bits)
    name = Evidence("name", "family_name", level, "said", "", "", found.bits_stranger, found.bits_household)
    bits_stranger, bits_household = bits + found.bits_stranger, rest.bits_household + found.bits_household
    chances = posteriors(bits_stranger, bits_household)
    return Score(*chances, bits_stranger, bits_household, "-", "m", False, (prior, rest, name))


@pytest.mark.parametrize("share", [0.03, 0.4])
def test_how_many_names_are_lone_is_made_up_for_once(model: Model, share: float) -> None:
    """One person's names are garbled as often as the model says; of two people's, so many are nobody else's.

    What training counted in random pairs, EM does not make up for again: not as it trains, and not once it is live.
    """
    lone, different = (model.comparisons["family_name"].levels[level] for level in ("lone", "different"))
    many = 50_000

    def strangers(believed: Model, count: int) -> list[Score]:
        rare = round(count * share)
        return [named(believed, "lone", False)] * rare + [named(believed, "different", False)] * (count - rare)

    def fitted(believed: Model) -> Model:
        garbled = {"lone": 20, "different": 40, "equal": 940}
        of_one = [named(believed, level, True) for level, count in garbled.items() for _ in range(count)]
        return fit(believed, [observe(pair, believed) for pair in (*of_one, *strangers(believed, 3_000))], 4_000)

    trained = fitted(fit_strangers(model, strangers(model, many)))
    live = fitted(trained)
    truth = {"lone": math.log2(lone.m / share), "different": math.log2(different.m / (1 - share))}
    for believed in (fitted(model), trained, live):
        for level, bits in truth.items():
            found = believed.comparisons["family_name"].levels[level]
            assert found.bits_stranger == pytest.approx(bits, abs=1.0), (level, believed.name)
            other = bits + math.log2((lone.u + different.u) / (lone.h + different.h))
            assert found.bits_household == pytest.approx(other, abs=1.0), (level, believed.name)


def test_verdicts_move_m_and_h_and_u_stay(model: Model) -> None:
    same = [Judgement(Verdict.SAME, scored("birth_date", "equal" if n % 10 else "typo"), 1.0) for n in range(1_000)]
    apart = [Judgement(Verdict.HOUSEHOLD, scored("birth_date", "near"), 1.0)] * 1_000
    given, fitted = model.comparisons["birth_date"].levels, fit_verdicts(model, [*same, *apart])
    found = fitted.comparisons["birth_date"].levels
    assert found["typo"].m == pytest.approx((100 + 200 * 0.042 / 0.998) / 1_200 * 0.998, rel=0.02)
    assert {level: (one.h, one.u) for level, one in found.items()} == {
        level: (one.h, one.u) for level, one in given.items()
    }
    assert found["typo"].bits_stranger == pytest.approx(math.log2(found["typo"].m / found["typo"].u))


@pytest.mark.parametrize(
    "key", [(name, level) for name in COUNTED for level in load_model().comparisons[name].levels], ids=" ".join
)
def test_however_many_verdicts_say_it_no_level_moves_more_than_two_bits(model: Model, key: tuple[str, str]) -> None:
    fitted = fit_verdicts(model, [Judgement(Verdict.SAME, scored(*key), 0.05)] * 1_000)
    given, found = model.comparisons[key[0]].levels, fitted.comparisons[key[0]].levels
    for level, one in given.items():
        assert abs(math.log2(found[level].m / one.m)) <= 2 + 1e-9, level
        assert abs(found[level].bits_household - one.bits_household) <= 2 + 1e-9, level
    own = [level for level in given if (key[0], level) not in INSTEAD]
    assert sum(found[level].m for level in own) == pytest.approx(sum(given[level].m for level in own))


def test_whom_nobody_is_asked_about_is_told_apart_as_well_as_before(model: Model) -> None:
    """Pairs as the model has them, and the verdicts that its own queue and exploration would ask for."""
    chance = random.Random(1)
    of_one = [drawn(model, chance, lambda level: level.m) for _ in range(2_000)]
    of_two = [drawn(model, chance, lambda level: level.h) for _ in range(20_000)]
    judged = [
        Judgement(verdict, one, proposal.propensity)
        for verdict, pairs in ((Verdict.SAME, of_one), (Verdict.HOUSEHOLD, of_two))
        for n, one in enumerate(pairs)
        if (proposal := propose(one, lot=f"{verdict}-{n}")) and proposal.propensity
    ]
    apart = [one for one in judged if not one.same]
    assert sum(("given_name", "equal") in levels_of(one.score) for one in apart) > len(apart) / 3, "they look alike"
    fitted = fit_verdicts(model, judged)
    for name in ("given_name", "birth_date", "gender"):
        given, found = model.comparisons[name].levels["equal"], fitted.comparisons[name].levels["equal"]
        assert found.bits_household == pytest.approx(given.bits_household, abs=0.1)


def drawn(model: Model, chance: random.Random, of: Callable[[Level], float]) -> Score:
    """A pair whose levels are as often as they are said to be, as the model scores it."""
    rows = [Evidence(PRIOR, PRIOR, PRIOR, "said", "", "", -20.0, math.log2(model.prior_same / model.prior_household))]
    for name in ("given_name", "family_name", "birth_date", "gender", "address"):
        levels = model.comparisons[name].levels
        [level] = chance.choices(list(levels), [of(one) for one in levels.values()])
        found = levels[level]
        rows.append(Evidence(name, name, level, "said", "", "", found.bits_stranger, found.bits_household))
    stranger, household = math.fsum(row.bits_stranger for row in rows), math.fsum(row.bits_household for row in rows)
    chances = posteriors(stranger, household)
    return Score(*chances, stranger, household, "C" if chances[0] >= model.bands["C"] else "-", "m", False, tuple(rows))


def levels_of(found: Score) -> set[tuple[str, str]]:
    return {(row.comparison, row.level) for row in found.evidence}


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
