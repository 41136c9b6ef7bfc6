"""Whether an engine says of the pairs of a crowd what `score` says of them."""

from __future__ import annotations

from vitograph.graph.batch.splink.engine import Splink, keys_of
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.scored import BANDS
from vitograph.resolver.columnar.weigh import join
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import Population

TOLERANCE = 1e-6
"""Bits; the promise is .1."""


def assert_agrees(engine: Splink, views: list[Profile], population: Population, model: Model) -> int:
    """Both hypotheses and the band of every pair are those of `score`; returns how many pairs there are."""
    frame = Frame.of(views)
    keys, _ = keys_of(frame, population)
    scored = join(list(engine.score(frame, keys, population, model)))
    assert len({*zip(scored.left.tolist(), scored.right.tolist(), strict=True)}) == len(scored)
    for place in range(len(scored)):
        exact = score(views[scored.left[place]], views[scored.right[place]], population, model)
        agree = (
            abs(scored.bits_stranger[place] - exact.bits_stranger) < TOLERANCE
            and abs(scored.bits_household[place] - exact.bits_household) < TOLERANCE
            and BANDS[scored.band[place]] == exact.band
        )
        assert agree, (
            f"{views[scored.left[place]]}\n{views[scored.right[place]]}\n{exact}\n"
            f"{scored.bits_stranger[place]} {scored.bits_household[place]} {BANDS[scored.band[place]]}"
        )
    return len(scored)
