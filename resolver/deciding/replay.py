"""What the logs of events and decisions say again, without asking anybody: pure functions over their entries.

Whose event it is was settled when it came (`rule`, `anchor` and the person are a part of the event), so a replay does
not attribute anew: what was forgotten since does not move what is left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from vitograph.resolver.attributing.attribution import Attribution, Rule
from vitograph.resolver.attributing.holdings import person_founded_on
from vitograph.resolver.deciding.decisions import Edge, Entry, Verdict, keeping
from vitograph.resolver.deciding.history import Act
from vitograph.resolver.model import Assurance, Carried, Happening, Identifier, Observation, PersonKind
from vitograph.resolver.values import normalize

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Retold:
    """An event as it was observed and as it was attributed."""

    observation: Observation
    attribution: Attribution


def retell(id: str, person_id: str, event: Mapping[str, Any], carries: Iterable[Sequence[str]]) -> Retold:
    """An event of the log, read again; `event["occurred_at"]` is a datetime."""
    carried = tuple(Carried(Identifier.parse(key), Assurance.of(assurance)) for key, assurance in carries)
    stated: dict[str, str] = orjson.loads(event["traits"])
    read = normalize.traits(stated).traits
    if (birth_date := event.get("birth_date")) is not None:
        read = replace(read, date_of_birth=birth_date)
    occurred_at: dt.datetime = event["occurred_at"]
    happening = Happening(event["type"], event.get("target_id"), {})
    observation = Observation(
        id, event["channel"], occurred_at, carried, read, stated, happening, event.get("body_hash") or ""
    )
    return Retold(observation, _attribution(observation, person_id, Rule(event["rule"]), event.get("anchor")))


def _attribution(observation: Observation, person_id: str, rule: Rule, anchor: str | None) -> Attribution:
    kind, founded_on = PersonKind.KNOWN, None
    if rule in (Rule.A3, Rule.A5):
        found = PersonKind.DEVICE if rule is Rule.A3 else PersonKind.UNATTRIBUTED
        keys = (carried.identifier.key for carried in observation.carried)
        founded_on = next((key for key in keys if person_founded_on(found, key) == person_id), None)
        kind = PersonKind.KNOWN if founded_on is None else found
    binds = rule in (Rule.A1, Rule.A4, Rule.A6) or (rule is Rule.A5 and kind is PersonKind.KNOWN)
    return Attribution(rule, person_id, kind, founded_on, anchor, binds)


@dataclass(frozen=True, slots=True)
class Effect:
    """What the whole log comes to: its links, and the identifiers that a decision calls shared, by its id.

    `confirms` and `supersedes` are pairs (entry, earlier entry).
    """

    same: tuple[Edge, ...]
    apart: tuple[Edge, ...]
    household: tuple[Edge, ...]
    shared: Mapping[str, Sequence[str]]
    confirms: tuple[tuple[str, str], ...]
    supersedes: tuple[tuple[str, str], ...]


def effect(entries: Iterable[Mapping[str, Any]]) -> Effect:
    """What is of effect after all these entries, in the order of the log.

    Nothing is that was said of somebody erased: whoever is there under such an id is a device that came anew.
    """
    said: dict[str, Mapping[str, Any]] = {}
    confirms: list[tuple[str, str]] = []
    supersedes: list[tuple[str, str]] = []
    for entry in entries:
        said[entry["id"]] = entry
        applied = entry
        if (earlier := entry.get("confirms")) is not None:
            confirms.append((entry["id"], earlier))
            applied = said[earlier]
        waits = applied["entry"] == Entry.DECISION and applied.get("concerns") and applied is entry
        if applied.get("supersedes") is not None and not waits:
            supersedes.append((applied["id"], applied["supersedes"]))
    gone = {earlier for _, earlier in supersedes}
    confirmed = {earlier for _, earlier in confirms}
    stands = [
        entry
        for id, entry in said.items()
        if id not in gone
        and not entry.get("erased")
        and (not entry.get("concerns") or id in confirmed)
        and entry["entry"] != Entry.CONFIRMATION
    ]
    return Effect(
        tuple(_edge(entry) for entry in stands if _joins(entry)),
        tuple(_edge(entry) for entry in stands if keeping(entry) is not None),
        tuple(_edge(entry) for entry in stands if keeping(entry) is Verdict.HOUSEHOLD),
        {
            entry["id"]: sorted(entry.get("identifiers") or ())
            for entry in stands
            if keeping(entry) is Verdict.SHARED_IDENTIFIER
        },
        tuple(confirms),
        tuple(supersedes),
    )


def _joins(entry: Mapping[str, Any]) -> bool:
    return bool(entry["entry"] == Entry.DECISION and entry["verdict"] == Verdict.SAME)


def _edge(entry: Mapping[str, Any]) -> Edge:
    return Edge(entry["left"], entry["right"], entry["id"])


_LINKING = ("id", "seq", "at", "entry", "verdict", "left", "right", "concerns", "supersedes", "confirms")


def acts(entries: Iterable[Mapping[str, Any]]) -> Iterator[Act]:
    """When each link came into being and when it went, by all these entries, in the order of the log."""
    said: dict[str, Mapping[str, Any]] = {}
    for whole in entries:
        # All that is kept of a log of any length: its words and its evidence are most of it.
        entry: Mapping[str, Any] = {name: whole.get(name) for name in _LINKING}
        said[entry["id"]] = entry
        applied = said.get(entry["confirms"] or "", entry)
        if applied is entry and entry["entry"] == Entry.DECISION and entry.get("concerns"):
            continue  # it waits for a second person
        earlier = said.get(applied.get("supersedes") or "")
        for one, joins in ((earlier, False), (applied, True)):
            if one is not None and _joins(one):
                edge = Edge(one["left"], one["right"], one["id"])
                yield Act(entry["seq"], entry["at"], entry["id"], edge, joins)
