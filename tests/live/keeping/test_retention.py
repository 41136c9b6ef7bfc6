"""Events whose time to be kept is over are gone, and what is left of a person is what the rest says."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.deciding import IDENTIFIER, join, saw, score_again, view
from tests.factories import NOON, observed
from tests.live.keeping.test_erasure import dump, forget
from vitograph.api import worker
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.deciding.decisions import attempt
from vitograph.graph.driver import Graph, Row
from vitograph.graph.erasing.erasures import close_erasure, finish_begun, get_traces, list_erasures
from vitograph.graph.erasing.retention import (
    BEFORE_ALL,
    LIST_DUE,
    Expired,
    close_runs,
    drop_policy,
    expire,
    list_policies,
    set_policy,
)
from vitograph.graph.intake.observations import record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.digest import digest
from vitograph.graph.keeping.rebuilding import reread_event
from vitograph.graph.people.holdings import lock_use
from vitograph.graph.people.persons import get_view
from vitograph.graph.people.visitors import get_visitor
from vitograph.graph.queries import Statement
from vitograph.graph.reach import EVERYTHING
from vitograph.projections.hot.memory import HotMemory
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.deciding.replay import Retold
from vitograph.resolver.errors import Erased, GraphUnavailable
from vitograph.resolver.publishing.visitors import takes_back

Headers = dict[Role, dict[str, str]]
IDA = Caller("k-ida", "ida", Role.ADMIN)
DAY = 60 * 24
LATER = NOON + dt.timedelta(days=100)

AS_OLDER = Statement(
    "test/as_older", "MATCH (x:Erasure) SET x.status = 'erasing', x.at = datetime() - duration({hours: $hours})"
)
PERSONS = Statement("test/persons", "MATCH (p:Person) WHERE p.kind = 'known' RETURN p.id AS id")
STUCK = Statement("test/stuck", "MATCH (x:Erasure) SET x.status = 'forgetting' REMOVE x.forget")


async def test_what_is_left_is_what_the_rest_of_the_events_say(graph: Graph) -> None:
    first = await saw(graph, "email:maria@example.com!", id="o-0", event="account.opened", given_name="maria")
    old = {"event": "page.viewed", "family_name": "lopez"}
    await saw(graph, "email:maria@example.com!", "phone:+34911222333", "cookie:c-1?", id="o-1", **old)
    await saw(graph, "email:maria@example.com!", id="o-2", event="page.viewed", minutes=99 * DAY)
    await score_again(graph)
    await set_policy(graph, "page.viewed", 30, IDA)
    expired = await expire(graph, LATER)
    assert (expired.events, expired.persons) == (1, 0)
    held = await get_view(graph, first.person_id, EVERYTHING)
    assert {one["kind"]: one["count"] for one in held["identifiers"]} == {"email": 2}
    text = await dump(graph)
    assert [trace for trace in ("lopez", "o-1", '"phone:') if trace in text.split('"forget"')[0]] == []
    [late] = await record(graph, [observed("email:maria@example.com!", id="o-1")])
    assert isinstance(late, Erased)
    assert await audit(graph) == []
    before = await digest(graph)
    again = await expire(graph, LATER)
    assert again == Expired()
    assert await digest(graph) == before


async def test_of_whom_nothing_is_left_is_erased_but_a_joined_fragment_stays(graph: Graph) -> None:
    gone = await saw(graph, "email:gone@example.com!", event="page.viewed")
    a = (await saw(graph, "email:a@example.com!", event="page.viewed")).person_id
    b = (await saw(graph, "email:b@example.com!", event="account.opened")).person_id
    await saw(graph, "email:a@example.com!", event="page.viewed", minutes=1)
    await join(graph, a, b)
    await set_policy(graph, "page.viewed", 30, IDA)
    expired = await expire(graph, LATER)
    assert (expired.events, expired.persons) == (2, 1)
    with pytest.raises(Erased):
        await get_view(graph, gone.person_id, EVERYTHING)
    assert await view(graph, a) == await view(graph, b)
    assert await audit(graph) == []
    # What stays for good is not looked at anew by each run.
    assert await list_due(graph, "page.viewed") == []


async def test_who_withdrew_or_logged_out_has_done_so_while_anything_of_them_is_left(graph: Graph) -> None:
    """Also where the time of these words is over: without them, they would be greeted and sold to again."""
    for name, took_back in (("maria", "consent.withdrawn"), ("leo", "user.logged_out"), ("gone", "consent.withdrawn")):
        held = (f"email:{name}@example.com!", f"cookie:{name}?")
        event = "page.viewed" if name == "gone" else "account.opened"
        await saw(graph, *held, id=f"{name}-0", event=event, given_name=name)
        await saw(graph, *held, id=f"{name}-1", event=took_back, minutes=1)
        await saw(graph, *held, id=f"{name}-2", event="page.viewed", minutes=-1)
        await set_policy(graph, took_back, 30, IDA)
    expired = await expire(graph, LATER)
    assert (expired.events, expired.persons) == (0, 0)
    await set_policy(graph, "page.viewed", 30, IDA)
    expired = await expire(graph, LATER)
    assert (expired.events, expired.persons) == (5, 1)
    assert [await get_visitor(graph, name) for name in ("maria", "leo", "gone")] == [None, None, None]
    for type in ("consent.withdrawn", "user.logged_out"):
        assert await list_due(graph, type) == []
    assert await audit(graph) == []


async def test_a_joined_fragment_keeps_the_withdrawal_of_its_view(graph: Graph) -> None:
    a = (await saw(graph, "email:a@example.com!", event="account.opened")).person_id
    b = (await saw(graph, "email:b@example.com!", event="consent.withdrawn")).person_id
    await saw(graph, "email:b@example.com!", event="page.viewed", minutes=1)
    await join(graph, a, b)
    for type in ("consent.withdrawn", "page.viewed"):
        await set_policy(graph, type, 30, IDA)
    assert (await expire(graph, LATER)).events == 1
    assert (await get_view(graph, a, EVERYTHING))["consents"]["*"]["granted"] is False
    assert await expire(graph, LATER) == Expired()


async def list_due(graph: Graph, type: str) -> list[str]:
    """Whom each run looks at anew for this type."""
    limits = {row["type"]: LATER - dt.timedelta(days=row["days"]) for row in await list_policies(graph)}
    which = {"type": type, "limits": limits, "before": limits[type], "whole": takes_back(type)}
    [page] = await graph.rows(LIST_DUE, **which, after=BEFORE_ALL, limit=10)
    return list(page["persons"])


@pytest.mark.parametrize("joined", [False, True])
async def test_many_events_go_by_several_transactions_each_of_which_leaves_the_graph_sound(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, joined: bool
) -> None:
    """Four go of five: the last one is not of the type, or the join rests on it."""
    monkeypatch.setattr("vitograph.graph.erasing.retention.LEAST_AT_ONCE", 2)
    for day in range(4):
        held = ("email:a@example.com!", f"cookie:c-{day}?")
        a = (await saw(graph, *held, id=f"day-{day}", event="page.viewed", minutes=day * DAY)).person_id
    await saw(graph, "email:a@example.com!", event="page.viewed" if joined else "account.opened", minutes=5 * DAY)
    if joined:
        await join(graph, a, (await saw(graph, "email:b@example.com!", event="account.opened")).person_id)
    await set_policy(graph, "page.viewed", 30, IDA)
    left = []

    async def look() -> None:
        assert await audit(graph) == []
        held = (await get_view(graph, a, EVERYTHING))["identifiers"]
        left.append(next(one["count"] for one in held if one["value"] == "a@example.com"))

    after_each(monkeypatch, look)
    assert (await expire(graph, LATER)).events == 4
    assert left == [3, 1]
    assert await expire(graph, LATER) == Expired()


async def test_an_admin_sets_periods(api: httpx.AsyncClient, bearer: Headers) -> None:
    admin = bearer[Role.ADMIN]
    assert (await api.put("/v1/retention/page.viewed", json={"days": 30}, headers=admin)).status_code == 200
    for wrong in ({"days": 0}, {"days": "30"}, {}, {"days": 1, "hours": 2}):
        assert (await api.put("/v1/retention/page.viewed", json=wrong, headers=admin)).status_code == 422
    assert (await api.put("/v1/retention/Page Viewed", json={"days": 30}, headers=admin)).status_code == 422
    assert (await api.put("/v1/retention/x", json={"days": 1}, headers=bearer[Role.SPECIALIST])).status_code == 403
    [item] = (await api.get("/v1/retention", headers=admin)).json()["items"]
    assert (item["type"], item["days"], item["actor_name"]) == ("page.viewed", 30, "a admin")
    assert (await api.delete("/v1/retention/page.viewed", headers=admin)).status_code == 204
    assert (await api.delete("/v1/retention/page.viewed", headers=admin)).status_code == 404


async def test_of_whom_something_comes_meanwhile_that_stays(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether nothing is left of somebody counts once they are locked, not when it was read."""
    id = (await saw(graph, "email:maria@example.com!", event="page.viewed")).person_id
    await set_policy(graph, "page.viewed", 30, IDA)

    async def come() -> None:
        await saw(graph, "email:maria@example.com!", id="o-new", event="page.viewed", minutes=99 * DAY)

    with monkeypatch.context() as patch:
        after_each(patch, come)
        assert await expire(graph, LATER) == Expired()
    assert (await get_view(graph, id, EVERYTHING))["identifiers"][0]["count"] == 2
    assert (await expire(graph, LATER)).events == 1
    assert (await get_view(graph, id, EVERYTHING))["identifiers"][0]["count"] == 1
    assert await audit(graph) == []


