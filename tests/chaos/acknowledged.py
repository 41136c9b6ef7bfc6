"""The clients' own list of what they were told, and whether the graph agrees with it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from vitograph.graph.deciding.log import export
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement

Body = dict[str, Any]
ERASURE = "erasure"  # an entry of the log that is no decision
LEVELS = ("draft", "active", "ended")

EVENTS = Statement(
    "chaos/events",
    "MATCH (e:Event) RETURN e.id AS id, e.properties AS properties, COUNT { (e)-[:OF]->(:Person) } AS persons",
)


@dataclass
class Told:
    """What was sent under one id: by what tells two bodies apart, and what was answered to each."""

    sent: dict[str, Body] = field(default_factory=dict)
    answers: list[tuple[str, int, Body]] = field(default_factory=list)


@dataclass
class Acknowledged:
    """Everything that was sent and everything that was acknowledged, of all rounds."""

    posts: dict[str, Told] = field(default_factory=dict)
    decisions: dict[str, Body] = field(default_factory=dict)
    tried_decisions: Counter[str] = field(default_factory=Counter)
    erasures: dict[str, str] = field(default_factory=dict)  # by id: the word of whoever was erased
    tried_erasures: Counter[str] = field(default_factory=Counter)  # by word
    looked_for: set[str] = field(default_factory=set)  # words of the erased about whom everything was asked
    refused: set[str] = field(default_factory=set)  # ids of which it was said that they speak of somebody erased
    campaigns: dict[str, list[int]] = field(default_factory=dict)
    evidence: dict[str, bytes] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    _before: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """A round begins."""
        self._before = {id for id, told in self.posts.items() if told.answers}

    @property
    def fresh(self) -> list[str]:
        """The ids that were acknowledged for the first time in this round."""
        return [id for id, told in self.posts.items() if told.answers and id not in self._before]

    def of(self, word: str) -> list[str]:
        """The ids of what was said of the somebody in whom this word stands, and acknowledged."""
        return [id for id, told in self.posts.items() if id.startswith(f"l-{word}-") and told.answers]

    def sends(self, body: Body) -> None:
        """Something is about to be posted."""
        self.posts.setdefault(body["id"], Told()).sent[nonce(body)] = body

    def hears(self, body: Body, status: int, answer: Body) -> None:
        """It was answered."""
        told = self.posts[body["id"]]
        if status in (200, 201):
            told.answers.append((nonce(body), status, answer))
        elif status == 410:
            self.refused.add(body["id"])
        elif status != 409 or len(told.sent) == 1:
            self.wrong.append(f"post {body['id']} was answered {status}: {answer}")

    def moves(self, id: str, level: str, *, acknowledged: bool) -> None:
        """A campaign is, or may be, of that level or a later one."""
        known = self.campaigns.setdefault(id, [-1, -1])
        known[1] = max(known[1], LEVELS.index(level))
        if acknowledged:
            known[0] = max(known[0], LEVELS.index(level))

    @property
    def events(self) -> int:
        """How many were acknowledged."""
        return sum(bool(told.answers) for told in self.posts.values())


def nonce(body: Body) -> str:
    return str(body["event"]["properties"]["nonce"])


async def find_wrong_events(graph: Graph, list_: Acknowledged, erased: Container[str]) -> list[str]:
    """Lost, doubled, altered and invented events, and those that are `erased` and there; answers that changed."""
    wrong = []
    held = {row["id"]: row for row in await graph.rows(EVENTS, wall_clock=120.0)}
    for id in held.keys() - list_.posts.keys():
        wrong.append(f"event {id} was never posted")
    for id, told in list_.posts.items():
        row = held.get(id)
        kept = None if row is None else json.loads(row["properties"])["nonce"]
        if row is not None and id in erased:
            wrong.append(f"event {id} was erased and is there")
        if told.answers and row is None and id not in erased:
            wrong.append(f"event {id} was acknowledged and is lost")
        if row is not None and row["persons"] != 1:
            wrong.append(f"event {id} is of {row['persons']} persons")
        if kept is not None and kept not in told.sent:
            wrong.append(f"event {id} is none that was posted: {kept}")
        others = {one for one, _, _ in told.answers} - {kept}
        if row is not None and others:
            wrong.append(f"event {id} was acknowledged as {others} and is {kept}")
        if len({json.dumps(answer, sort_keys=True) for _, _, answer in told.answers}) > 1:
            wrong.append(f"event {id} was answered differently: {told.answers}")
        if sum(status == 201 for _, status, _ in told.answers) > 1:
            wrong.append(f"event {id} was accepted twice")
    return wrong


async def find_wrong_decisions(graph: Graph, list_: Acknowledged) -> list[str]:
    """Lost and doubled decisions, and those that nobody made."""
    log = [entry async for entry in export(graph) if entry.get("entry", ERASURE) != ERASURE]
    counts = Counter(entry["id"] for entry in log)
    wrong = [f"decision {id} is in the log {counts[id]} times" for id in list_.decisions if counts[id] != 1]
    unheard = Counter(_tried(entry) for entry in log if entry["id"] not in list_.decisions)
    return wrong + [
        f"{count} entries {what!r} in the log that nobody heard of, {list_.tried_decisions[what]} may be"
        for what, count in unheard.items()
        if count > list_.tried_decisions[what]
    ]


def _tried(entry: Body) -> str:
    about = {"decision": "candidate_id", "retraction": "supersedes", "confirmation": "confirms"}[entry["entry"]]
    return f"{entry['entry']} of {entry[about]}"
