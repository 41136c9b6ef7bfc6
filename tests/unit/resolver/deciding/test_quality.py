"""Bounds, agreement and drift against what is known of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from vitograph.resolver.deciding.quality import kappa, lower_bound, stability


def test_299_flawless_verdicts_are_what_one_in_a_hundred_takes() -> None:
    assert lower_bound(299, 299) >= 0.99 > lower_bound(298, 298)
    assert lower_bound(0, 0) == lower_bound(0, 9) == 0.0


@given(st.integers(1, 500), st.data())
def test_the_bound_is_that_of_the_exact_binomial_test(of: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, of))
    exact = binomtest(right, of, alternative="greater").proportion_ci(0.95, "exact").low
    assert lower_bound(right, of) == pytest.approx(exact, abs=1e-9)


@pytest.mark.parametrize(("right", "of"), [(2, 1), (-1, 3)])
def test_a_share_that_cannot_be_is_refused(right: int, of: int) -> None:
    with pytest.raises(ValueError, match="no count"):
        lower_bound(right, of)


def test_kappa_of_cohens_own_kind_of_table() -> None:
    """The textbook table: 20 and 15 agreed, 5 and 10 not: .70 observed, .50 by chance."""
    assert kappa({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}) == pytest.approx(0.4)
    assert kappa({("y", "n"): 3, ("n", "y"): 3}) == -1.0
    assert kappa({}) is None
    assert kappa({("y", "y"): 9}) is None, "who only ever says one thing agrees by chance as well"


tables = st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), st.integers(1, 50), max_size=9)


@given(tables)
def test_kappa_does_not_care_who_is_first_and_never_exceeds_one(table: dict[tuple[str, str], int]) -> None:
    found = kappa(table)
    assert kappa({(b, a): count for (a, b), count in table.items()}) == pytest.approx(found)
    assert found is None or found <= 1.0


bins = st.lists(st.integers(0, 500), min_size=10, max_size=10)


@given(bins, bins)
def test_stability_is_nothing_for_the_same_and_positive_for_others(before: list[int], now: list[int]) -> None:
    found = stability(before, now)
    assert (found is None) == (not sum(before) or not sum(now))
    if found is not None:
        assert found >= 0
        assert stability(now, before) == pytest.approx(found)
    if sum(before):
        assert stability(before, before) == 0.0


def test_scores_that_moved_are_told() -> None:
    assert (stability([100] * 5 + [0] * 5, [0] * 5 + [100] * 5) or 0) > 0.25
    with pytest.raises(ValueError, match="bins"):
        stability([1], [1, 2])
