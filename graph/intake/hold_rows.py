"""How persons hold what their events carried: rows that sum up events, minima and maxima, the same in any order."""

from __future__ import annotations

from collections.abc import Iterable

from vitograph.graph.driver import Row
from vitograph.graph.moments import microseconds
from vitograph.resolver.attributing.attribution import Attribution, Rule
from vitograph.resolver.attributing.sittings import ends_session
from vitograph.resolver.model import Assurance, Carried, Observation
from vitograph.resolver.publishing.visitors import Proof, proof_of

Told = tuple[Observation, Attribution]


def hold_rows(told: Iterable[Told]) -> dict[str, list[Row]]:
    """By the id of a person, a row for each identifier that these events of theirs carried."""
    persons: dict[str, dict[str, Row]] = {}
    for observation, attribution in told:
        holds = persons.setdefault(attribution.person_id, {})
        for carried in observation.carried:
            row = _row(carried, observation, attribution)
            if (before := holds.get(row["key"])) is not None:
                row = _joined(before, row)
            holds[row["key"]] = row
    return {id: list(holds.values()) for id, holds in persons.items()}


def _row(carried: Carried, observation: Observation, attribution: Attribution) -> Row:
    """What one event says of one identifier; `bound` and `out`: the first and the last login and logout on it."""
    at = microseconds(observation.occurred_at)
    is_weak = not carried.identifier.kind.is_strong
    binds = is_weak and attribution.binds
    return {
        "key": carried.identifier.key,
        "assurance": carried.assurance.label,
        "count": 1,
        "first": at,
        "last": at,
        "ambiguous": not is_weak and attribution.rule is Rule.A5,
        "bound": [at, at] if binds else None,
        "out": [at, at] if is_weak and ends_session(observation.event.type) else None,
        "proves": proof_of(observation) if binds else None,
    }


def _joined(one: Row, other: Row) -> Row:
    """Two events of one person and one identifier."""
    return {
        "key": one["key"],
        "assurance": max(one["assurance"], other["assurance"], key=Assurance.of),
        "count": one["count"] + other["count"],
        "first": min(one["first"], other["first"]),
        "last": max(one["last"], other["last"]),
        "ambiguous": one["ambiguous"] and other["ambiguous"],
        "bound": _spanned(one["bound"], other["bound"]),
        "out": _spanned(one["out"], other["out"]),
        "proves": one["proves"] if one["proves"] is Proof.VERIFIED else other["proves"] or one["proves"],
    }


def _spanned(one: list[int] | None, other: list[int] | None) -> list[int] | None:
    if one is None or other is None:
        return one or other
    return [min(one[0], other[0]), max(one[1], other[1])]
