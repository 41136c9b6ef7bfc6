"""Making one graph, starting ViTo on it, and asking it what people ask."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from random import Random

import httpx
import psutil

from benchmarks.instance import Running, run_vito
from benchmarks.load.__main__ import name_of
from benchmarks.online.happenings import DEPARTMENT, campaign_id
from benchmarks.online.observing import Site, open_site
from benchmarks.online.seeding import PER_HOME, person_id
from benchmarks.online.town import double, household
from benchmarks.shares import at_share
from vitograph.graph.queries import Statement

Figures = dict[str, float]

ASKED = 200  # of each question
SCORED = 100
COUNT = Statement(
    "bench/count",
    "RETURN COUNT { (:Person) } AS persons, COUNT { (:Identifier) } AS identifiers, COUNT { (:Event) } AS events, "
    "COUNT { ()-->() } AS relationships",
)


async def measure(folder: Path, persons: int, events: int) -> Figures:
    """The figures of one size: seconds, MB and milliseconds, as their names say."""
    figures: Figures = {}
    began = time.perf_counter()
    async with open_site(folder, persons, events) as site:
        figures["s to write, import and index"] = time.perf_counter() - began
        figures |= {name: float(value) for name, value in (await site.graph.rows(COUNT, wall_clock=600.0))[0].items()}
        await score(site, figures)
    figures["MB on disk"] = size_of(folder / "neo4j/data") / 1e6
    with ExitStack() as up:
        began = time.perf_counter()
        vito = up.enter_context(run_vito(folder, 0))
        figures["s until ready"] = time.perf_counter() - began
        ask(vito, round(persons / PER_HOME), figures)
        for process in psutil.Process(vito.instance["pid"]).children(recursive=True):
            figures[f"MB of {name_of(process)}"] = process.memory_info().rss / 1e6
    return {name: round(value, 2) for name, value in figures.items()}


async def score(site: Site, figures: Figures) -> None:
    """One observation after the other, each recorded and scored before the next comes."""
    await site.observe(SCORED // 2)
    site.measured.taken.clear()
    await site.observe(SCORED)
    for share in (50, 95):
        figures[f"ms to score and enqueue, p{share}"] = site.measured.quantile(share / 100)


def ask(vito: Running, homes: int, figures: Figures) -> None:
    """What is asked over HTTP, of somebody else each time."""
    random = Random(1)
    keys = {
        "channel": vito.make_key("form", "channel"),
        "specialist": vito.make_key("Ana", "specialist"),
        "marketing": vito.make_key("north", "marketing", DEPARTMENT),
    }
    with ExitStack() as stack:
        clients = {role: stack.enter_context(vito.client(key)) for role, key in keys.items()}

        def somebody() -> str:
            return person_id(random.randrange(homes), 0)

        questions: dict[str, Callable[[], httpx.Response]] = {
            "a view": lambda: clients["specialist"].get(f"/v1/persons/{somebody()}"),
            "a timeline": lambda: clients["specialist"].get(f"/v1/persons/{somebody()}/timeline"),
            "by an identifier": lambda: clients["specialist"].get(
                "/v1/persons", params={"identifier": key_of(random, homes)}
            ),
            "a page of the queue": lambda: clients["specialist"].get("/v1/candidates?limit=50"),
            "an observation": lambda: clients["channel"].post("/v1/observations", json=observation(random, homes)),
            "a page of leads": lambda: clients["marketing"].get(
                f"/v1/campaigns/{campaign_id(random.randrange(1_000))}/leads?limit=50"
            ),
            "a hot read": lambda: clients["channel"].get(
                f"/hot/campaigns/{campaign_id(random.randrange(1_000))}/status"
            ),
        }
        for name, question in questions.items():
            taken = [seconds_of(question) for _ in range(ASKED + ASKED // 10)][ASKED // 10 :]
            for share in (50, 95):
                figures[f"ms for {name}, p{share}"] = at_share(taken, share / 100) * 1_000


def seconds_of(question: Callable[[], httpx.Response]) -> float:
    """How long an answer takes, which must be one."""
    began = time.perf_counter()
    answer = question()
    taken = time.perf_counter() - began
    answer.raise_for_status()
    return taken


def key_of(random: Random, homes: int) -> str:
    """An identifier of somebody who is there."""
    return next(household(random.randrange(homes))).carried[0].identifier.key


def observation(random: Random, homes: int) -> dict[str, object]:
    """Of somebody who is there, under a new account."""
    someone = double(next(household(random.randrange(homes))), f"asked-{random.getrandbits(64):x}", random)
    traits = {"given_name": someone.traits.given_name, "family_name": someone.traits.family_name}
    return {
        "channel": "web_form",
        "identifiers": [
            {"kind": one.identifier.kind, "value": one.identifier.value, "assurance": one.assurance.label}
            for one in someone.carried
        ],
        "traits": traits | ({"date_of_birth": born} if (born := someone.traits.date_of_birth) else {}),
    }


def size_of(folder: Path) -> int:
    """Bytes of all files in it."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