async def test_who_is_joined_meanwhile_stays(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    old = (await saw(graph, "email:old@example.com!", event="page.viewed")).person_id
    other = (await saw(graph, "email:other@example.com!", event="account.opened")).person_id
    await set_policy(graph, "page.viewed", 30, IDA)
    after_each(monkeypatch, lambda: join(graph, old, other))
    assert await expire(graph, LATER) == Expired()
    assert await view(graph, old) == await view(graph, other)
    assert await audit(graph) == []


async def test_what_is_kept_for_good_again_while_a_run_goes_on_stays(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who finds that a period is wrong drops it when the first are gone."""
    await partly_old(graph, "maria", "leo", "nora")
    await saw(graph, "email:eva@example.com!", event="page.viewed")

    async def change_mind() -> None:
        if await list_policies(graph):
            await drop_policy(graph, "page.viewed")

    after_each(monkeypatch, change_mind)
    assert (await expire(graph, LATER)).events <= 1
    assert await audit(graph) == []


def after_each(monkeypatch: pytest.MonkeyPatch, then: Callable[[], Awaitable[object]]) -> None:
    """Has something happen whenever a run has committed what it erased of one person."""

    async def attempted(*arguments: Any) -> object:
        found = await attempt(*arguments)
        await then()
        return found

    monkeypatch.setattr("vitograph.graph.erasing.retention.attempt", attempted)


async def partly_old(graph: Graph, *names: str) -> list[str]:
    """Persons of whom something is left when the rest expires; the keys of what goes with it."""
    for name in names:
        await saw(graph, f"email:{name}@example.com!", event="account.opened")
        await saw(graph, f"email:{name}@example.com!", f"cookie:c-{name}?", event="page.viewed")
    await set_policy(graph, "page.viewed", 30, IDA)
    return [f"cookie:c-{name}" for name in names]


async def break_off(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that dies after the first person."""

    async def die() -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch, contextlib.suppress(asyncio.CancelledError):
        after_each(patch, die)
        await expire(graph, LATER)


async def statuses(graph: Graph) -> list[str]:
    return [erasure["status"] for erasure in await list_erasures(graph)]


async def traces(graph: Graph) -> list[list[str]]:
    """Which identifiers are to be forgotten elsewhere, by run."""
    found = [await get_traces(graph, erasure["id"]) for erasure in await list_erasures(graph)]
    return [sorted(one["identifiers"]) for one in found if one is not None]


async def test_who_keeps_house_leaves_a_run_alone_that_is_under_way(
    graph: Graph, hot: HotMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = await partly_old(graph, "a", "b", "c")

    async def keep_house() -> None:
        await finish_begun(graph)
        await forget(graph, hot)

    after_each(monkeypatch, keep_house)
    expired = await expire(graph, LATER)
    assert (expired.events, expired.persons) == (3, 0)
    assert (await statuses(graph), await traces(graph)) == (["forgetting"], [keys])
    await forget(graph, hot)
    assert await statuses(graph) == ["done"]
    assert await audit(graph) == []


async def test_a_run_that_somebody_closes_goes_on_as_another(
    graph: Graph, hot: HotMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = await partly_old(graph, "a", "b")
    told: list[list[str]] = []

    async def close() -> None:
        await close_runs(graph)
        told.extend(await traces(graph))
        await forget(graph, hot)

    after_each(monkeypatch, close)
    assert (await expire(graph, LATER)).events == 2
    assert sorted(told) == [[a], [b]]
    await forget(graph, hot)
    assert await statuses(graph) == ["done", "done"]
    assert await audit(graph) == []


async def test_the_next_run_closes_one_that_broke_off(
    graph: Graph, hot: HotMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b = await partly_old(graph, "a", "b")
    await break_off(graph, monkeypatch)
    assert await finish_begun(graph) == 0
    assert await statuses(graph) == ["expiring"]
    assert (await expire(graph, LATER)).events == 1
    assert (await statuses(graph), sorted(await traces(graph))) == (["forgetting", "forgetting"], [[a], [b]])
    await forget(graph, hot)
    assert await statuses(graph) == ["done", "done"]


async def test_a_run_of_an_older_version_is_left_alone_for_a_day(
    graph: Graph, hot: HotMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has the status of an erasure, which an older worker beside this one does not expect to change."""
    await partly_old(graph, "a")
    await break_off(graph, monkeypatch)
    for hours, expected in ((1, "erasing"), (25, "forgetting")):
        await graph.run(AS_OLDER, hours=hours)
        assert await finish_begun(graph) == 0
        await expire(graph, LATER)
        assert await statuses(graph) == [expected]
    await forget(graph, hot)
    assert await statuses(graph) == ["done"]


async def test_a_run_that_was_closed_twice_is_done_in_the_end(
    graph: Graph, hot: HotMemory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older version left such: forgetting for ever, with nothing to forget."""
    await partly_old(graph, "a")
    await break_off(graph, monkeypatch)
    await graph.run(STUCK)
    await expire(graph, LATER)
    await forget(graph, hot)
    assert await statuses(graph) == ["done"]


async def test_what_is_to_be_forgotten_besides_is_not_taken_for_forgotten(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = await partly_old(graph, "a", "b")
    read: list[dict[str, list[str]]] = []

    async def look() -> None:
        for erasure in await list_erasures(graph):
            read.append(await get_traces(graph, erasure["id"]) or {})

    after_each(monkeypatch, look)
    id = (await expire(graph, LATER)).erasure
    assert id is not None
    assert not await close_erasure(graph, id, read[0])
    assert (await statuses(graph), await traces(graph)) == (["forgetting"], [keys])
    assert await close_erasure(graph, id, read[1])
    assert await close_erasure(graph, id, read[1])
    assert await statuses(graph) == ["done"]


async def test_what_goes_wrong_with_a_run_ends_no_worker(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    again = asyncio.Event()
    errors = [KeyError("forget"), ValueError()]

    async def fail(graph: Graph) -> None:
        if errors:
            raise errors.pop()
        again.set()

    monkeypatch.setattr(worker, "expire", fail)
    monkeypatch.setattr(worker, "EXPIRES_EVERY", 0.01)
    keeping = asyncio.create_task(worker.keep_periods(graph))
    try:
        async with asyncio.timeout(60):
            await again.wait()
    finally:
        keeping.cancel()


async def test_whoever_a_run_fails_with_keeps_nobody_waiting(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    keys = await partly_old(graph, "a", "b", "c")
    await set_policy(graph, "account.opened", 3_650, IDA)
    first = min([row["id"] for row in await graph.rows(PERSONS)])

    def fail(row: Row) -> Retold:
        if row["person_id"] == first:
            raise ValueError("maria@example.com is no number")
        return reread_event(row)

    with monkeypatch.context() as patch:
        patch.setattr("vitograph.graph.erasing.remainder.reread_event", fail)
        expired = await expire(graph, LATER)
    assert (expired.events, expired.failed) == (2, {first})
    [said] = [line.getMessage() for line in caplog.records if "wait for the next run" in line.getMessage()]
    assert (first in said, "ValueError" in said, "maria" in caplog.text) == (True, True, False)
    assert await statuses(graph) == ["forgetting"]
    again = await expire(graph, LATER)
    assert (again.events, again.failed) == (1, set())
    assert sorted(key for run in await traces(graph) for key in run) == keys
    assert await audit(graph) == []


async def test_a_graph_that_is_away_ends_a_run(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    await partly_old(graph, "a")

    async def away(*_arguments: Any) -> object:
        monkeypatch.setattr("vitograph.graph.erasing.retention.list_policies", away)
        raise GraphUnavailable("away")

    monkeypatch.setattr("vitograph.graph.erasing.retention.attempt", away)
    with pytest.raises(GraphUnavailable):
        await expire(graph, LATER)


async def test_what_joined_fragments_hold_stands_as_the_rest_of_the_view_says(graph: Graph) -> None:
    """An identifier that the one whose event expired never held, but somebody who was joined to them."""
    a = (await saw(graph, "email:a@example.com!", event="account.opened")).person_id
    await saw(graph, "email:a@example.com!", event="page.viewed", given_name="leo")
    b = (await saw(graph, "email:b@example.com!", "phone:+34911222333", event="account.opened")).person_id
    await join(graph, a, b)
    await saw(graph, "email:c@example.com!", "phone:+34911222333", event="account.opened", given_name="maria")
    before = await status(graph, "phone:+34911222333")
    await set_policy(graph, "page.viewed", 30, IDA)
    assert (await expire(graph, LATER)).events == 1
    assert await status(graph, "phone:+34911222333") != before
    assert await audit(graph) == []


async def test_an_identifier_that_comes_while_its_person_is_locked_goes_with_its_event(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    await partly_old(graph, "a")
    turns = iter([True])

    async def locked(*arguments: Any) -> Holdings:
        if next(turns, False):
            await saw(graph, "email:a@example.com!", "phone:+34911222333", event="page.viewed")
        return await lock_use(*arguments)

    monkeypatch.setattr("vitograph.graph.erasing.retention.lock_use", locked)
    assert (await expire(graph, LATER)).events == 2
    assert await traces(graph) == [["cookie:c-a", "phone:+34911222333"]]
    assert await audit(graph) == []


async def status(graph: Graph, key: str) -> str:
    return str((await graph.rows(IDENTIFIER, key=key))[0]["i"]["status"])
