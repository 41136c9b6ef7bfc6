"""The accuracy benchmark runs: its metrics on a tiny world, its table and its plots, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.accuracy.__main__ import main
from benchmarks.accuracy.measures import COLUMNS, cells, markdown, measured
from benchmarks.accuracy.peers.components import connected_components
from benchmarks.accuracy.peers.rows import row_of
from benchmarks.accuracy.prepared import Prepared, prepare_world
from benchmarks.accuracy.report import errors
from benchmarks.accuracy.runs import Run, devices, run, two_hypotheses
from vitograph.resolver.scoring.known import score
from vitograph.resolver.training.evaluation import clusters


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare_world("tiny", 120, 3)


@pytest.fixture(scope="module")
def ours(prepared: Prepared) -> Run:
    return run(prepared)


def test_every_blocked_pair_is_scored(prepared: Prepared, ours: Run) -> None:
    scored = [(pair.left_id, pair.right_id) for pair in ours.outcome.pairs]
    assert scored == prepared.blocked
    assert all(0 <= pair.p_same <= 1 for pair in ours.outcome.pairs)


def test_columns_score_a_set_as_score_does(prepared: Prepared, ours: Run) -> None:
    assert len(ours.outcome.pairs) > 100
    for pair in ours.outcome.pairs:
        left, right = prepared.profiles[pair.left_id], prepared.profiles[pair.right_id]
        exact = score(left, right, prepared.population, ours.model)
        assert abs(pair.p_same - exact.p_same) < 1e-9
        assert abs(pair.p_household - exact.p_household) < 1e-9
        assert pair.band == exact.band


def test_without_the_household_hypothesis_every_pair_looks_at_least_as_much_like_one_person(
    prepared: Prepared, ours: Run
) -> None:
    two = two_hypotheses(prepared, ours.model)
    for with_it, without in zip(ours.outcome.pairs, two.pairs, strict=True):
        assert without.p_same >= with_it.p_same - 1e-12
    assert measured(prepared, two).confusion > measured(prepared, ours.outcome).confusion


def test_equal_identifiers_join_families(prepared: Prepared, ours: Run) -> None:
    wcc = connected_components(prepared)
    row = measured(prepared, wcc)
    assert row.confusion > 0.05
    assert row.blocking is None
    assert row.ece is None
    held = {key: [] for profile in prepared.profiles.values() for key in profile.identifiers}
    for id, profile in prepared.profiles.items():
        for key, use in profile.identifiers.items():
            if use.identifier.kind.is_strong:
                held[key].append(id)
    assert all(len({wcc.clusters[id] for id in ids}) == 1 for ids in held.values() if ids)
    assert set(clusters([], prepared.profiles, 0.5)) == set(wcc.clusters)


def test_device_pairs_are_scored_with_the_known_person_first(prepared: Prepared, ours: Run) -> None:
    outcome = devices(prepared, prepared.devices, ours.model)
    assert len(outcome.pairs) == len(prepared.devices.pairs) > 50
    assert all(pair.left_id in prepared.profiles for pair in outcome.pairs)


def test_a_row_for_others_holds_what_the_profile_holds(prepared: Prepared) -> None:
    for profile in prepared.profiles.values():
        row = row_of(profile)
        assert row["unique_id"] == profile.view_id
        held = {value for column in ("emails", "phones", "accounts") for value in row[column] or ()}
        strong = [use.identifier for use in profile.identifiers.values() if use.identifier.kind.is_strong]
        assert held == {identifier.value for identifier in strong}
        assert row["date_of_birth"] in (None, *profile.birth_dates)


def test_the_table_has_a_cell_for_every_column(prepared: Prepared, ours: Run) -> None:
    row = measured(prepared, ours.outcome)
    assert len(cells(row)) == len(COLUMNS)
    lines = markdown([row]).splitlines()
    assert len(lines) == 3
    assert {line.count("|") for line in lines} == {len(COLUMNS) + 1}


def test_the_worst_pairs_are_shown_with_their_evidence(prepared: Prepared, ours: Run) -> None:
    shown = list(errors(prepared, ours, 2))
    assert sum(text.startswith("FALSE") for text in shown) == 2
    assert sum(text.startswith(("MISSED", "NOT BLOCKED")) for text in shown) == 2
    assert any("given_name." in text for text in shown)


def test_plots_are_drawn_the_same_each_time(prepared: Prepared, ours: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="plots need the dependency group bench")
    from benchmarks.accuracy.plots import draw

    outcomes = [ours.outcome, connected_components(prepared)]
    rows = [measured(prepared, outcome) for outcome in outcomes]
    first, again = (draw(prepared, outcomes, rows, tmp_path / name) for name in ("first", "again"))
    assert len(first) == 3
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in again]


def test_splink_scores_the_pairs_of_a_tiny_world(prepared: Prepared) -> None:
    pytest.importorskip("splink", reason="Splink comes with the extra duckdb")
    from benchmarks.accuracy.peers.splink import splink

    outcome = splink(prepared)
    assert len(outcome.pairs) > 50
    assert all(pair.left_id < pair.right_id for pair in outcome.pairs)
    assert measured(prepared, outcome).best[1].f1 > 0.2


def test_a_held_out_world_is_not_looked_at_in_passing() -> None:
    with pytest.raises(SystemExit, match="--final"):
        main(["consumer_1k", "--seeds", "9001"])


def test_an_unknown_set_is_skipped_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nowhere"]) == 0
    assert "no set has this name" in capsys.readouterr().out
