"""What may be decided at once, and who looks again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.deciding.bulk import Shown, sample, unfit
from vitograph.resolver.deciding.decisions import Verdict


def shown(text: str, band: str = "A") -> list[Shown]:
    return [Shown(f"c-{word}", 1, word[0], word[1], band) for word in text.split()]


def test_pairs_of_one_band_that_share_nobody_can_be_joined_at_once() -> None:
    assert unfit(shown("ab cd"), Verdict.SAME, "person") is None
    assert unfit(shown("ab ac", "C"), Verdict.DIFFERENT, "person") is None


@pytest.mark.parametrize(
    ("pairs", "verdict", "kind", "word"),
    [
        (shown("ab") + shown("cd", "B"), Verdict.DIFFERENT, "person", "band"),
        (shown("ab", "B"), Verdict.SAME, "person", "band A"),
        (shown("ab ac"), Verdict.SAME, "person", "more than one"),
        (shown("ax bx", "C"), Verdict.SAME, "device", "x is in more than one"),
    ],
)
def test_what_would_join_others_is_refused_with_a_sentence(
    pairs: list[Shown], verdict: Verdict, kind: str, word: str
) -> None:
    assert word in str(unfit(pairs, verdict, kind))


def test_all_devices_of_one_person_can_be_joined_at_once() -> None:
    assert unfit(shown("ax ay az", "C"), Verdict.SAME, "device") is None


@given(st.text(max_size=9), st.lists(st.text(max_size=9), unique=True, max_size=60), st.randoms())
def test_the_sample_is_a_function_of_the_batch(batch: str, ids: list[str], random) -> None:  # type: ignore[no-untyped-def]
    drawn = sample(batch, ids)
    random.shuffle(ids)
    assert sample(batch, ids) == drawn
    assert len(drawn) == -(-len(ids) // 10)
    assert set(drawn) <= set(ids)


def test_another_batch_draws_another_sample() -> None:
    ids = [str(number) for number in range(100)]
    assert len({tuple(sample(str(batch), ids)) for batch in range(20)}) == 20
