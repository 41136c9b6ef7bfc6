"""An upgrade from what really was: processes of an earlier commit, today's beside them, and what both wrote."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import ADMIN_KEY, EMPTY
from tests.factories import observed
from tests.live.instances import wait_for_async
from tests.live.older import VERSION, OlderWorker, build_older
from tests.live.running import Running
from vitograph import __version__
from vitograph.api.running.addresses import Addresses
from vitograph.graph.access.keys import Role
from vitograph.graph.deciding.log import verify_log
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import Recorded, record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.backup import restore
from vitograph.graph.publishing.campaigns import get
from vitograph.graph.queries import Statement
from vitograph.graph.schema import LIST_APPLIED, migrate, migrations
from vitograph.resolver.errors import Erased
from vitograph.resolver.publishing.campaigns import CampaignStatus

Headers = dict[str, str]
WITHIN = 120.0  # seconds
CONSTRAINTS = Statement("test/constraints", "SHOW CONSTRAINTS YIELD name RETURN name")
INDEXES = Statement("test/indexes", "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name")
NOTHING = Statement("test/nothing", "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 500 ROWS")
WAITING = Statement(
    "test/waiting",
    "RETURN COUNT { MATCH (p:Person) WHERE p.resolve_at IS NOT NULL } AS scored, COUNT { MATCH (:Outbox) } AS shown",
)
VIEWS = Statement("test/views", "MATCH (p:Person) RETURN p.view_id AS view, collect(p.id) AS persons")
RECORDED = Path(__file__).with_name("recorded")
CAMPAIGN = "/v1/campaigns/of-then"
MAIL, OTHER_MAIL, PHONE = "email:maria@example.com", "email:m.lopez@example.org", "phone:+34911222333"
MARIA = {"given_name": "Maria", "family_name": "Lopez", "date_of_birth": "1990-03-02"}


@pytest.fixture
async def bare(migrated: Graph) -> AsyncIterator[Graph]:
    """The graph of the session with no schema at all; it has its own again afterwards."""
    try:
        await migrated.run(NOTHING)
        for what, statement in (("CONSTRAINT", CONSTRAINTS), ("INDEX", INDEXES)):
            for row in await migrated.rows(statement):
                await migrated.run(Statement("test/drop", f"DROP {what} {row['name']} IF EXISTS"))
        yield migrated
    finally:
        await migrated.run(EMPTY)
        await migrate(migrated)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=60) as http:
        yield http


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_older(tmp_path_factory.mktemp("older"))


@dataclass(frozen=True, slots=True)
class Api:
    """An API as its callers use it."""

    http: httpx.AsyncClient
    address: str
    keys: dict[Role, Headers]

    async def ask(self, role: Role, method: str, path: str, *allowed: int, **request: Any) -> httpx.Response:
        """An answer, which is one of those allowed."""
        headers = self.keys[role] | request.pop("headers", {})
        answer = await self.http.request(method, self.address + path, headers=headers, **request)
        assert answer.status_code in allowed, f"{method} {path} -> {answer.status_code} {answer.text}"
        return answer

    async def post(self, id: str, identifiers: list[str], *allowed: int, **more: Any) -> dict[str, Any]:
        carried = [dict(zip(("kind", "value"), one.split(":", 1), strict=True)) for one in identifiers]
        body = {"id": id, "channel": "web_form", "occurred_at": "2026-11-01T10:00:00Z", "identifiers": carried} | more
        answer: dict[str, Any] = (await self.ask(Role.CHANNEL, "POST", "/v1/observations", *allowed, json=body)).json()
        return answer

    async def view(self, person: str) -> set[str]:
        found = await self.ask(Role.SPECIALIST, "GET", f"/v1/persons/{person}", 200)
        return {fragment["id"] for fragment in found.json()["fragments"]}

    async def tells_the_end(self) -> bool:
        """Whether a page of the campaign is told that it ended."""
        return bool((await self.http.get(f"{self.address}/hot/campaigns/of-then/status")).json()["status"] == "ended")

    async def version(self) -> str:
        return str((await self.http.get(f"{self.address}/openapi.json")).json()["info"]["version"])


async def enter(api: Api) -> None:
    """A key for each role, made by an administrator."""
    for role, more in ((Role.CHANNEL, {}), (Role.SPECIALIST, {}), (Role.MARKETING, {"department": "north"})):
        body = {"name": f"a {role}", "role": role} | more
        made = (await api.ask(Role.ADMIN, "POST", "/v1/keys", 201, json=body)).json()
        api.keys[role] = {"Authorization": f"Bearer {made['key']}"}


@dataclass(frozen=True, slots=True)
class Then:
    """What the older ViTo acknowledged: Maria twice, and what somebody said of them."""

    one: str
    two: dict[str, Any]
    decision: str

    @property
    def pair(self) -> set[str]:
        return {self.one, self.two["person_id"]}


async def live_then(old: Api) -> Then:
    """Maria comes twice and is said to be one; Leo is erased; a campaign is on."""
    await enter(old)
    await old.ask(Role.MARKETING, "PUT", CAMPAIGN, 201, json={"name": "Of then"})
    await old.ask(Role.MARKETING, "POST", f"{CAMPAIGN}/activate", 200)
    enrolled = {"type": "campaign.enrolled", "target_id": "of-then"}
    one = (await old.post("o-1", [MAIL, PHONE], 201, traits=MARIA, event=enrolled))["person_id"]
    two = await old.post("o-2", [OTHER_MAIL], 201, traits=MARIA)
    leo = (await old.post("o-3", ["email:leo@example.com"], 201))["person_id"]
    decision = await decide(old, {one, two["person_id"]})
    await old.ask(Role.ADMIN, "DELETE", f"/v1/persons/{leo}", 202)
    return Then(one, two, decision)


async def reads_what_was_written(new: Api, old: Api, then: Then) -> None:
    """Today's API answers from the graph of then as the older one does."""
    assert await new.view(then.one) == await old.view(then.one) == then.pair
    assert await new.post("o-2", [OTHER_MAIL], 200, traits=MARIA) == then.two
    await new.post("o-3", ["email:leo@example.com"], 410)
    assert (await new.ask(Role.SPECIALIST, "GET", "/v1/decisions/verify", 200)).json()["ok"]
    leads = (await new.ask(Role.MARKETING, "GET", f"{CAMPAIGN}/leads", 200)).json()["items"]
    assert [lead["event_id"] for lead in leads] == ["o-1"]


