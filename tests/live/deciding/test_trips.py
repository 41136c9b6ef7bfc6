"""How many round trips to Neo4j a decision takes: a specialist waits for each, and so do others for some of them."""

from __future__ import annotations

import pytest

from tests.deciding import ANA, BEN, propose, saw
from tests.live.trips import COMMIT, counted
from vitograph.graph.deciding.decisions import Said, decide
from vitograph.graph.deciding.retractions import Wish, retract_all
from vitograph.graph.driver import Graph
from vitograph.resolver.deciding.decisions import Verdict

UNDER_THE_HEAD = ["decision/lock_head", "decision/record_number", COMMIT]


async def pair(graph: Graph, *names: str) -> str:
    """A candidate of two accounts that state one phone, and these given names."""
    persons = [
        (await saw(graph, f"user_id:shop:{number}!", "phone:+493012345", given_name=name)).person_id
        for number, name in enumerate(names)
    ]
    return await propose(graph, *persons)


@pytest.mark.parametrize(
    ("names", "verdict", "trips", "back"),
    [
        (("anna", "anna"), Verdict.SAME, 12, 14),
        (("anna", "anna"), Verdict.DIFFERENT, 11, 14),
        (("anna", "anna"), Verdict.UNSURE, 9, 14),
        # What becomes of the phone is written as well.
        (("anna", "boris"), Verdict.SAME, 14, 16),
        (("anna", "boris"), Verdict.HOUSEHOLD, 11, 14),
        (("anna", "boris"), Verdict.SHARED_IDENTIFIER, 13, 16),
    ],
)
async def test_a_verdict_takes_few_round_trips_and_so_does_its_way_back(
    graph: Graph, names: tuple[str, str], verdict: Verdict, trips: int, back: int
) -> None:
    id = await pair(graph, *names)
    traced, sent = counted(graph)
    outcome = await decide(traced, id, Said(verdict, "looked at both"), ANA, 1)
    assert sent[-3:] == UNDER_THE_HEAD, "others wait for these"
    assert len(sent) <= trips, sent
    sent.clear()
    await retract_all(traced, outcome.decision["id"], Wish("a slip"), BEN)
    assert sent[-3:] == UNDER_THE_HEAD
    assert len(sent) <= back, sent
