"""The pairs of a sample are found without making those of everybody."""

from __future__ import annotations

import numpy as np
import pytest

from tests.crowds import crowd, population_of
from vitograph.graph.batch.inprocess import person_pairs
from vitograph.resolver.columnar.frame import Frame


@pytest.mark.parametrize("size", [0, 1, 30])
def test_all_pairs_of_a_sample_are_found_and_few_others(size: int) -> None:
    views = crowd(300)
    frame, population = Frame.of(views), population_of(views)
    sample = np.zeros(len(frame), np.bool_)
    sample[:size] = True
    whole, dropped = person_pairs(frame, population)
    found, found_dropped = person_pairs(frame, population, sample)

    def of_sample(left: np.ndarray, right: np.ndarray) -> set[tuple[int, int]]:
        near = sample[left] | sample[right]
        return set(zip(left[near].tolist(), right[near].tolist(), strict=True))

    assert of_sample(found.left, found.right) == of_sample(whole.left, whole.right)
    assert bool(of_sample(found.left, found.right)) == (size > 0)
    assert len(found.left) < len(whole.left) / 2
    assert found_dropped == dropped
