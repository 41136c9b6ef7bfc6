"""Splink says of every pair what `score` says of it, on DuckDB; the test on Spark is in tests/live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agreeing import TOLERANCE, assert_agrees
from tests.crowds import crowd, population_of
from tests.strategies import Town, profiles, towns
from vitograph.graph.batch.engines import Found
from vitograph.graph.batch.inprocess import InProcess
from vitograph.graph.batch.splink.comparing import views_of
from vitograph.graph.batch.splink.duckdb import open_duckdb
from vitograph.graph.batch.splink.engine import Splink, keys_of
from vitograph.graph.batch.splink.prediction import predict
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.weigh import Weigher, join
from vitograph.resolver.errors import ServerFailed
from vitograph.resolver.model import PersonKind, Profile
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters_json import load_model
from vitograph.resolver.scoring.rates import persons_of

MODEL = load_model()
several = st.sampled_from("abcdefgh").flatmap(profiles)
crowds = st.lists(several, min_size=2, max_size=8, unique_by=lambda profile: profile.view_id)


def test_splink_on_duckdb_agrees_with_score_on_ten_thousand_pairs() -> None:
    views = crowd(800)
    assert assert_agrees(Splink(open_duckdb), views, population_of(views), MODEL) >= 10_000


@given(crowds, towns)
@settings(max_examples=12, deadline=None)
def test_splink_agrees_with_score_on_any_views(views: list[Profile], town: Town) -> None:
    frame = Frame.of(views)
    everybody = pa.array([[0]] * len(frame), pa.list_(pa.int64()))
    scored = join(list(Splink(open_duckdb).score(frame, everybody, town, MODEL)))
    left, right = np.array(list(combinations(range(len(frame)), 2)), np.int64).T
    exact = Weigher(frame, town, MODEL).score(left, right)
    scored = scored.at(np.lexsort((scored.right, scored.left)))
    assert scored.left.tolist() == left.tolist()
    assert scored.right.tolist() == right.tolist()
    assert scored.band.tolist() == exact.band.tolist()
    for name in ("bits_stranger", "bits_household", "p_same", "p_household"):
        assert getattr(scored, name) == pytest.approx(getattr(exact, name), abs=TOLERANCE), name


def test_the_weights_are_splinks_own() -> None:
    """What Splink says of a birth date is the row of the waterfall, and its match weight is the sum of its rows."""
    views = crowd(400)
    population = population_of(views)
    frame = Frame.of(views)
    weigher = Weigher(frame, population, MODEL)
    keys, _ = keys_of(frame, population)
    told = views_of(weigher)
    with open_duckdb() as backend:
        pairs = next(predict(backend, told, keys, MODEL, persons_of(population, MODEL)))
    summed = weigher.prior_stranger + sum(rows.stranger for rows in pairs.rows.values())
    assert pairs.weight == pytest.approx(summed, abs=1e-9)
    born = pairs.rows["birth_date"]
    compared = 0
    for place, (a, b) in enumerate(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)):
        if not (told.several[a] or told.several[b]):
            rows = score(views[a], views[b], population, MODEL).evidence
            bits = next(row.bits_stranger for row in rows if row.comparison == "birth_date")
            assert born.stranger[place] == pytest.approx(bits, abs=1e-9)
            compared += bits != 0
    assert compared > 500


def _all(parts: Iterable[Found]) -> Found:
    found = list(parts)
    dropped = sum((part.dropped_keys for part in found), Counter[str]())
    return Found(join([part.scored for part in found]), sum(part.compared for part in found), dropped)


def test_it_finds_what_the_engine_of_this_process_finds() -> None:
    views = crowd(300)
    devices = [Profile(f"w{n}", PersonKind.DEVICE, identifiers=views[n].identifiers) for n in range(50)]
    population, frame = population_of([*views, *devices]), Frame.of([*views, *devices])
    ours, theirs = (_all(engine.find(frame, population, MODEL)) for engine in (Splink(open_duckdb), InProcess()))
    assert (ours.compared, ours.dropped_keys) == (theirs.compared, theirs.dropped_keys)
    kept = theirs.scored.at(theirs.scored.kept)
    assert sorted(zip(ours.scored.left, ours.scored.right, strict=True)) == list(
        zip(kept.left, kept.right, strict=True)
    )


@pytest.mark.parametrize("size", [0, 1])
def test_of_nobody_and_of_one_view_nothing_is_said(size: int) -> None:
    views = crowd(3)[:size]
    found = _all(Splink(open_duckdb).find(Frame.of(views), population_of(views), MODEL))
    assert (found.compared, len(found.scored)) == (0, 0)


def test_a_database_that_breaks_down_is_one_sentence() -> None:
    with pytest.raises(ServerFailed, match="DuckDB broke down"), open_duckdb() as backend:
        list(backend.read("nothing", ["place"]))
