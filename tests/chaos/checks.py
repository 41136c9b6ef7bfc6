"""What must be true after a round: all came back by itself, and nothing that was acknowledged is otherwise."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace
from pathlib import Path

import httpx

from tests.chaos.acknowledged import LEVELS, Acknowledged, find_wrong_decisions, find_wrong_events
from tests.chaos.crowd import Crowd
from tests.chaos.erased import Gone, find_traces, find_wrong_answers, find_wrong_erasures, read_gone
from tests.chaos.instance import Instance
from tests.conftest import EMPTY
from tests.wagtail import Site
from vitograph.api.cli.audit import report
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.digest import lines
from vitograph.graph.keeping.replay import fingerprint, replay
from vitograph.graph.queries import Statement
from vitograph.resolver.errors import VitoError

COME_BACK_WITHIN = 400.0  # seconds; some on a quiet machine
WAITING = Statement(
    "chaos/waiting",
    """
    RETURN COUNT { MATCH (p:Person) WHERE p.resolve_at IS NOT NULL } AS to_score,
           COUNT { MATCH (:Outbox) } AS to_project,
           COUNT { MATCH (d:Delivery) WHERE d.status <> 'done' AND NOT (d.status = 'waiting' AND d.attempts = 0
                   AND d.state IN ['live', 'gone', 'waiting'] AND d.next_at > datetime()
                   AND coalesce(d.tried, 0) >= d.version) } AS to_deliver
    """,
)


async def come_back(instance: Instance, graph: Graph | None = None) -> list[str]:
    """Waits until the API serves and nothing waits any more; what still does when the patience is over.

    `graph`: a connection that is open already.
    """
    waits: object = "the API does not serve"
    try:
        async with asyncio.timeout(COME_BACK_WITHIN):
            while True:
                try:
                    waits = await _look(graph) if graph else await _connect(instance)
                    if not waits:
                        return []
                except (httpx.HTTPError, VitoError, OSError) as error:
                    waits = repr(error)
                await asyncio.sleep(0.1)
    except TimeoutError:
        return [f"it did not come back within {COME_BACK_WITHIN:g} s: {waits}"]


async def _connect(instance: Instance) -> object:
    async with httpx.AsyncClient(trust_env=False, timeout=5.0) as http:
        if (await http.get(f"{instance.url}/readyz")).status_code != 200:
            return "the API does not serve"
    async with instance.graph() as graph:
        return await _look(graph)


async def _look(graph: Graph) -> object:
    """How much waits; nothing when none does."""
    waits = (await graph.rows(WAITING))[0]
    return waits if any(waits.values()) else None


async def find_wrong(instance: Instance, crowd: Crowd, told: Acknowledged, places: Places, target: Graph) -> list[str]:
    """Everything that is not as it must be."""
    async with instance.graph() as graph:
        wrong = [line for line in report(await audit(graph)) if not line.startswith("ok")]
        gone = await read_gone(graph, told)
        wrong += await find_wrong_events(graph, told, gone.events)
        wrong += await find_wrong_decisions(graph, told)
        wrong += await find_wrong_erasures(graph, told, gone)
        wrong += await _replayed_posts(crowd, told, gone)
        wrong += await find_wrong_answers(crowd, told, gone)
        wrong += await find_traces(instance, graph, gone)
        wrong += await _campaigns(crowd, told, places)
        wrong += await _evidence(crowd, told)
        wrong += await find_replay_differences(graph, replace(target, seal=graph.seal))
    return wrong


class Places:
    """Where campaigns stand outside: a folder of files, and the pages of a CMS."""

    def __init__(self, folder: Path, site: Site) -> None:
        self.folder = folder
        self.site = site

    async def shows(self, id: str) -> tuple[bool, bool]:
        """Whether a campaign is in the folder, and at the CMS."""
        status, _ = await self.site.read(id)
        return (self.folder / "campaigns" / f"{id}.json").exists(), status == 200


async def _replayed_posts(crowd: Crowd, told: Acknowledged, gone: Gone) -> list[str]:
    """What was acknowledged in this round is posted once more: the same answer, or 410, and no other event."""
    wrong = []
    for id in told.fresh:
        known = told.posts[id]
        nonce, _, first = known.answers[0]
        body = known.sent[nonce]
        answer = await crowd.hear("POST", "/v1/observations", "web", json=body)
        if id in gone.events:
            if answer.status_code != 410:
                wrong.append(f"event {id} was erased, and is replayed as {answer.status_code}")
        elif answer.status_code != 200 or answer.json() != first:
            wrong.append(f"event {id} was replayed as {answer.status_code} {answer.text}, was {first}")
        elif answer.headers.get("Idempotent-Replayed") != "true":
            wrong.append(f"event {id} was replayed without saying so")
    return wrong


async def _campaigns(crowd: Crowd, told: Acknowledged, places: Places) -> list[str]:
    wrong = []
    for id, (least, most) in sorted(told.campaigns.items()):
        answer = await crowd.hear("GET", f"/v1/campaigns/{id}", "north")
        status = answer.json().get("status") if answer.is_success else None
        level = -1 if status is None else LEVELS.index(status)
        if not least <= level <= most:
            wrong.append(f"campaign {id} is {status}, but at least {least} and at most {most} of {LEVELS}")
        for part in ("", "/status"):
            hot = await crowd.hear("GET", f"/hot/campaigns/{id}{part}")
            if hot.json()["status"] != (status or "unknown"):
                wrong.append(f"campaign {id} is {status}; the hot read says {hot.text}")
        if await places.shows(id) != (status == "active",) * 2:
            wrong.append(f"campaign {id} is {status}; folder and CMS show {await places.shows(id)}")
    return wrong


async def _evidence(crowd: Crowd, told: Acknowledged) -> list[str]:
    wrong = []
    for sha256, content in told.evidence.items():
        answer = await crowd.hear("GET", f"/v1/evidence/{sha256}", "ana")
        if not answer.is_success or answer.content != content or hashlib.sha256(content).hexdigest() != sha256:
            wrong.append(f"evidence {sha256} was acknowledged and is {answer.status_code}")
    return wrong


async def find_replay_differences(graph: Graph, target: Graph) -> list[str]:
    """The graph that the logs tell is the graph."""
    await target.run(EMPTY)
    await replay(graph, target)
    theirs, ours = await fingerprint(graph), await fingerprint(target)
    if theirs == ours:
        return []
    there, here = {line async for line in lines(graph)}, {line async for line in lines(target)}
    differing = [f"the graph alone: {line!r}" for line in sorted(there - here)]
    differing += [f"the replay alone: {line!r}" for line in sorted(here - there)]
    return [f"the replay differs: {theirs} / {ours}", *differing]
