"""What chaos is planned by: seeds, decks and the way to a smaller plan that fails as well."""

from __future__ import annotations

import asyncio
import json

import pytest

from tests.chaos.acknowledged import Acknowledged
from tests.chaos.faults import CLOCKS, DECK, KINDS
from tests.chaos.lines import Ends, Line, State
from tests.chaos.plans import Act, Fault, Planner, Round
from tests.chaos.reducing import reduce


def test_a_seed_plans_the_same_rounds_again() -> None:
    one, same, other = (Planner(seed, DECK).round(3) for seed in (7, 7, 8))
    assert one == same
    assert one != other
    assert Round.of_json(json.loads(json.dumps(one.to_json()))) == one


def test_every_fault_happens_before_any_happens_twice() -> None:
    deck = (*DECK, *CLOCKS)
    planner = Planner(5, deck)
    dealt = [fault for number in range((len(deck) + 1) // 2) for fault in planner.round(number).faults]
    assert {(fault.kind, fault.victim) for fault in dealt} == set(deck)
    assert {kind for kind, _ in deck} == set(KINDS)


def test_a_round_posts_duplicates_and_reused_ids() -> None:
    posts = [act.about for number in range(3) for act in Planner(1, DECK).round(number).acts if act.what == "post"]
    assert len({body["id"] for body in posts}) < len({json.dumps(body) for body in posts}) < len(posts)


async def test_a_plan_is_reduced_to_what_it_fails_by() -> None:
    acts = [Act(float(place), "web", "post", {"id": str(place)}) for place in range(9)]
    faults = [Fault(0.0, "kill", name) for name in ("api", "worker", "neo4j")]
    rounds = [Round(number, tuple(acts), tuple(faults)) for number in range(4)]

    async def fails(some: list[Round]) -> bool:
        return any(
            {"worker"} <= {fault.victim for fault in one.faults} and {"3", "7"} <= {act.about["id"] for act in one.acts}
            for one in some
        )

    [left] = await reduce(rounds, fails)
    assert [fault.victim for fault in left.faults] == ["worker"]
    assert [act.about["id"] for act in left.acts] == ["3", "7"]


@pytest.mark.parametrize(("status", "is_wrong"), [(201, False), (200, False), (422, True), (409, True)])
def test_what_a_channel_may_be_told_of_one_body(status: int, is_wrong: bool) -> None:
    told = Acknowledged()
    body = {"id": "o-1", "event": {"properties": {"nonce": "a"}}}
    told.sends(body)
    told.hears(body, status, {})
    assert bool(told.wrong) == is_wrong
    told.sends({"id": "o-1", "event": {"properties": {"nonce": "b"}}})
    told.wrong.clear()
    told.hears(body, 409, {})
    assert not told.wrong, "of two bodies under one id, one is refused"


async def test_a_line_can_be_cut_silenced_and_mended() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            writer.write(data)
        writer.close()

    async def connect() -> Ends:
        return await asyncio.open_connection("127.0.0.1", server.sockets[0].getsockname()[1])

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    line = Line(connect)
    await line.start()
    reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
    for state in (State.OPEN, State.DRIP, State.SLOW):
        line.become(state)
        writer.write(b"a piece of more than ten bytes")
        assert await reader.readexactly(30) == b"a piece of more than ten bytes"
    line.become(State.SILENT)
    writer.write(b"later")
    heard = asyncio.create_task(reader.readexactly(5))
    await asyncio.sleep(0.05)
    assert not heard.done()
    line.become(State.OPEN)
    assert await heard == b"later"
    line.become(State.CUT)
    with pytest.raises(ConnectionError):
        await _read(reader)
    writer.close()
    await line.stop()
    server.close()


async def _read(reader: asyncio.StreamReader) -> None:
    if not await reader.read(1):
        raise ConnectionResetError
