"""A proposal or nothing."""

from __future__ import annotations

from typing import Any

from vitograph.resolver.scoring.evidence import Score, posteriors
from vitograph.resolver.scoring.policy import EXPLORED, ProposalStatus, ProposedAs, is_ambiguous, is_drawn, propose


def scored(bits_stranger: float, bits_household: float, band: str = "B", **more: Any) -> Score:
    chances = posteriors(bits_stranger, bits_household)
    return Score(*chances, bits_stranger, bits_household, band, "test", False, (), **more)


def test_a_band_opens_a_candidate() -> None:
    proposal = propose(scored(9, 5))
    assert proposal is not None
    assert (proposal.status, proposal.proposed_as) == (ProposalStatus.OPEN, ProposedAs.SAME)


def test_a_likely_household_is_stored_as_one() -> None:
    proposal = propose(scored(9, -4, "-"))
    assert proposal is not None
    assert (proposal.status, proposal.proposed_as) == (ProposalStatus.STORED, ProposedAs.HOUSEHOLD)


def test_strangers_and_forbidden_pairs_are_nothing() -> None:
    assert propose(scored(-20, 3, "-")) is None
    assert propose(scored(20, 20, "-", conflict=True)) is None


def test_a_runner_up_within_three_bits_makes_a_candidate_ambiguous() -> None:
    assert is_ambiguous(6, [0, 3])
    assert not is_ambiguous(6, [2.9, 9.1])
    assert not is_ambiguous(6, [])


def test_posteriors_are_one_at_any_odds() -> None:
    for bits in (-2_000.0, -3.0, 0.0, 3.0, 2_000.0):
        assert sum(posteriors(bits, -bits)) == 1.0


def test_a_pair_that_shares_an_identifier_is_kept_whatever_it_scores() -> None:
    hopeless = scored(-20, 3, "-")
    assert propose(hopeless) is None
    kept = propose(hopeless, shares=True)
    assert kept is not None
    assert kept.status is ProposalStatus.STORED


def test_a_twentieth_of_what_lies_just_below_the_bar_is_asked_all_the_same() -> None:
    below = scored(1, -1.5, "-")
    drawn = [id for id in map(str, range(4_000)) if is_drawn(id, "test")]
    assert 0.04 < len(drawn) / 4_000 < 0.06
    asked = propose(below, lot=drawn[0])
    assert asked is not None
    assert (asked.status, asked.band, asked.propensity) == (ProposalStatus.OPEN, "-", EXPLORED)
    assert propose(below, lot=drawn[0]) == asked, "the same draw each time"
    assert set(drawn) != {id for id in map(str, range(4_000)) if is_drawn(id, "another model")}
    stored = propose(below, lot=next(id for id in map(str, range(99)) if not is_drawn(id, "test")))
    assert stored is not None
    assert (stored.status, stored.propensity) == (ProposalStatus.STORED, None)


def test_nobody_is_asked_about_strangers_forbidden_pairs_or_without_a_lot() -> None:
    drawn = next(id for id in map(str, range(999)) if is_drawn(id, "test"))
    for hopeless in (scored(-1, -4, "-"), scored(1, -1.5, "-", conflict=True)):
        kept = propose(hopeless, shares=True, lot=drawn)
        assert kept is not None
        assert (kept.status, kept.propensity) == (ProposalStatus.STORED, None)
    unasked = propose(scored(1, -1.5, "-"))
    assert unasked is not None
    assert unasked.status is ProposalStatus.STORED


def test_what_stands_in_a_band_was_asked_for_certain() -> None:
    proposal = propose(scored(9, 5), lot="any")
    assert proposal is not None
    assert proposal.propensity == 1.0
