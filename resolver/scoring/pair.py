"""The score of a pair, whatever its kind: of two known views, or of a known one and a device's."""

from __future__ import annotations

from vitograph.resolver.candidates import CandidateKind, Pair
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.device import score_device
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import Population


def score_pair(pair: Pair, left: Profile, right: Profile, population: Population, model: Model) -> Score:
    """The score of a pair with these profiles; of a device pair, `left` is the known view as in the pair."""
    compare = score_device if pair.kind is CandidateKind.DEVICE else score
    return compare(left, right, population, model)
