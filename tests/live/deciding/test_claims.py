"""Claims lapse, are renewed and taken over, all at once: one pair is one specialist's, and decided once."""

from __future__ import annotations

import asyncio

import pytest

from tests.deciding import ANA, BEN, EVE, candidate, person, propose
from vitograph.graph.deciding.candidates import claim, claim_next, release, return_lapsed
from vitograph.graph.deciding.decisions import Said, decide
from vitograph.graph.deciding.queue import Filter
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import WrongState

LAPSE = Statement(
    "test/lapse",
    "MATCH (c:Candidate) WHERE c.claimed_until IS NOT NULL SET c.claimed_until = datetime() - duration({seconds: 1})",
)
APART = Said(Verdict.DIFFERENT, "looked at both")


async def test_a_claim_that_lapsed_is_the_next_ones(graph: Graph) -> None:
    id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    version = (await candidate(graph, id))["version"]
    await claim(graph, id, ANA)
    with pytest.raises(WrongState):
        await claim(graph, id, BEN)
    await graph.run(LAPSE)
    await claim(graph, id, BEN)
    for late in (decide(graph, id, APART, ANA, version), claim(graph, id, ANA), release(graph, id, ANA.id)):
        with pytest.raises(WrongState):
            await late
    assert await return_lapsed(graph) == 0, "the one that lapsed is not the one there is"
    await decide(graph, id, APART, BEN, version)
    assert await audit(graph) == []


async def test_whoever_comes_as_a_claim_lapses_one_has_the_pair_and_one_decides_it(graph: Graph) -> None:
    id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    version = (await candidate(graph, id))["version"]
    await claim(graph, id, ANA)
    for _ in range(15):
        await graph.run(LAPSE)
        *claims, _, taken = await asyncio.gather(
            *(claim(graph, id, who) for who in (ANA, BEN, EVE)),
            return_lapsed(graph),
            claim_next(graph, Filter(), ANA),
            return_exceptions=True,
        )
        held = {one["claimed_by"] for one in claims if isinstance(one, dict)} | ({ANA.id} if taken == id else set())
        now = await candidate(graph, id)
        assert held == {now["claimed_by"]}
        assert (now["status"], now["version"]) == ("claimed", version), "what was read of it stays current"
    await graph.run(LAPSE)
    said = await asyncio.gather(
        *(decide(graph, id, APART, who, version) for who in (ANA, BEN, EVE)), return_exceptions=True
    )
    assert sum(not isinstance(one, BaseException) for one in said) == 1
    assert await audit(graph) == []
