"""False pairs are counted by what their people have in common, and registers of our own are as they are told."""

from __future__ import annotations

import pytest

from benchmarks.accuracy.causes import Cause, by_cause, cause_of, plain, table
from benchmarks.accuracy.ceiling import Learner
from benchmarks.accuracy.ceiling import main as ceiling
from benchmarks.accuracy.prepared import Prepared, prepare_register, prepare_world
from benchmarks.accuracy.runs import Run, run, two_hypotheses
from benchmarks.registers import REGISTERS, enter


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    return prepare_world("tiny", 150, 5)


@pytest.fixture(scope="module")
def ours(prepared: Prepared) -> Run:
    return run(prepared)


def test_every_false_pair_has_a_cause_and_families_are_what_two_hypotheses_take(prepared: Prepared, ours: Run) -> None:
    assert prepared.origins is not None
    false = [pair for pair in ours.outcome.pairs if prepared.truth[pair.left_id] != prepared.truth[pair.right_id]]
    counted = {row.cause: row for row in by_cause(prepared, prepared.origins, ours.outcome.pairs)}
    assert sum(row.compared for row in counted.values()) == len(false)
    assert sum(row.at[0] for row in counted.values()) == sum(pair.p_same >= 0.5 for pair in false)
    two = {row.cause: row for row in by_cause(prepared, prepared.origins, two_hypotheses(prepared, ours.model).pairs)}
    assert two[Cause.FAMILY].compared == counted[Cause.FAMILY].compared > 100
    assert two[Cause.FAMILY].at[0] > 4 * counted[Cause.FAMILY].at[0]


def test_what_is_shared_by_nature_is_a_cause_where_no_life_cycle_sees_it(prepared: Prepared, ours: Run) -> None:
    """Kiosks bring people together only where their cookies count like anybody's."""
    assert prepared.origins is not None
    trusting = plain(prepared, ours.model)
    ours_kiosk, kiosk = (
        [pair for pair in pairs if cause_of(prepared, prepared.origins, pair.left_id, pair.right_id) is Cause.KIOSK]
        for pairs in (ours.outcome.pairs, trusting.pairs)
    )
    assert len(kiosk) > len(ours_kiosk)
    for pair in kiosk:
        shared = prepared.profiles[pair.left_id].identifiers.keys() & prepared.profiles[pair.right_id].identifiers
        assert shared & prepared.origins.kiosks
    lines = list(table(prepared, [ours.outcome, trusting]))
    assert len(lines) == 1 + 2 * len(Cause)


@pytest.mark.parametrize("kind", sorted(REGISTERS))
def test_a_register_follows_from_its_seed(kind: str) -> None:
    first, again, other = (enter(REGISTERS[kind], 60, seed) for seed in (1, 1, 2))
    assert first.rows == again.rows != other.rows
    assert all(fields for _, _, fields in first.rows)
    assert len({record for record, _, _ in first.rows}) == len(first.rows)
    prepared = prepare_register(kind, kind, 60, 1)
    assert set(prepared.truth.values()) == set(first.people) == set(prepared.households)


def test_a_learner_that_is_told_the_truth_scores_the_same_pairs(prepared: Prepared, ours: Run) -> None:
    learner = Learner()
    learner.learn([(prepared, ours)])
    told = learner.tell(prepared, ours)
    assert {(pair.left_id, pair.right_id) for pair in told.pairs} <= set(prepared.blocked)
    sure = [pair for pair in told.pairs if pair.p_same > 0.9]
    assert sum(prepared.truth[pair.left_id] == prepared.truth[pair.right_id] for pair in sure) > 0.9 * len(sure) > 20


def test_a_seed_is_learned_or_measured_but_not_both(capsys: pytest.CaptureFixture[str]) -> None:
    for seeds in (["1"], ["9001"]):
        with pytest.raises(SystemExit):
            ceiling(["consumer_1k", "--learn", "1", "--seeds", *seeds])
    assert "none is both learned and measured" in capsys.readouterr().err
