"""What ViTo must answer, worked out in memory from what it was asked: the oracle of the stateful test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Body = dict[str, Any]
LEVELS = ("draft", "active", "ended")


@dataclass(frozen=True, slots=True)
class Effect:
    """The decision of effect on a candidate."""

    decision: str
    verdict: str
    left: str
    right: str


@dataclass
class Model:
    """Events, who they are of, which decisions are of effect, who was erased, and how campaigns stand."""

    posted: dict[str, Body] = field(default_factory=dict)
    answers: dict[str, Body] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)  # ids of erased events
    erased: set[str] = field(default_factory=set)  # ids of erased persons
    devices: set[str] = field(default_factory=set)  # ids of persons founded on weak identifiers only
    effects: dict[str, Effect] = field(default_factory=dict)  # by candidate
    pending: dict[str, tuple[str, Effect]] = field(default_factory=dict)  # by decision: its candidate, its effect
    entries: int = 0  # of the log
    campaigns: dict[str, int] = field(default_factory=dict)  # level by id

    @property
    def living(self) -> list[str]:
        """Ids of the events that are there."""
        return [id for id in self.answers if id not in self.gone]

    @property
    def persons(self) -> list[str]:
        """Ids of the persons that are there, in the order in which they came."""
        return list(dict.fromkeys(self.answers[id]["person_id"] for id in self.living))

    def view(self, person: str) -> set[str]:
        """The persons of whom somebody decided that they are this one."""
        found, edge = {person}, {person}
        links = [effect for effect in self.effects.values() if effect.verdict == "same"]
        while edge:
            edge = {end for link in links for end in (link.left, link.right) if {link.left, link.right} & edge} - found
            found |= edge
        return found

    def may_be_late(self, body: Body) -> bool:
        """Whether it carries what somebody erased had carried."""
        buried = {key for id in self.gone for key in _keys(self.posted[id])}
        return not buried.isdisjoint(_keys(body))

    def observe(self, body: Body, answer: Body) -> None:
        self.posted[body["id"]], self.answers[body["id"]] = body, answer
        self.erased.discard(answer["person_id"])  # the id of a device is a function of its cookie

    def decide(self, candidate: Body, answer: Body, *, pending: bool) -> None:
        self.entries += 1
        effect = Effect(answer["id"], answer["verdict"], candidate["left"], candidate["right"])
        if pending:
            self.pending[answer["id"]] = candidate["id"], effect
        else:
            self.effects[candidate["id"]] = effect

    def confirm(self, decision: str) -> None:
        self.entries += 1
        candidate, effect = self.pending.pop(decision)
        self.effects[candidate] = effect

    def retract(self, decisions: list[str]) -> None:
        self.entries += len(decisions)
        for decision in decisions:
            if self.pending.pop(decision, None) is None:
                self.effects = {id: effect for id, effect in self.effects.items() if effect.decision != decision}

    def erase(self, persons: set[str]) -> None:
        """They, their events and every decision about them are of no effect any more."""
        self.erased |= persons
        self.gone |= {id for id, answer in self.answers.items() if answer["person_id"] in persons}

        def is_left(effect: Effect) -> bool:
            return not {effect.left, effect.right} & persons

        self.effects = {id: effect for id, effect in self.effects.items() if is_left(effect)}
        self.pending = {id: (one, effect) for id, (one, effect) in self.pending.items() if is_left(effect)}


def _keys(body: Body) -> set[str]:
    return {f"{carried['kind']}:{carried['value']}" for carried in body["identifiers"]}
