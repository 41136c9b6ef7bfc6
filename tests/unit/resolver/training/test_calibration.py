"""Verdicts make odds into chances: monotone, honest about few, and band A opens by proof alone."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta

from vitograph.resolver.scoring.evidence import calibrated, odds, posteriors
from vitograph.resolver.scoring.parameters import Calibration
from vitograph.resolver.training.calibration import (
    CLOSED,
    ENOUGH,
    SURE,
    Judged,
    bar_of_band_a,
    calibrate,
    is_enough,
    lower_bound,
)

bits = st.floats(-2_000, 2_000)


def world(verdicts: int, lie: float = 0.0, seed: int = 1, person_grade: bool = True) -> list[Judged]:
    """Verdicts on pairs whose odds claim `lie` bits more than is true."""
    chance = random.Random(seed)
    found = []
    for _ in range(verdicts):
        claimed = chance.uniform(-4, 12)
        true = 1 / (1 + 2 ** -(claimed - lie))
        found.append(Judged(chance.random() < true, claimed, 1.0, person_grade))
    return found


def test_299_flawless_verdicts_prove_99_percent_and_298_do_not() -> None:
    assert lower_bound(299, 299) >= 0.99 > lower_bound(298, 298)
    assert lower_bound(0, 10) == 0.0
    assert lower_bound(950, 1000) == pytest.approx(beta.ppf(0.05, 950, 51))


@pytest.mark.parametrize(
    ("at", "propensity"),
    [(float("nan"), 1.0), (float("inf"), 1.0), (float("-inf"), 1.0), (0.0, 0.0), (0.0, float("nan"))],
)
def test_no_verdict_stands_at_odds_that_are_no_number(at: float, propensity: float) -> None:
    """Among others they would be knots that `vito train` stores and nobody can read again."""
    with pytest.raises(ValueError, match="calibrates nothing"):
        calibrate([*world(2_000), Judged(True, at, propensity, True)])


def test_odds_that_claim_too_much_are_brought_down_to_what_verdicts_say() -> None:
    found = calibrate(world(8_000, lie=4.0))
    assert found is not None
    for claimed in (-1, 2, 4, 6, 8):
        assert found.at(claimed) == pytest.approx(1 / (1 + 2 ** -(claimed - 4)), abs=0.08)


def test_honest_odds_stay_as_they_are_within_two_hundredths() -> None:
    """Expected calibration error on verdicts that the calibration has not seen."""
    found = calibrate(world(8_000))
    assert found is not None
    unseen = world(20_000, seed=2)
    bins: dict[int, list[tuple[float, bool]]] = {}
    for one in unseen:
        p = found.at(one.bits)
        bins.setdefault(min(int(p * 10), 9), []).append((p, one.same))
    error = sum(abs(sum(p for p, _ in rows) - sum(same for _, same in rows)) for rows in bins.values()) / len(unseen)
    assert error <= 0.02


def test_too_few_verdicts_of_either_kind_calibrate_nothing() -> None:
    few = [Judged(n < ENOUGH - 1, float(n), 1.0, True) for n in range(2 * ENOUGH)]
    assert not is_enough(few)
    assert calibrate(few) is None
    assert calibrate([]) is None


def test_verdicts_that_all_stand_at_one_place_calibrate_nothing() -> None:
    assert calibrate([Judged(n % 2 == 0, 3.0, 1.0, True) for n in range(2 * ENOUGH)]) is None


def test_odds_that_tell_nothing_apart_give_one_chance() -> None:
    found = calibrate(
        [Judged(n < ENOUGH, -float(n), 1.0, True) for n in range(ENOUGH)]
        + [Judged(False, 1.0 + n, 1.0, True) for n in range(ENOUGH)]
    )
    assert found is not None
    assert found.at(0) == found.at(200) == pytest.approx(0.5)


def test_a_pair_drawn_by_a_twentieth_chance_stands_for_twenty() -> None:
    """Below the bar one pair in twenty was asked. Without their weight, all low odds would look like those queued."""
    queued = [Judged(n % 2 == 0, 1.0, 1.0, True) for n in range(1_000)]
    drawn = [Judged(False, 1.0, 0.05, True) for _ in range(50)]
    ends = [Judged(False, -9.0, 1.0, True), Judged(True, 9.0, 1.0, True)]
    weighted = calibrate([*queued, *drawn, *ends])
    assert weighted is not None
    assert weighted.at(1.0) == pytest.approx(500 / 2_000, abs=0.01)


@given(
    st.lists(st.tuples(st.booleans(), st.floats(-30, 30), st.sampled_from([1.0, 0.05])), min_size=1, max_size=40),
    bits,
    bits,
)
@settings(max_examples=100, deadline=None)
def test_a_calibration_never_falls_and_stays_a_chance(
    some: list[tuple[bool, float, float]], one: float, other: float
) -> None:
    judged = [Judged(same, at, propensity, True) for same, at, propensity in some for _ in range(ENOUGH)]
    judged += [Judged(same, 40.0 if same else -40.0, 1.0, True) for same in (True, False) for _ in range(ENOUGH)]
    found = calibrate(judged)
    assert found is not None
    low, high = sorted((one, other))
    assert 0.0 <= found.at(low) <= found.at(high) < 1.0


@given(st.floats(-300, 300), st.floats(-300, 300))
def test_calibrated_chances_are_one_and_the_rivals_keep_their_proportion(stranger: float, household: float) -> None:
    known = Calibration((-2.0, 0.0, 5.0), (0.1, 0.2, 0.97), 500, 500)
    same, co, rand = calibrated(stranger, household, known)
    assert same + co + rand == pytest.approx(1.0)
    assert same == known.at(odds(stranger, household))
    before = posteriors(stranger, household)
    assert co * before[2] == pytest.approx(rand * before[1])
    assert odds(stranger, household) <= min(stranger, household)


def test_band_a_opens_where_it_is_proven_and_only_there() -> None:
    proven = [Judged(True, 12.0, 1.0, True)] * 600 + [Judged(False, -6.0, 1.0, True)] * 600
    calibration = calibrate(proven)
    assert calibration is not None
    assert 0.99 <= bar_of_band_a(proven, calibration) < CLOSED


def test_band_a_stays_closed_with_flaws_few_verdicts_or_no_person_grade_ones() -> None:
    apart = [Judged(False, -6.0, 1.0, True)] * 600
    flawed = [Judged(n % 50 > 0, 12.0, 1.0, True) for n in range(600)] + apart
    elsewhere = [Judged(True, 12.0, 1.0, False)] * 600 + apart
    few = [Judged(True, 12.0, 1.0, n < 298) for n in range(600)] + apart
    for judged in (flawed, elsewhere, few):
        calibration = calibrate(judged)
        assert calibration is not None
        assert bar_of_band_a(judged, calibration) == CLOSED


def test_a_wrong_pair_that_was_seldom_asked_about_weighs_against_band_a() -> None:
    """Three wrong ones drawn by a twentieth chance stand for sixty: 6,000 right of 6,060 prove no 99 %."""
    right = [Judged(True, 10.0, 1.0, True)] * 6_000
    wrong, drawn = ([Judged(False, 10.0, propensity, True)] * 3 for propensity in (1.0, 0.05))
    apart = [Judged(False, -5.0, 1.0, False)] * 600
    for flaws, is_open in ((wrong, True), (drawn, False)):
        judged = [*right, *flaws, *apart]
        calibration = calibrate(judged)
        assert calibration is not None
        assert calibration.at(10.0) > SURE
        assert (bar_of_band_a(judged, calibration) < CLOSED) is is_open
