"""Everything that can be asked of ViTo over HTTP, in any order, beside a model of what it must answer."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, ClassVar, TypeVar

import httpx
from hypothesis import assume, note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tests.chaos.model import LEVELS, Model
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement

COUNT_EVENTS = Statement("chaos/count_events", "MATCH (e:Event) RETURN count(e) AS count")

T = TypeVar("T")
Body = dict[str, Any]

KEYS = (
    "email:a@example.com!", "email:b@example.com", "email:c@example.org", "email:d@example.org!", "phone:+4930111111",
    "phone:+4930222222", "user_id:crm:1!", "user_id:crm:2!", "user_id:crm:3!", "cookie:c-1?", "cookie:c-2?",
    "session:s-1?",
)  # fmt: skip
ASSURANCES = {"!": "verified", "?": "observed"}
PEOPLE = (
    ("Maria", "Lopez", "1990-03-02"), ("Mario", "Lopez", "1990-03-02"), ("Peter", "Schmidt", "1955-05-17"), None
)  # fmt: skip
UNFIT: tuple[Any, ...] = (
    {}, [], None, "text", {"channel": "web"}, {"channel": "web", "identifiers": []},
    {"channel": "Web Form", "identifiers": [{"kind": "email", "value": "a@example.com"}]},
    {"channel": "web", "identifiers": [{"kind": "email", "value": "nobody"}]},
    {"channel": "web", "identifiers": [{"kind": "phone", "value": "12"}]},
    {"channel": "web", "identifiers": [{"kind": "email", "value": "a@example.com"}], "occurred_at": "soon"},
    {"channel": "web", "identifiers": [{"kind": "email", "value": "a@example.com"}], "extra": 1},
    {"channel": "web", "identifiers": [{"kind": "email", "value": "a\x00@example.com"}]},
)  # fmt: skip
VERDICTS = ("same", "same", "same", "different", "household", "shared_identifier", "unsure")
SPECIALISTS = ("ana", "ben", "eve")

some = st.integers(0, 999)
ids = itertools.count()


@dataclass
class Rig:
    """The servers, as the machine reaches them from its thread. `wait`: until nothing waits to be scored."""

    http: httpx.Client
    keys: dict[str, dict[str, str]]
    run: Callable[[Coroutine[Any, Any, Any]], Any]
    begin: Callable[[], Coroutine[Any, Any, None]]
    settle: Callable[[], Coroutine[Any, Any, list[str]]]
    count_events: Callable[[], Coroutine[Any, Any, int]]
    look: Callable[[], Coroutine[Any, Any, list[str]]]
    steps: int = 0
    asked: int = field(default=0)


class Outside(RuleBasedStateMachine):
    """People, channels, specialists, marketing and an administrator; one of them at a time."""

    rig: ClassVar[Rig]

    @initialize()
    def begin(self) -> None:
        self.model = Model()
        self.touched: list[str] = []
        self.rig.run(self.rig.begin())

    def ask(self, who: str, method: str, path: str, *allowed: int, **request: Any) -> httpx.Response:
        """The answer; its status is one of those allowed."""
        self.rig.asked += 1
        headers = self.rig.keys[who] | request.pop("headers", {})
        answer = self.rig.http.request(method, path, headers=headers, **request)
        note(f"{who}: {method} {path} {request.get('json', '')} -> {answer.status_code} {answer.text[:200]}")
        assert answer.status_code in allowed, f"{method} {path} -> {answer.status_code} {answer.text}"
        return answer

    def one_of(self, things: list[T], choice: int) -> T:
        assume(things)
        return things[choice % len(things)]

    @rule(
        carried=st.lists(st.sampled_from(KEYS), min_size=1, max_size=3, unique=True),
        who=st.sampled_from(PEOPLE),
        day=st.one_of(st.none(), st.integers(1, 28)),
        towards=st.one_of(st.none(), some),
    )
    def observe(
        self, carried: list[str], who: tuple[str, str, str] | None, day: int | None, towards: int | None
    ) -> None:
        """What happens now is taken in; what happened last year is not, if it may speak of somebody erased since."""
        at = dt.datetime.now(dt.UTC) if day is None else dt.datetime(2025, 2, day, 10, tzinfo=dt.UTC)
        body: Body = {"id": f"w-{next(ids)}", "channel": "web", "occurred_at": at.isoformat()}
        body["identifiers"] = [_identifier(key) for key in carried]
        if who is not None:
            body["traits"] = dict(zip(("given_name", "family_name", "date_of_birth"), who, strict=True))
        if towards is not None and self.model.campaigns:
            campaign = self.one_of(list(self.model.campaigns), towards)
            body["event"] = {"type": "campaign.enrolled", "target_id": campaign}
        allowed = (201,) if day is None or not self.model.may_be_late(body) else (201, 410)
        said = self.ask("web", "POST", "/v1/observations", *allowed, json=body)
        if said.status_code == 410:
            return
        answer = said.json()
        assert answer["event_id"] == body["id"]
        assert answer["rule"] in ("A1", "A2", "A3", "A4", "A5", "A6")
        assert answer["person_id"] not in self.model.erased - self.model.devices
        self.model.observe(body, answer)
        self.touched = [answer["person_id"]]

    @rule(choice=some)
    def repeat(self, choice: int) -> None:
        id = self.one_of(list(self.model.posted), choice)
        answer = self.ask("web", "POST", "/v1/observations", 200, 410, json=self.model.posted[id])
        assert (answer.status_code == 410) == (id in self.model.gone)
        if answer.status_code == 200:
            assert answer.json() == self.model.answers[id]
            assert answer.headers["Idempotent-Replayed"] == "true"

    @rule(choice=some)
    def reuse_an_id(self, choice: int) -> None:
        id = self.one_of(list(self.model.posted), choice)
        body = {**self.model.posted[id], "channel": "other"}
        self.ask("web", "POST", "/v1/observations", 410 if id in self.model.gone else 409, json=body)

    @rule(body=st.sampled_from(UNFIT))
    def post_what_is_unfit(self, body: Any) -> None:
        self.ask("web", "POST", "/v1/observations", 400, 422, json=body)

    @rule(choice=some, verdict=st.sampled_from(VERDICTS), who=st.sampled_from(SPECIALISTS), kind=st.booleans())
    def decide(self, choice: int, verdict: str, who: str, kind: bool) -> None:
        assert self.rig.run(self.rig.settle()) == []
        queue = f"/v1/candidates?limit=100&kind={'person' if kind else 'device'}"
        item = self.one_of(self.ask(who, "GET", queue, 200).json()["items"], choice)
        path = f"/v1/candidates/{item['id']}"
        tag = {"If-Match": self.ask(who, "GET", path, 200).headers["ETag"]}
        body = {"verdict": verdict, "reason": "as it was drawn"}
        allowed = (201, 202, 409) if verdict == "same" else (201, 422) if verdict == "shared_identifier" else (201,)
        answer = self.ask(who, "POST", f"{path}/decisions", *allowed, json=body, headers=tag)
        if answer.is_success:
            self.model.decide(item, answer.json(), pending=answer.status_code == 202)
            self.ask(who, "POST", f"{path}/decisions", 412, json=body, headers=tag)
        self.touched = [item["left"], item["right"]]

    @rule(choice=some, who=st.sampled_from(SPECIALISTS))
    def confirm(self, choice: int, who: str) -> None:
        decision = self.one_of(list(self.model.pending), choice)
        answer = self.ask(who, "POST", f"/v1/decisions/{decision}/confirm", 201, 403, 409)
        self.touched = [self.model.pending[decision][1].left]
        if answer.is_success:
            self.model.confirm(decision)

    @rule(choice=some, who=st.sampled_from(SPECIALISTS), keep_apart=st.booleans())
    def retract(self, choice: int, who: str, keep_apart: bool) -> None:
        known = {effect.decision: effect for effect in self.model.effects.values()}
        known |= {decision: effect for decision, (_, effect) in self.model.pending.items()}
        decision = self.one_of(list(known), choice)
        body = {"reason": "as it was drawn", "keep_apart": keep_apart}
        answer = self.ask(who, "POST", f"/v1/decisions/{decision}/retract", 201, 409, json=body)
        if answer.is_success:
            self.model.retract(answer.json()["retracted"])
        self.touched = [known[decision].left, known[decision].right]

    @rule(choice=some)
    def erase(self, choice: int) -> None:
        person = self.one_of(self.model.persons, choice)
        view = self.model.view(person)
        self.ask("admin", "DELETE", f"/v1/persons/{person}", 202)
        self.model.entries += 1
        self.model.erase(view)
        # Their devices go with them, and nobody else does.
        lone = {one for one in self.model.persons if self.ask("ana", "GET", f"/v1/persons/{one}", 200, 410).is_error}
        assert lone <= self.model.devices, "somebody else was erased"
        self.model.erase(lone)
        self.ask("admin", "DELETE", f"/v1/persons/{person}", 410)

    @rule()
    def make_a_campaign(self) -> None:
        id = f"w-{next(ids)}"
        assert self.ask("north", "PUT", f"/v1/campaigns/{id}", 201, json={"name": "Summer"}).json()["status"] == "draft"
        self.model.campaigns[id] = 0

    @rule(choice=some, ends=st.booleans())
    def move_a_campaign(self, choice: int, ends: bool) -> None:
        """One step on; one that is there already stays so."""
        id = self.one_of(list(self.model.campaigns), choice)
        level = 2 if ends else 1
        may = self.model.campaigns[id] in (level - 1, level)
        self.ask("north", "POST", f"/v1/campaigns/{id}/{'end' if ends else 'activate'}", 200 if may else 409)
        if may:
            self.model.campaigns[id] = level

    @rule(choice=some)
    def read_leads(self, choice: int) -> None:
        """Who enrolled while it was active is among them, as the view that they are in; nobody else is."""
        id = self.one_of(list(self.model.campaigns), choice)
        for lead in self.ask("north", "GET", f"/v1/campaigns/{id}/leads?limit=500", 200).json()["items"]:
            assert self.model.posted[lead["event_id"]]["event"]["target_id"] == id
            assert lead["event_id"] not in self.model.gone

    @invariant()
    def views_are_what_was_decided(self) -> None:
        for person in self.touched:
            if person in self.model.erased:
                self.ask("ana", "GET", f"/v1/persons/{person}", 410)
                continue
            answer = self.ask("ana", "GET", f"/v1/persons/{person}", 200).json()
            assert {one["id"] for one in answer["fragments"]} == self.model.view(person)
            self.model.devices |= {one["id"] for one in answer["fragments"] if one["kind"] == "device"}

    @invariant()
    def the_log_and_the_events_are_as_many_as_were_acknowledged(self) -> None:
        self.rig.steps += 1
        if not hasattr(self, "model"):
            return
        log = self.ask("ana", "GET", "/v1/decisions/verify", 200).json()
        assert (log["ok"], log["entries"]) == (True, self.model.entries)
        assert self.rig.run(self.rig.count_events()) == len(self.model.living)

    @invariant()
    def hot_reads_say_what_campaigns_are(self) -> None:
        for id in list(self.model.campaigns)[-2:]:
            said = self.ask("ana", "GET", f"/hot/campaigns/{id}/status", 200).json()["status"]
            assert said == LEVELS[self.model.campaigns[id]]

    def teardown(self) -> None:
        """At the end of a run: everybody is where the model says, and the audit is clean."""
        if not hasattr(self, "model"):
            return
        assert self.rig.run(self.rig.settle()) == []
        self.touched = [*self.model.persons, *self.model.erased]
        self.views_are_what_was_decided()
        assert self.rig.run(self.rig.look()) == []


def _identifier(key: str) -> Body:
    kind, _, value = key.partition(":")
    assurance = ASSURANCES.get(value[-1], "asserted")
    return {"kind": kind, "value": value.rstrip("!?"), "assurance": assurance}


async def count_events(graph: Graph) -> int:
    """How many events a graph holds."""
    return int((await graph.rows(COUNT_EVENTS))[0]["count"])
