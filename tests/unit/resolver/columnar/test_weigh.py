"""Columns say of every pair what `score` says of it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.scoring.ours import Counted, block, frame_of
from benchmarks.scoring.records import make_records
from tests.both_scorers import assert_as_score
from tests.strategies import Town, profiles, towns
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.pairs import unique_pairs
from vitograph.resolver.columnar.weigh import Weigher
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.parameters_json import load_model

several = st.sampled_from("abcdefgh").flatmap(profiles)
crowds = st.lists(several, min_size=2, max_size=8, unique_by=lambda profile: profile.view_id)


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
