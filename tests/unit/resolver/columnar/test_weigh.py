"""Columns say of every pair what `score` says of it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scoring.ours import Counted, block, frame_of
from benchmarks.scoring.records import make_records
from tests.strategies import Town, profiles, towns
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.pairs import unique_pairs
from vitograph.resolver.columnar.scored import BANDS, Scored, named
from vitograph.resolver.columnar.weigh import Weigher
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import load_model
from vitograph.resolver.scoring.policy import propose
from vitograph.resolver.scoring.rates import Population

TOLERANCE = 1e-6

several = st.sampled_from("abcdefgh").flatmap(profiles)
crowds = st.lists(several, min_size=2, max_size=8, unique_by=lambda profile: profile.view_id)


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


@given(crowds, towns)
@settings(max_examples=60, deadline=None)
def test_columns_and_score_say_the_same(crowd: list[Profile], town: Town) -> None:
    frame = Frame.of(crowd)
    left, right = np.array(list(combinations(range(len(frame)), 2)), np.int64).T
    assert_as_score(frame, Weigher(frame, town, load_model()).score(left, right), town, load_model())


def test_of_nobody_nothing_is_said() -> None:
    frame = Frame.of([])
    none = np.empty(0, np.int64)
    assert len(Weigher(frame, Town(1, 1, 2, ()), load_model()).score(none, none)) == 0


def test_ten_thousand_pairs_of_records_stand_where_score_puts_them() -> None:
    records = make_records(4_000)
    counted, frame = Counted(records), frame_of(records)
    pairs = block(records)
    random = np.random.default_rng(1).integers(0, len(records), (2, 9_000))
    both = unique_pairs(np.append(pairs.left, random[0]), np.append(pairs.right, random[1]))
    assert len(both.left) > 10_000
    scored = Weigher(frame, counted, load_model()).score(both.left, both.right)
    assert_as_score(frame, scored, counted, load_model())
    assert 1_000 < scored.kept.sum() < len(scored)
