"""Events whose time to be kept is over are gone, and what is left of a person is what the rest says."""

from __future__ import annotations

import datetime as dt

import httpx
import pytest

from tests.deciding import join, saw, score_again, view
from tests.factories import NOON, observed
from tests.live.keeping.test_erasure import dump
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.retention import Expired, expire, set_policy
from vitograph.graph.intake.observations import record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.digest import digest
from vitograph.graph.people.persons import get_view
from vitograph.graph.reach import EVERYTHING
from vitograph.resolver.errors import Erased

Headers = dict[Role, dict[str, str]]
IDA = Caller("k-ida", "ida", Role.ADMIN)
DAY = 60 * 24
LATER = NOON + dt.timedelta(days=100)


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
