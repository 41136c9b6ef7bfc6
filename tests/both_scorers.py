"""The scorer of one pair and the one of columns, held together."""

from __future__ import annotations

import math

import numpy as np

from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.scored import BANDS, Scored, named
from vitograph.resolver.columnar.weigh import Weigher
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.policy import propose
from vitograph.resolver.scoring.rates import Population

TOLERANCE = 1e-6


def agreed(left: Profile, right: Profile, population: Population, model: Model) -> Score:
    """The score of two views, which columns say too, whichever of the two comes first."""
    found, turned = score(left, right, population, model), score(right, left, population, model)
    assert_same_bits(found, turned)
    frame = Frame.of([left, right])
    both = Weigher(frame, population, model).score(np.array([0, 1]), np.array([1, 0]))
    assert_as_score(frame, both, population, model)
    return found


def assert_same_bits(one: Score, other: Score) -> None:
    """Two scores say the same, whatever values their rows show."""
    told = f"{one}\n{other}"
    assert math.isclose(one.bits_stranger, other.bits_stranger, abs_tol=TOLERANCE), told
    assert math.isclose(one.bits_household, other.bits_household, abs_tol=TOLERANCE), told
    assert (one.band, one.conflict, one.groups) == (other.band, other.conflict, other.groups), told


def assert_as_score(frame: Frame, scored: Scored, population: Population, model: Model) -> None:
    """Every pair stands where `score` puts it."""
    views = [frame.profile(view) for view in range(len(frame))]
    for place, (a, b) in enumerate(zip(scored.left.tolist(), scored.right.tolist(), strict=True)):
        exact = score(views[a], views[b], population, model)
        shares = bool(views[a].identifiers.keys() & views[b].identifiers.keys())
        told = f"{views[a]}\n{views[b]}\n{exact}"
        assert abs(scored.bits_stranger[place] - exact.bits_stranger) < TOLERANCE, told
        assert abs(scored.bits_household[place] - exact.bits_household) < TOLERANCE, told
        assert abs(scored.p_same[place] - exact.p_same) < TOLERANCE, told
        assert abs(scored.p_household[place] - exact.p_household) < TOLERANCE, told
        assert BANDS[scored.band[place]] == exact.band, told
        assert named(scored.groups[place]) == list(exact.groups), told
        assert scored.shares[place] == shares
        assert scored.conflict[place] == exact.conflict
        assert scored.kept[place] == (propose(exact, shares=shares) is not None)
