"""Why a false pair of a consumer world looks like one person: what the two people truly have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from benchmarks.accuracy.population import SetPopulation
from benchmarks.accuracy.prepared import Origins, Prepared
from benchmarks.accuracy.runs import Outcome, scored_by_stranger
from benchmarks.people import Someone
from vitograph.graph.batch.inprocess import person_pairs
from vitograph.resolver.model import IdentifierStatus, IdentifierUse, Profile
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.training.evaluation import ScoredPair

BARS = (0.5, 0.99)
NO_CAP = 1e6
AS_BELIEVED = 1e9
"""A strength of belief that no number of holders moves."""


class Cause(StrEnum):
    """The first that holds is the cause. `MIXED`: attribution gave one of the two persons events of somebody else."""

    MIXED = "mixed person"
    TWINS = "twins"
    NAMESAKES_AT_HOME = "namesakes at home"
    FAMILY = "family"
    KIOSK = "kiosk"
    FIRM = "firm"
    HANDED_ON = "number handed on"
    NAMESAKES = "namesakes"
    OTHERS = "other strangers"


@dataclass(frozen=True, slots=True)
class Counted:
    """False pairs of one cause: how many were compared, and how many stand at each of BARS."""

    cause: Cause
    compared: int
    at: tuple[int, ...]


def by_cause(prepared: Prepared, origins: Origins, pairs: Sequence[ScoredPair]) -> list[Counted]:
    """The false pairs of an outcome, counted for every cause in its order."""
    compared: Counter[Cause] = Counter()
    at: dict[float, Counter[Cause]] = {bar: Counter() for bar in BARS}
    truth = prepared.truth
    for pair in pairs:
        if truth[pair.left_id] == truth[pair.right_id]:
            continue
        cause = cause_of(prepared, origins, pair.left_id, pair.right_id)
        compared[cause] += 1
        for bar in BARS:
            at[bar][cause] += pair.p_same >= bar
    return [Counted(cause, compared[cause], tuple(at[bar][cause] for bar in BARS)) for cause in Cause]


def cause_of(prepared: Prepared, origins: Origins, left: str, right: str) -> Cause:
    """What two views of different people have in common."""
    if left in origins.mixed or right in origins.mixed:
        return Cause.MIXED
    one, other = (origins.people[prepared.truth[view]] for view in (left, right))
    if one.home is other.home:
        return _at_home(one, other)
    shared = _shared(prepared.profiles[left], prepared.profiles[right])
    for cause, keys in (
        (Cause.KIOSK, origins.kiosks),
        (Cause.FIRM, origins.firms),
        (Cause.HANDED_ON, origins.handed_on),
    ):
        if shared & keys:
            return cause
    return Cause.NAMESAKES if (one.given, one.family) == (other.given, other.family) else Cause.OTHERS


def _at_home(one: Someone, other: Someone) -> Cause:
    if one.twin_of == other.id:
        return Cause.TWINS
    return Cause.NAMESAKES_AT_HOME if one.given == other.given else Cause.FAMILY


def _shared(left: Profile, right: Profile) -> frozenset[str]:
    return frozenset(left.identifiers.keys() & right.identifiers.keys())


def plain(prepared: Prepared, model: Model) -> Outcome:
    """Two hypotheses as published engines have them: an identifier says the same whoever else uses it.

    The life cycle of identifiers, the count of their holders and the cap on devices are off, and pairs are brought
    together accordingly.
    """
    uses: Mapping[str, IdentifierUse] = {
        key: IdentifierUse(IdentifierStatus.EXCLUSIVE, prepared.population.use(key).holders)
        for profile in prepared.profiles.values()
        for key in profile.identifiers
    }
    population = SetPopulation(prepared.profiles, uses)
    pairs, _ = person_pairs(prepared.frame, population)
    trusting = replace(
        model,
        rules=replace(model.rules, device_cap=NO_CAP),
        sharing={kind: replace(sharing, strength=AS_BELIEVED) for kind, sharing in model.sharing.items()},
    )
    return scored_by_stranger("plain", replace(prepared, population=population, pairs=pairs), trusting)


HEADER = ("set", "who", "cause", "compared", *(f"at {bar:.2f}".replace("0.", ".") for bar in BARS))
WIDTHS = (24, 16, 20, 10, 8, 8)


def table(prepared: Prepared, outcomes: Sequence[Outcome]) -> Iterator[str]:
    """Lines of the console: each contender's false pairs by their cause."""
    assert prepared.origins is not None
    yield _line(HEADER)
    for outcome in outcomes:
        for row in by_cause(prepared, prepared.origins, outcome.pairs):
            yield _line((prepared.name, outcome.who, row.cause, str(row.compared), *map(str, row.at)))


def _line(texts: Sequence[str]) -> str:
    return "".join(
        f"{text:<{width}}" if place < 3 else f"{text:>{width}}"
        for place, (text, width) in enumerate(zip(texts, WIDTHS, strict=True))
    )
