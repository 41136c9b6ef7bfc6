"""A bulk act that the graph does not carry to its end."""

from __future__ import annotations

from typing import Any

import pytest

from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding import bulk
from vitograph.graph.deciding.decisions import Outcome, Said
from vitograph.graph.deciding.queue import Filter
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import GraphUnavailable

ANA = Caller("k-ana", "ana", Role.SPECIALIST)
SHOWN = {f"c{number}": 1 for number in range(6)}


class Shows:
    """A graph that shows the pairs as they were shown, and keeps nothing."""

    async def rows(self, statement: Any, *, ids: list[str], **filter: Any) -> list[dict[str, Any]]:
        return [{"id": id, "version": 1, "left": f"l{id}", "right": f"r{id}", "band": "A"} for id in ids]

    async def write(self, work: Any) -> None:
        pass


async def bulk_until(monkeypatch: pytest.MonkeyPatch, last: int) -> tuple[dict[str, Any], list[str]]:
    """Decides six pairs in a graph that is away from the `last` on; the answer, and what became part of the sample."""
    asked: list[str] = []
    marked: list[str] = []

    async def decide(graph: Any, id: str, said: Said, actor: Caller, version: int) -> Outcome:
        if len(asked) == last:
            raise GraphUnavailable("the transaction was ended from outside; try again")
        asked.append(id)
        entry = {"id": f"d-{id}", "candidate_id": id, "verdict": "different", "state": "applied"}
        return Outcome(entry, version + 1)

    async def mark(graph: Any, ids: list[str], check: str) -> list[str]:
        marked.extend(ids)
        return ids

    monkeypatch.setattr(bulk, "decide", decide)
    monkeypatch.setattr(bulk.reviews, "mark", mark)
    said, token = Said(Verdict.DIFFERENT, "looked at all"), bulk.snapshot(SHOWN.items())
    answer = await bulk.decide_shown(Shows(), Filter(), dict(SHOWN), said, ANA, token)  # type: ignore[arg-type]
    return answer, marked


async def test_what_was_decided_is_told_and_sampled_when_the_graph_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    answer, marked = await bulk_until(monkeypatch, 3)
    assert answer["id"].startswith("b-")
    assert [row["candidate_id"] for row in answer["decided"]] == ["c0", "c1", "c2"]
    assert [(row["candidate_id"], row["problem"]) for row in answer["refused"]] == [
        (id, "GraphUnavailable") for id in ("c3", "c4", "c5")
    ]
    assert len(marked) == answer["sampled"] == 1


async def test_where_nothing_was_decided_it_is_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(GraphUnavailable):
        await bulk_until(monkeypatch, 0)