async def live_beside(new: Api, old: Api, then: Then, rests: Callable[[], Awaitable[bool]]) -> str:
    """What either of them writes is the other's too; who came third.

    They are scored before Maria is parted: a worker of then supersedes what another one wrote while it compared.
    """
    assert await old.post("o-4", [MAIL], 201) == await new.post("o-4", [MAIL], 200)
    third = await new.post("o-5", ["user_id:shop:1"], 201, traits=MARIA)
    assert await old.post("o-5", ["user_id:shop:1"], 200, traits=MARIA) == third
    await wait_for_async(rests, WITHIN)
    await new.ask(Role.SPECIALIST, "POST", f"/v1/decisions/{then.decision}/retract", 201, json={"reason": "not she"})
    assert await old.view(then.one) == {then.one}
    await new.ask(Role.MARKETING, "POST", f"{CAMPAIGN}/end", 200)
    for api in (old, new):
        await wait_for_async(api.tells_the_end, WITHIN)
    return str(third["person_id"])


async def decide(api: Api, pair: set[str]) -> str:
    """Somebody says that these two are the same, as soon as they are proposed; the id of the decision."""
    found: list[str] = []

    async def is_queued() -> bool:
        items = (await api.ask(Role.SPECIALIST, "GET", "/v1/candidates?limit=100", 200)).json()["items"]
        found[:] = [item["id"] for item in items if {item["left"], item["right"]} == pair]
        return bool(found)

    await wait_for_async(is_queued, WITHIN)
    path = f"/v1/candidates/{found[0]}"
    body = {"verdict": "same", "reason": "it is she"}
    while True:
        tag = {"If-Match": (await api.ask(Role.SPECIALIST, "GET", path, 200)).headers["ETag"]}
        decided = await api.ask(Role.SPECIALIST, "POST", f"{path}/decisions", 201, 412, json=body, headers=tag)
        if decided.status_code == 201:  # else it was scored again since it was read
            return str(decided.json()["id"])


async def found(graph: Graph) -> list[str]:
    """What the audit finds. The older worker takes persons off keys that it does not know; the keys propose nobody."""
    return [id for finding in await audit(graph) for id in finding.ids if not id.startswith("blocking key ")]


async def test_todays_processes_join_those_of_an_older_vito_and_then_replace_them(
    bare: Graph, backend: Addresses, tmp_path: Path, older: Path, http: httpx.AsyncClient
) -> None:
    then = {"PYTHONPATH": str(older)}
    keys = {Role.ADMIN: {"Authorization": f"Bearer {ADMIN_KEY}"}}

    async def rests() -> bool:
        return not any((await bare.rows(WAITING))[0].values())

    async with Running("serve", backend, tmp_path, **then) as serving, OlderWorker("worker", backend, tmp_path, **then):
        old = Api(http, serving.address, keys)
        assert await old.version() == VERSION
        before = await live_then(old)
        async with Running("serve", backend, tmp_path) as beside, Running("worker", backend, tmp_path):
            new = Api(http, beside.address, keys)
            assert await new.version() == __version__
            assert {one.number for one in migrations()} <= {row["number"] for row in await bare.rows(LIST_APPLIED)}
            await reads_what_was_written(new, old, before)
            third = await live_beside(new, old, before, rests)
            await serving.end()
            await decide(new, {before.one, third})
            assert await new.view(third) == {before.one, third}
            await wait_for_async(rests, WITHIN)
    assert await found(bare) == []
    # And back: the older one starts on what the newer one left.
    async with Running("serve", backend, tmp_path, **then) as again:
        old = Api(http, again.address, keys)
        assert await old.view(third) == {before.one, third}
        await old.post("o-6", [MAIL], 201)
    assert await found(bare) == []


async def test_what_an_older_vito_backed_up_is_restored(graph: Graph) -> None:
    """Made by `vito backup` of that commit after `live_then`; so it is there where the history is not."""
    await restore(RECORDED, graph)
    [joined] = [row["persons"] for row in await graph.rows(VIEWS)]
    assert len(joined) == 2
    assert await audit(graph) == []
    assert (await verify_log(graph)).broken is None
    assert (await get(graph, "of-then")).status is CampaignStatus.ACTIVE
    late, known = await record(graph, [observed("email:leo@example.com", id="o-3"), observed(f"{MAIL}!", id="o-7")])
    assert isinstance(late, Erased)
    assert isinstance(known, Recorded)
    assert known.person_id in joined
