"""Who is greeted on a cookie: on the real graph, through the real Valkey, over the whole app."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
from typing import Any

import httpx
import pytest

from tests.deciding import ANA, join, retract, saw
from tests.factories import observed
from vitograph.api.running.children import Child
from vitograph.api.wiring.projecting import make_projector
from vitograph.graph import outbox
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import record
from vitograph.graph.people import visitors
from vitograph.graph.people.persons import get_view
from vitograph.graph.publishing import campaigns
from vitograph.graph.publishing.campaigns import Writer
from vitograph.graph.queries import Statement
from vitograph.graph.reach import EVERYTHING
from vitograph.projections.hot.memory import BARRED, HotMemory, visitor_key
from vitograph.resolver.publishing.campaigns import CampaignBody
from vitograph.resolver.publishing.visitors import Visitor

Headers = dict[Role, dict[str, str]]
NORTH = Writer("north")
STATUS = Statement("test/status", "MATCH (i:Identifier {key: $key}) SET i.status = $status")
MARIA = {"given_name": "María", "family_name": "López"}


def post(page: httpx.AsyncClient, bearer: Headers, *identifiers: str, **more: Any) -> Any:
    """Posts an observation of these identifiers, e.g. `email:maria@example.com!`."""
    levels = {"!": "verified", "?": "observed"}
    carried = [
        {
            "kind": text.partition(":")[0],
            "value": text.partition(":")[2].rstrip("!?"),
            "assurance": levels.get(text[-1], "asserted"),
        }
        for text in identifiers
    ]
    body = {"channel": "web_form", "identifiers": carried, **more}
    return page.post("/v1/observations", json=body, headers=bearer[Role.CHANNEL])


async def hello(page: httpx.AsyncClient, cookie: str = "c-1", **query: str) -> tuple[dict[str, Any], str]:
    """What a visitor is told, and by whom; a graph that is slow on a busy machine is asked again."""
    async with asyncio.timeout(60):
        while (answer := await page.get(f"/hot/visitors/{cookie}", params=query)).status_code == 503:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    return answer.json(), answer.headers["server-timing"].partition(";")[0]


async def test_a_visitor_is_greeted_from_hot_memory_and_by_nothing_else(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph, hot: HotMemory
) -> None:
    await campaigns.put(graph, "summer", NORTH, CampaignBody("Summer"))
    assert await hello(page) == ({}, "graph")
    event = {"type": "page.viewed", "target_id": "summer"}
    traits = {**MARIA, "date_of_birth": "1990-03-02", "city": "Sevilla"}
    posted = await post(page, bearer, "email:maria@example.com!", "cookie:c-1?", event=event, traits=traits)
    assert posted.status_code == 201
    said = {"first_name": "María", "campaigns": ["summer"]}
    assert await hello(page) == (said, "graph"), "that nobody is there is held no longer"
    await greeted(page, graph, hot)
    assert (await hello(page))[0] == said
    assert (await hello(page, "%20c-1%20"))[0] == said, "a cookie is normalised as an identifier is"
    assert await hello(page, "C-1") == ({}, "graph")


async def test_whoever_is_new_on_a_cookie_is_told_of_and_whoever_comes_again_is_not(graph: Graph) -> None:
    async def told(email: str, cookie: str = "c-1") -> bool:
        """Whether an observation leaves an entry for the projector."""
        before = (await outbox.backlog(graph)).waiting
        await record(graph, [observed(f"email:{email}!", f"cookie:{cookie}?")])
        return (await outbox.backlog(graph)).waiting > before

    assert not await told("maria@example.com"), "nobody was greeted there"
    assert not await told("maria@example.com")
    assert await told("carlos@example.com"), "Maria was"
    assert not await told("carlos@example.com"), "nobody is any more"
    assert not await told("maria@example.com")
    assert not await told("carlos@example.com", "c-2")
    assert await told("maria@example.com", "c-2")


async def test_a_second_person_on_a_cookie_ends_its_greeting_before_they_are_answered(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph, hot: HotMemory
) -> None:
    await post(page, bearer, "email:maria@example.com!", "cookie:c-1?", traits=MARIA)
    await greeted(page, graph, hot)
    posted = await post(page, bearer, "email:carlos@example.com!", "cookie:c-1?", traits={"given_name": "Carlos"})
    assert posted.status_code == 201
    assert (await hello(page))[0] == {}
    # Nor does whoever logged in first get it back.
    await post(page, bearer, "email:maria@example.com!", "cookie:c-1?", traits=MARIA)
    assert (await hello(page))[0] == {}


async def test_whoever_withdrew_their_consent_is_greeted_by_nobody(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph, hot: HotMemory
) -> None:
    """By any channel, also one that knows nothing of the cookie; until they agree again."""
    await post(page, bearer, "email:maria@example.com!", "cookie:c-1?", traits=MARIA)
    await greeted(page, graph, hot)
    for minute, (purpose, type, who) in enumerate(
        [
            ("news", "consent.withdrawn", "María"),
            ("marketing", "consent.withdrawn", None),
            ("marketing", "consent.granted", "María"),
            (None, "consent.withdrawn", None),
        ]
    ):
        event = {"type": type, "properties": {"purpose": purpose} if purpose else {}}
        at = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=9 - minute)).isoformat()
        assert (await post(page, bearer, "email:maria@example.com!", event=event, occurred_at=at)).status_code == 201
        await make_projector(graph, hot).step()
        assert (await hello(page))[0].get("first_name") == who, (purpose, type)
        await hot.client.unlink(visitor_key("c-1"))  # as its bar would lapse by itself
        assert (await hello(page))[0].get("first_name") == who, (purpose, type)


async def test_a_logout_that_says_the_cookie_alone_is_told_of_whom_the_cookie_greets(
    graph: Graph, hot: HotMemory
) -> None:
    """By the outbox, for who takes observations in need not be who greets: an import, a stream."""
    maria = (await saw(graph, "email:maria@example.com!", "cookie:c-1?", given_name="maria")).person_id
    while await make_projector(graph, hot).step():
        pass
    await saw(graph, "cookie:c-1?", minutes=1)
    assert await outbox.unsettled(graph, "view", 0.0) == []
    await saw(graph, "cookie:c-1?", event="user.logged_out", minutes=2)
    assert await outbox.unsettled(graph, "view", 0.0) == [maria]


@pytest.mark.parametrize("is_away", [False, True], ids=["told", "away"])
async def test_whoever_was_erased_is_greeted_by_nobody_once_that_is_answered(
    page: httpx.AsyncClient, bearer: Headers, graph: Graph, hot: HotMemory, valkey: Child, is_away: bool
) -> None:
    """Before anything is carried; also by a Valkey that was frozen meanwhile, and comes back with what it held."""
    person = (await post(page, bearer, "email:maria@example.com!", "cookie:c-1?", traits=MARIA)).json()["person_id"]
    await greeted(page, graph, hot)
    assert valkey.process is not None
    if is_away:
        os.kill(valkey.process.pid, signal.SIGSTOP)
    try:
        # The first erasure of all has its statements planned, which a busy machine may take half a minute for.
        while (erased := await page.delete(f"/v1/persons/{person}", headers=bearer[Role.ADMIN])).status_code == 503:
            continue
    finally:
        os.kill(valkey.process.pid, signal.SIGCONT)
    assert erased.status_code == 202
    for _ in range(40):
        assert (await hello(page))[0] == {}
        await asyncio.sleep(0.05)
    while await make_projector(graph, hot).step():
        pass
    async with asyncio.timeout(60):
        while (await hello(page))[1] != "redis":  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_what_another_process_accepted_reaches_the_hot_memory_by_the_outbox(
    page: httpx.AsyncClient, graph: Graph, hot: HotMemory
) -> None:
    await saw(graph, "email:maria@example.com!", "cookie:c-1?", given_name="maria")
    await saw(graph, "email:maria@example.com!", "cookie:c-2?")
    await greeted(page, graph, hot)
    await make_projector(graph, hot).step()
    await hot.client.delete(visitor_key("c-1"), visitor_key("c-2"))
    for cookie in ("c-1", "c-2"):
        await greeted(page, graph, hot, cookie)
    await saw(graph, "email:carlos@example.com!", "cookie:c-1?", given_name="carlos")
    assert await outbox.backlog(graph) != outbox.Backlog(0, 0, 0.0)
    await make_projector(graph, hot).step()
    assert await held(hot) in (BARRED, None)
    assert (await hello(page))[0] == {}
    assert (await hello(page, "c-2"))[0]["first_name"] == "maria"
    # A name is news on every cookie of the view.
    await saw(graph, "email:maria@example.com!", given_name="maria jose", minutes=1)
    await make_projector(graph, hot).step()
    assert await held(hot, "c-2") in (BARRED, None)
    assert (await hello(page, "c-2"))[0]["first_name"] == "maria jose"


async def test_a_decision_changes_who_is_greeted_and_its_retraction_changes_it_back(
    page: httpx.AsyncClient, graph: Graph, hot: HotMemory
) -> None:
    maria = (await saw(graph, "email:maria@example.com!", "cookie:c-1?", given_name="maria")).person_id
    again = (await saw(graph, "email:m.lopez@example.com!", "cookie:c-1?", given_name="maria")).person_id
    assert await visitors.get_visitor(graph, "c-1") is None
    decision = (await join(graph, maria, again)).decision["id"]
    assert await visitors.get_visitor(graph, "c-1") == Visitor("maria")
    await make_projector(graph, hot).step()
    await greeted(page, graph, hot)
    await retract(graph, decision, "it was her sister", ANA)
    await make_projector(graph, hot).step()
    assert await held(hot) in (BARRED, None)
    assert (await hello(page))[0] == {}


async def test_who_is_not_greeted(graph: Graph) -> None:
    await campaigns.put(graph, "summer", NORTH, CampaignBody("Summer"))
    met: dict[str, Any] = {"event": "page.viewed", "target": "summer"}
    await saw(graph, "email:maria@example.com!", given_name="maria", family_name="lopez", **met)
    # Whoever types somebody's address is told nothing of them; who also says a name hears that name again.
    await saw(graph, "email:maria@example.com", "cookie:typed?")
    assert await visitors.get_visitor(graph, "typed") is None
    await saw(graph, "email:maria@example.com", "cookie:named?", given_name="maria jose")
    assert await visitors.get_visitor(graph, "named") == Visitor("maria jose")
    # A login is greeted, until it logs out; and greeted again when it logs in later.
    await saw(graph, "email:maria@example.com!", "cookie:home?", minutes=1)
    assert (await visitors.get_visitor(graph, "home")) == Visitor("maria", ("summer",))
    await saw(graph, "email:maria@example.com!", "cookie:home?", event="user.logged_out", minutes=2)
    assert await visitors.get_visitor(graph, "home") is None
    await saw(graph, "email:maria@example.com!", "cookie:home?", minutes=3)
    assert await visitors.get_visitor(graph, "home") is not None
    # So it does where the logout says the cookie alone, or a session that nobody logged in on: these are the device's.
    for minute, said in enumerate((("cookie:home?",), ("session:s-1?", "cookie:home?"))):
        await saw(graph, *said, event="user.logged_out", minutes=4 + 2 * minute)
        assert await visitors.get_visitor(graph, "home") is None
        await saw(graph, "email:maria@example.com!", "cookie:home?", minutes=5 + 2 * minute)
        assert await visitors.get_visitor(graph, "home") is not None
    # A cookie without a login is a device, and greets nobody.
    await saw(graph, "cookie:device?", given_name="maria", **met)
    assert await visitors.get_visitor(graph, "device") is None
    assert await visitors.get_visitor(graph, "no such") is None
    # The address of a list greets nobody either.
    await saw(graph, "email:info@example.com", "cookie:desk?")
    assert await visitors.get_visitor(graph, "desk") is None


@pytest.mark.parametrize(("first", "then"), [(0.0, 30.0), (1.0, 1.5)], ids=["in one minute", "in one second"])
@pytest.mark.parametrize("level", ["!", ""], ids=["logged in", "said here"])
async def test_a_correction_counts_however_soon_it_comes(graph: Graph, level: str, first: float, then: float) -> None:
    """As texts, 12:00Z comes after 12:00:30Z and 12:00:01Z after 12:00:01.5Z."""
    for seconds, name in ((first, "maria jose"), (then, "maria")):
        seen = await saw(graph, f"email:m@example.com{level}", "cookie:c-1?", minutes=seconds / 60, given_name=name)
    view = await get_view(graph, seen.person_id, EVERYTHING)
    given = view["traits"]["given_name"]
    assert (given["value"], [other["value"] for other in given["others"]]) == ("maria", ["maria jose"])
    assert await visitors.get_visitor(graph, "c-1") == Visitor("maria")


async def test_a_shared_cookie_greets_nobody(graph: Graph) -> None:
    await saw(graph, "email:maria@example.com!", "cookie:c-1?", given_name="maria")
    assert await visitors.get_visitor(graph, "c-1") is not None
    for status in ("suspected", "shared", "blocked"):
        await graph.run(STATUS, key="cookie:c-1", status=status)
        assert await visitors.get_visitor(graph, "c-1") is None


async def test_what_was_read_before_a_change_is_not_put_after_it(hot: HotMemory) -> None:
    """Readers that are slow, changes and entries of the outbox in any order."""
    await hot.put_visitor("c-1", b"before", 60)
    await hot.forget_visitors(["c-1", "c-2"])
    await hot.put_visitor("c-1", b"before", 60)
    await hot.put_visitor("c-2", b"before", 60)
    assert (await held(hot), await held(hot, "c-2")) == (BARRED, BARRED)
    assert 0 < await hot.client.pttl(visitor_key("c-1")) <= 5_000
    await hot.client.delete(visitor_key("c-1"))
    await hot.put_visitor("c-1", b"after", 60)
    await hot.put_visitor("c-1", b"another", 60)
    assert await held(hot) == b"after"
    assert await hot.clear() == 2


async def held(hot: HotMemory, cookie: str = "c-1") -> bytes | None:
    return (await hot.fetch([visitor_key(cookie)]))[0]


async def greeted(page: httpx.AsyncClient, graph: Graph, hot: HotMemory, cookie: str = "c-1") -> None:
    """Waits until the hot memory itself greets somebody on a cookie, as it does some seconds after a change.

    What is to be carried is carried before: a Valkey that was slow on a busy machine is doubted until then.
    """
    while await make_projector(graph, hot).step():
        pass
    await hot.client.delete(visitor_key(cookie))
    async with asyncio.timeout(60):
        while (said := await hello(page, cookie))[1] != "redis" or not said[0]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
