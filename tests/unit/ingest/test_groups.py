"""Group commit: what waits goes together, in order, and one that fails sinks no other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from tests.factories import observed
from vitograph.ingest.groups import MOST, MOST_WAITING, Groups
from vitograph.resolver.errors import GraphUnavailable, TooBusy
from vitograph.resolver.model import Observation


class Recorder:
    """Remembers the groups it was given; an observation called `poison` fails, one called `away` finds no graph."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.at_once: list[int] = []

    async def record(self, observations: Sequence[Observation], at_once: int) -> list[str]:
        ids = [observation.id for observation in observations]
        self.groups.append(ids)
        self.at_once.append(at_once)
        await asyncio.sleep(0)
        if "poison" in ids:
            raise ValueError("poison")
        if "away" in ids:
            raise GraphUnavailable("away")
        return [f"done {id}" for id in ids]


async def test_who_arrives_together_is_recorded_together_and_answered_each() -> None:
    recorder = Recorder()
    groups = Groups(recorder.record)
    ids = [f"o-{n}" for n in range(MOST + 10)]
    answers = await asyncio.gather(*(groups.add(observed("cookie:c?", id=id)) for id in ids))
    assert answers == [f"done {id}" for id in ids]
    assert [id for group in recorder.groups for id in group] == ids
    assert max(map(len, recorder.groups)) == MOST


async def test_each_transaction_is_told_of_all_who_are_at_once_however_they_were_parted() -> None:
    recorder = Recorder()
    groups = Groups(recorder.record)
    await asyncio.gather(*(groups.add(observed("cookie:c?")) for _ in range(MOST + 10)))
    assert list(map(len, recorder.groups)) == [MOST, 10]
    assert recorder.at_once == [MOST + 10, MOST + 10]
    await groups.add(observed("cookie:c?"))
    assert recorder.at_once[-1] == 1


async def test_one_that_fails_sinks_no_other() -> None:
    recorder = Recorder()
    groups = Groups(recorder.record)
    ids = ["a", "poison", "b"]
    results = await asyncio.gather(*(groups.add(observed("cookie:c?", id=id)) for id in ids), return_exceptions=True)
    assert (results[0], results[2]) == ("done a", "done b")
    assert isinstance(results[1], ValueError)
    assert await groups.add(observed("cookie:c?", id="later")) == "done later"


async def test_a_graph_that_is_away_is_not_asked_again_for_each() -> None:
    recorder = Recorder()
    groups = Groups(recorder.record)
    results = await asyncio.gather(
        *(groups.add(observed("cookie:c?", id=id)) for id in ("a", "away", "b")), return_exceptions=True
    )
    assert all(isinstance(result, GraphUnavailable) for result in results)
    assert len(recorder.groups) == 1


async def test_those_of_one_sender_are_never_parted() -> None:
    recorder = Recorder()
    groups = Groups(recorder.record)
    units = [[f"{n}-{part}" for part in range(3)] for n in range(200)]
    together = (groups.add_all([observed("cookie:c?", id=id) for id in ids]) for ids in units)
    answers = await asyncio.gather(*together)
    assert answers == [[f"done {id}" for id in ids] for ids in units]
    for ids in units:
        [group] = [group for group in recorder.groups if ids[0] in group]
        assert [id for id in group if id in ids] == ids


async def test_more_than_may_wait_are_refused_and_nothing_is_lost() -> None:
    recorder = Recorder()
    groups = Groups(recorder.record)
    many = (groups.add(observed("cookie:c?", id=f"o-{n}")) for n in range(3 * MOST_WAITING))
    results = await asyncio.gather(*many, return_exceptions=True)
    refused = sum(isinstance(result, TooBusy) for result in results)
    taken = [id for group in recorder.groups for id in group]
    assert refused > 0
    assert len(taken) == len(set(taken)) == len(results) - refused


async def test_one_who_comes_when_the_last_is_done_is_not_forgotten() -> None:
    recorder = Recorder()
    groups = Groups(recorder.record)
    for n in range(50):
        async with asyncio.timeout(30):
            assert await groups.add(observed("cookie:c?", id=f"o-{n}")) == f"done o-{n}"


async def test_a_caller_who_hangs_up_changes_nothing_for_the_others() -> None:
    recorder = Recorder()
    groups = Groups(recorder.record)
    gone = asyncio.create_task(groups.add(observed("cookie:c?", id="gone")))
    stays = asyncio.create_task(groups.add(observed("cookie:c?", id="stays")))
    await asyncio.sleep(0)
    gone.cancel()
    assert await stays == "done stays"
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_a_drain_ends_once_all_that_waited_are_answered() -> None:
    recorder = Recorder()
    groups = Groups(recorder.record)
    answers = [asyncio.create_task(groups.add(observed("cookie:c?", id=f"o-{n}"))) for n in range(MOST + 10)]
    await asyncio.sleep(0)
    assert groups.waiting
    await groups.drain()
    assert groups.waiting == 0
    assert sum(map(len, recorder.groups)) == len(answers)
    await asyncio.gather(*answers)
    await groups.drain()  # nothing waits: it ends at once
