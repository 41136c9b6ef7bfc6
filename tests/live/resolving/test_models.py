"""Models on the real graph: trained, compared, promoted by a person, followed by the worker, taken back."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock

import httpx
import pytest
from typer.testing import CliRunner

from benchmarks.world import build
from tests.deciding import ANA, CANDIDATE, EDGES, join, person, propose, retract, saw, say
from tests.factories import NOON, observed
from vitograph.api.cli import app as vito
from vitograph.api.cli.train import told
from vitograph.api.settings import Settings
from vitograph.api.worker import keep_house
from vitograph.graph.access.keys import Caller, Role, create_key
from vitograph.graph.deciding.decisions import Said, decide
from vitograph.graph.deciding.log import last_seq, list_decisions, verify_log
from vitograph.graph.deciding.queue import FIRST, Filter, list_queue
from vitograph.graph.driver import Graph, Row
from vitograph.graph.intake.observations import record
from vitograph.graph.keeping.audit import audit
from vitograph.graph.queries import Statement
from vitograph.graph.resolving.models import (
    find_model,
    get_version,
    list_models,
    live_model,
    read_model,
    record_comparison,
    record_model,
)
from vitograph.graph.resolving.population import load_population
from vitograph.graph.resolving.resolution import Resolver
from vitograph.graph.training import promotion, verdicts
from vitograph.graph.training.comparing import BATCH, EVERYBODY, compare_models
from vitograph.graph.training.fitting import train
from vitograph.graph.training.promotion import promote
from vitograph.graph.training.verdicts import list_decided
from vitograph.ingest.observations import parse
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.errors import Conflict, Forbidden, InvalidInput, StaleVersion, UnknownThing, WrongState
from vitograph.resolver.model import Observation
from vitograph.resolver.scoring.evidence import odds
from vitograph.resolver.scoring.parameters import Level, Model, with_levels
from vitograph.resolver.scoring.parameters_json import dump_model, load_model
from vitograph.resolver.training.em import chances_of_one

Headers = dict[Role, dict[str, str]]
ADMIN = Caller("k-admin", "the admin", Role.ADMIN)
LONG_AGO = -3 * 365 * 24 * 60.0  # minutes: before every verdict, whatever the clock says
MARIA = {"given_name": "maria", "family_name": "lopez", "date_of_birth": "1990-03-02"}
OLD = Statement(
    "test/old", "MATCH (m:Model {name: $name}) SET m.compared_at = datetime() - duration({days: 8}) RETURN m.name"
)
MODELS_OF = Statement(
    "test/models_of",
    "MATCH (c:Candidate) WHERE c.status <> 'superseded' RETURN DISTINCT c.model AS model ORDER BY model",
)
EXPLORED = Statement(
    "test/explored",
    "MATCH (c:Candidate {status: 'open', band: '-'}) RETURN c.id AS id, c.propensity AS propensity, c.p_same AS p",
)


def stricter(name: str, bits: float = 6.0) -> Model:
    """The default model in which an equal phone number hardly speaks against a household."""
    model = load_model()
    phone = model.comparisons["phone"]
    equal = replace(phone.levels["equal"], m=phone.levels["equal"].m / 2**bits)

    return replace(with_levels(model, {("phone", "equal"): Level.of(equal.m, equal.h, equal.u)}), name=name)


async def draft(graph: Graph, model: Model) -> str:
    """Keeps a model and compares it with the live one, as `vito model compare` does; its name."""
    await record_model(graph, model, "a test", load_model().name, {})
    await compared(graph, model.name)
    return model.name


async def compared(graph: Graph, name: str) -> dict[str, Any]:
    version, live = await get_version(graph, name), await live_model(graph)
    report = {**version.report, "comparison": await compare_models(graph, version.model, live)}
    await record_comparison(graph, name, live.name, report)
    return report["comparison"]


def word(chance: random.Random, syllables: int) -> str:
    return "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(syllables))


def doubles(count: int, seed: int = 1) -> list[Observation]:
    """Pairs of accounts: half of them one person (name, birth date and phone agree), half of them two people of one
    name and birth year. Nobody is born on a 1st, for 1 January may be nobody's date.
    """
    chance = random.Random(seed)
    found = []
    for n in range(count):
        born = f"{chance.randint(1940, 2005)}-{chance.randint(1, 12):02}-{chance.randint(2, 28):02}"
        other = f"{born[:5]}{int(born[5:7]) % 12 + 1:02}-{born[8:]}"
        name = {"given_name": word(chance, 3), "family_name": word(chance, 4)}
        phone = [f"phone:+346{n:08}"] if n % 2 else []
        for account, date in (("a", born), ("b", born if n % 2 else other)):
            found.append(observed(f"user_id:shop:{n}{account}!", *phone, minutes=LONG_AGO, **name, date_of_birth=date))
    return found


async def post(graph: Graph, observations: Sequence[Observation]) -> None:
    for start in range(0, len(observations), 200):
        await record(graph, observations[start : start + 200])


async def judge_all(graph: Graph) -> None:
    """Decides the whole queue through the statements that every decision goes through: one phone is one person."""
    turn = asyncio.Semaphore(8)

    async def one(item: Row) -> None:
        same = item["left_identifier"] == item["right_identifier"]
        async with turn:
            said = Said(Verdict.SAME if same else Verdict.DIFFERENT, "asked")
            await decide(graph, item["id"], said, ANA, item["version"])

    items = await list_queue(graph, Filter("open", "person"), FIRST, 5_000)
    await asyncio.gather(*(one(item) for item in items))


async def test_the_packaged_model_is_live_on_a_fresh_graph(graph: Graph) -> None:
    assert await live_model(graph) is load_model()
    [row] = await list_models(graph)
    assert (row["name"], row["status"]) == ("default-1", "live")
    assert (await get_version(graph, "default-1")).model == load_model()
    assert await find_model(graph, "nobody") is None
    with pytest.raises(UnknownThing, match="there is no model 'nobody'"):
        await get_version(graph, "nobody")


@pytest.mark.parametrize("people", [0, 1, 2])
async def test_training_on_hardly_anybody_gives_a_model_and_says_so(graph: Graph, people: int) -> None:
    await post(graph, [observed(f"user_id:shop:{n}!", **MARIA) for n in range(people)])
    await Resolver(graph, load_model()).finish()
    trained = await train(graph)
    await record_model(graph, trained.model, "a test", trained.parent, trained.report)
    assert (await get_version(graph, "trained-1")).model == trained.model
    assert not trained.model.calibrated
    with pytest.raises(Conflict, match="'trained-1' already"):
        await train(graph, "trained-1")
    lines = told({"model": trained.model.name, "parent": trained.parent, **trained.report})
    assert "Too few verdicts (500 of either kind are needed): trained without labels, not calibrated." in lines


async def test_the_demo_world_trains_without_labels_and_its_model_can_be_promoted(graph: Graph) -> None:
    world = build(60, 3)
    await post(graph, [parse(body, received_at=NOON, default_region=None) for body in world.observations])
    await Resolver(graph, load_model()).finish()
    trained = await train(graph)
    assert trained.report["trained"]["random_pairs"] > 1_000
    assert trained.model != replace(load_model(), name="trained-1"), "something was learnt"
    report = await draft_and_report(graph, trained.model)
    assert report["views"] > BATCH, "several batches bring the same pair"
    assert trained.report["trained"]["pairs"] == report["pairs"], "a pair is counted once"
    name = trained.model.name
    await promote(graph, name, ANA)
    resolver = Resolver(graph, load_model())
    while (await resolver.step()).persons:
        pass
    waiting = {row["model"] for row in await graph.rows(MODELS_OF)}
    assert waiting == {name}
    again = (await train(graph)).model
    for key, chance in chances_of_one(trained.model).items():
        assert chances_of_one(again)[key] == pytest.approx(chance), f"{key}: trained on the same, it learns the same"
    assert await audit(graph) == []


async def test_a_thousand_verdicts_calibrate_and_open_band_a(graph: Graph) -> None:
    await post(graph, doubles(1_040))
    await Resolver(graph, load_model()).finish()
    await judge_all(graph)
    trained = await train(graph)
    said = trained.report["trained"]
    assert said["same"] >= 500
    assert said["apart"] >= 500
    assert trained.model.calibrated
    assert trained.model.calibration is not None
    assert (trained.model.calibration.same, trained.model.calibration.apart) == (said["same"], said["apart"])
    assert trained.model.bands["A"] < 1
    report = await draft_and_report(graph, trained.model)
    verdicts = report["verdicts"]
    assert verdicts["new"]["same_agreed"] == verdicts["new"]["same"] == said["same"]
    assert verdicts["new"]["apart_agreed"] > verdicts["live"]["apart_agreed"], "it learnt what they say of namesakes"
    await promote(graph, trained.model.name, ANA)
    # A pair scored from now on shows a calibrated chance; its waterfall adds up as before.
    await post(graph, [observed(f"user_id:new:{n}!", "phone:+34699999999", **MARIA) for n in range(2)])
    resolver = Resolver(graph, load_model())
    await resolver.step()
    await resolver.finish()
    queue = await list_queue(graph, Filter("open", "person"), FIRST, 50)
    [item] = [row for row in queue if row["left_identifier"] == row["right_identifier"] == "+34699999999"]
    score = json.loads((await graph.rows(CANDIDATE, id=item["id"]))[0]["c"]["evidence"])
    assert score["calibrated"] is True
    assert score["model"] == trained.model.name
    assert score["prior_same"] == trained.model.prior_same, "at the odds that its bars were proven at"
    for column in ("bits_stranger", "bits_household"):
        assert sum(row[column] for row in score["evidence"]) == pytest.approx(score[column])
    at = odds(item["bits_stranger"], item["bits_household"])
    assert item["p_same"] == score["p_same"] == trained.model.calibration.at(at)


async def draft_and_report(graph: Graph, model: Model) -> dict[str, Any]:
    await draft(graph, model)
    return dict((await get_version(graph, model.name)).report["comparison"])


async def test_what_is_compared_is_what_the_queue_gains_and_loses(graph: Graph) -> None:
    await post(graph, doubles(40))
    await Resolver(graph, load_model()).finish()
    live = load_model()
    same = await compare_models(graph, replace(live, name="twin"), live, EVERYBODY)
    assert same["pairs"] >= 40
    assert all(row["gained"] == row["lost"] == 0 and row["live"] == row["new"] for row in same["bands"].values())
    shy = await compare_models(graph, replace(live, name="shy", prior_same=1e-12), live, EVERYBODY)
    assert shy["bands"]["A"] == same["bands"]["A"], "priors are the graph's, not the model's"
    harsh = await compare_models(
        graph, replace(live, name="harsh", bands={"A": 0.9999999, "B": 0.999999, "C": 0.99999}), live
    )
    assert harsh["bands"]["A"]["lost"] == harsh["bands"]["A"]["live"] - harsh["bands"]["A"]["new"] > 0
    assert sum(row["gained"] for row in harsh["bands"].values()) == sum(row["lost"] for row in harsh["bands"].values())


async def test_approved_links_that_fail_are_flagged_and_stay(graph: Graph) -> None:
    a = (await saw(graph, "user_id:shop:1!", "phone:+34600100200", given_name="ana")).person_id
    b = (await saw(graph, "user_id:shop:2!", "phone:+34600100200", given_name="ana")).person_id
    await Resolver(graph, load_model()).finish()
    await join(graph, a, b)
    name = await draft(graph, stricter("strict"))
    [failing] = (await get_version(graph, name)).report["comparison"]["approved"]["failing"]
    assert not failing["fails_now"]
    entry = await promote(graph, name, ANA, "too many families")
    [edge] = [row for row in await graph.rows(EDGES) if row["type"] == "SAME_AS"]
    assert edge["weakened"] is True
    assert await audit(graph) == []
    # The way back: the earlier model takes the flag off again.
    await compared(graph, "default-1")
    await promote(graph, "default-1", ANA, "it was right after all")
    [edge] = [row for row in await graph.rows(EDGES) if row["type"] == "SAME_AS"]
    assert edge["weakened"] is None
    log = await list_decisions(graph, "", 0, 10)
    assert [(row["entry"], row.get("model"), row.get("replaces")) for row in log[1:]] == [
        ("model", "strict", "default-1"),
        ("model", "default-1", "strict"),
    ]
    assert (log[1]["id"], log[1]["reason"], log[1]["actor_name"]) == (entry["id"], "too many families", "ana")
    assert (await verify_log(graph)).broken is None
    with pytest.raises(WrongState, match="promote the one before it"):
        await retract(graph, entry["id"], "no", ANA)


async def test_links_approved_since_the_comparison_are_flagged_too(graph: Graph) -> None:
    a = (await saw(graph, "user_id:shop:1!", "phone:+34600100200", given_name="ana")).person_id
    b = (await saw(graph, "user_id:shop:2!", "phone:+34600100200", given_name="ana")).person_id
    await Resolver(graph, load_model()).finish()
    name = await draft(graph, stricter("strict"))
    assert (await get_version(graph, name)).report["comparison"]["approved"]["links"] == 0
    await join(graph, a, b)
    await promote(graph, name, ANA)
    [edge] = [row for row in await graph.rows(EDGES) if row["type"] == "SAME_AS"]
    assert edge["weakened"] is True
    assert await audit(graph) == []


async def test_what_a_promotion_left_undone_is_done_once(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that promotes dies as soon as the promotion is written."""
    a = (await saw(graph, "user_id:shop:1!", "phone:+34600100200", given_name="ana")).person_id
    b = (await saw(graph, "user_id:shop:2!", "phone:+34600100200", given_name="ana")).person_id
    await saw(graph, "user_id:shop:3!", "phone:+34600100200", given_name="ana")
    await Resolver(graph, load_model()).finish()
    name = await draft(graph, stricter("strict"))
    await join(graph, a, b)
    monkeypatch.setattr(promotion, "follow_promotion", AsyncMock(side_effect=asyncio.CancelledError))
    with pytest.raises(asyncio.CancelledError):
        await promote(graph, name, ANA)
    monkeypatch.undo()
    monkeypatch.setattr(promotion, "PAGE", 1)
    keeping = asyncio.create_task(keep_house(graph))
    try:
        for _ in range(400):
            if not await graph.rows(promotion.GET_DUE):
                break
            await asyncio.sleep(0.05)
    finally:
        keeping.cancel()
    [edge] = [row for row in await graph.rows(EDGES) if row["type"] == "SAME_AS"]
    assert edge["weakened"] is True
    resolver = Resolver(graph, load_model())
    assert (await resolver.finish()).persons == 3
    assert resolver.model.name == name
    await promotion.follow_promotion(graph)
    assert (await resolver.finish()).persons == 0, "what is done is not done again"


async def test_every_verdict_is_read(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page by page, to the end."""
    await post(graph, doubles(12))
    await Resolver(graph, load_model()).finish()
    await judge_all(graph)
    population = await load_population(graph)
    whole = await list_decided(graph, population)
    monkeypatch.setattr(verdicts, "PAGE", 5)
    assert [one.id for one in await list_decided(graph, population)] == [one.id for one in whole]
    assert len(whole) >= 12
    assert await list_decided(graph, population, await last_seq(graph)) == []


async def test_who_was_joined_after_a_verdict_was_not_of_its_pair(graph: Graph) -> None:
    a, b, c, d = [(await saw(graph, f"email:{name}@example.com!", minutes=LONG_AGO)).person_id for name in "abcd"]
    before = await propose(graph, a, b)
    await say(graph, before, Verdict.DIFFERENT)
    await join(graph, b, c)
    after = await propose(graph, b, d)
    await say(graph, after, Verdict.DIFFERENT)
    decided = {one.id: one for one in await list_decided(graph, await load_population(graph))}
    held = {id: one.left.identifiers.keys() | one.right.identifiers.keys() for id, one in decided.items()}
    assert held[before] == {"email:a@example.com", "email:b@example.com"}
    assert held[after] == {f"email:{name}@example.com" for name in "bcd"}


async def test_a_forged_promotion_breaks_the_chain(graph: Graph) -> None:
    await promote(graph, await draft(graph, stricter("strict")), ANA)
    await graph.run(Statement("test/forge", "MATCH (d:Decision {entry: 'model'}) SET d.replaces = 'another'"))
    broken = (await verify_log(graph)).broken
    assert broken is not None
    assert broken.seq == 1


async def test_the_worker_follows_a_promotion_without_restart_and_back(graph: Graph) -> None:
    await post(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **MARIA) for n in range(3)])
    resolver = Resolver(graph, load_model())
    await resolver.step()
    await resolver.finish()
    assert [row["model"] for row in await graph.rows(MODELS_OF)] == ["default-1"]
    await promote(graph, await draft(graph, stricter("strict")), ANA)
    await resolver.step()
    assert [row["model"] for row in await graph.rows(MODELS_OF)] == ["strict"]
    await compared(graph, "default-1")
    await promote(graph, "default-1", ANA)
    await resolver.step()
    assert [row["model"] for row in await graph.rows(MODELS_OF)] == ["default-1"]


async def test_whoever_is_scored_anew_after_a_promotion_is_so_among_as_many_views_as_are_left(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("population", "resolution"):  # as in a graph that is too large to be counted at each step
        monkeypatch.setattr(f"vitograph.graph.resolving.{module}.SMALL", 1)
    one, other = [await person(graph, name) for name in ("ana", "eva")]
    resolver = Resolver(graph, load_model())
    await resolver.step()
    await join(graph, one, other)
    await resolver.step()
    assert resolver.population.persons == 2
    await promote(graph, await draft(graph, stricter("strict")), ANA)
    await resolver.step()
    assert resolver.population.persons == 1


async def test_only_a_person_promotes_and_only_what_was_compared_of_late(graph: Graph) -> None:
    await record_model(graph, stricter("strict"), "a test", "default-1", {})
    with pytest.raises(UnknownThing):
        await promote(graph, "nobody", ANA)
    with pytest.raises(WrongState, match="was not compared with 'default-1'"):
        await promote(graph, "strict", ANA)
    await compared(graph, "strict")
    for role in set(Role) - {Role.SPECIALIST, Role.ADMIN}:
        with pytest.raises(Forbidden):
            await promote(graph, "strict", Caller("k-1", "a program", role))
    with pytest.raises(StaleVersion):
        await promote(graph, "strict", ANA, version=1)
    await graph.run(OLD, name="strict")
    with pytest.raises(WrongState, match="over 7 days old"):
        await promote(graph, "strict", ANA)
    await compared(graph, "strict")
    await promote(graph, "strict", ADMIN)
    with pytest.raises(WrongState, match="is live already"):
        await promote(graph, "strict", ANA)
    with pytest.raises(WrongState, match="was not compared with 'strict'"):
        await promote(graph, "default-1", ANA)
    await compared(graph, "default-1")
    await promote(graph, "default-1", ANA)
    assert {row["name"]: row["status"] for row in await list_models(graph)} == {
        "default-1": "live",
        "strict": "retired",
    }


async def test_of_promotions_at_once_one_wins(graph: Graph) -> None:
    names = [await draft(graph, stricter(f"strict-{n}", n + 1.0)) for n in range(4)]
    outcomes = await asyncio.gather(*(promote(graph, name, ANA) for name in names), return_exceptions=True)
    won = [name for name, outcome in zip(names, outcomes, strict=True) if not isinstance(outcome, Exception)]
    assert len(won) == 1
    assert all(isinstance(one, WrongState) for one in outcomes if isinstance(one, Exception))
    live = [row["name"] for row in await list_models(graph) if row["status"] == "live"]
    assert live == won
    assert (await verify_log(graph)).broken is None


async def test_a_model_has_one_content_and_a_broken_one_is_not_kept(graph: Graph) -> None:
    await record_model(graph, stricter("strict"), "a test", "default-1", {})
    await record_model(graph, stricter("strict"), "a test", "default-1", {})
    with pytest.raises(Conflict):
        await record_model(graph, stricter("strict", 2.0), "a test", "default-1", {})
    content = dump_model(load_model())
    content["comparisons"]["gender"]["levels"]["equal"]["m"] = 2
    with pytest.raises(InvalidInput) as refused:
        read_model(content)
    assert refused.value.faults[0].pointer == "/comparisons/gender/levels/equal"
    with pytest.raises(InvalidInput):
        read_model([])
    assert [row["name"] for row in await list_models(graph)] == ["default-1", "strict"]


async def test_pairs_just_below_the_bar_are_drawn_into_the_queue(graph: Graph) -> None:
    """Namesakes with nothing else in common: about a twentieth of them is asked, each with its propensity."""
    model = replace(load_model(), bands={"A": 1 - 1e-12, "B": 1 - 1e-11, "C": 1 - 1e-10})
    await post(graph, doubles(400, seed=5))
    await Resolver(graph, model).finish()
    explored = await graph.rows(EXPLORED)
    stored = [row for row in await list_queue(graph, Filter("stored", "person"), FIRST, 5_000) if row["p_same"] >= 0.1]
    assert explored
    assert len(explored) < 0.15 * (len(explored) + len(stored))
    assert all(row["propensity"] == 0.05 and row["p"] >= 0.1 for row in explored)


async def test_models_over_http(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    await record_model(graph, stricter("strict"), "a test", "default-1", {})
    specialist, channel = bearer[Role.SPECIALIST], bearer[Role.CHANNEL]
    listed = (await api.get("/v1/models", headers=specialist)).json()["items"]
    assert [(row["name"], row["status"]) for row in listed] == [("default-1", "live"), ("strict", "draft")]
    assert (await api.get("/v1/models", headers=channel)).status_code == 403
    assert (await api.get("/v1/models/nobody", headers=specialist)).status_code == 404
    read = await api.get("/v1/models/strict", headers=specialist)
    assert read.json()["content"] == dump_model(stricter("strict"))
    path = "/v1/models/strict/promote"
    assert (await api.post(path, headers=specialist)).status_code == 428
    tag = {"If-Match": read.headers["ETag"]}
    assert (await api.post(path, headers=specialist | tag)).status_code == 409
    await compared(graph, "strict")
    assert (await api.post(path, headers=specialist | tag)).status_code == 412
    tag = {"If-Match": (await api.get("/v1/models/strict", headers=specialist)).headers["ETag"]}
    assert (await api.post(path, headers=channel | tag)).status_code == 403
    promoted = await api.post(path, headers=specialist | tag, json={"reason": "looked at it"})
    assert (promoted.status_code, promoted.json()["model"], promoted.json()["reason"]) == (
        201,
        "strict",
        "looked at it",
    )
    entries = (await api.get("/v1/decisions", headers=specialist)).json()["items"]
    assert [row["entry"] for row in entries] == ["model"]
    assert (await api.get("/v1/decisions/verify", headers=specialist)).json()["ok"] is True


async def test_a_candidate_says_what_would_change_it(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    name = {"given_name": "maria", "family_name": "lopez"}
    await post(graph, [observed(f"user_id:shop:{n}!", "phone:+34600100200", **name) for n in range(2)])
    await Resolver(graph, load_model()).finish()
    [item] = await list_queue(graph, Filter("open", "person"), FIRST, 10)
    told = (await api.get(f"/v1/candidates/{item['id']}", headers=bearer[Role.SPECIALIST])).json()
    assert told["counterfactuals"][0]["comparison"] == "birth_date"
    assert told["counterfactuals"][0]["p_same"] > item["p_same"]
    assert set(told["counterfactuals"][0]) == {"comparison", "level", "sentence", "p_same", "band"}
    a, b = await person(graph, "a"), await person(graph, "b")
    unknown = await propose(graph, a, b)
    read = await api.get(f"/v1/candidates/{unknown}", headers=bearer[Role.SPECIALIST])
    assert read.json()["counterfactuals"] == [], "its model is not known here"


async def test_the_commands(graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Train, list, show, compare, export, import and promote from the outside, and their refusals."""
    assert settings.neo4j_uri is not None
    monkeypatch.setenv("VITO_NEO4J_URI", settings.neo4j_uri)
    monkeypatch.setenv("VITO_NEO4J_PASSWORD", settings.neo4j_password.get_secret_value())
    monkeypatch.setenv("VITO_REDIS_URL", str(settings.redis_url))
    monkeypatch.chdir(tmp_path)
    _, secret = await create_key(graph, "ana", Role.SPECIALIST)
    _, channel = await create_key(graph, "a channel", Role.CHANNEL)
    await post(graph, doubles(20))
    await Resolver(graph, load_model()).finish()
    runner = CliRunner()

    async def run(*words: str, code: int = 0) -> str:
        result = await asyncio.to_thread(runner.invoke, vito, list(words))
        assert result.exit_code == code, result.output
        return str(result.exception if code else result.stdout)

    assert "trained without labels" in await run("train")
    assert "default-1" in await run("model", "list")
    assert "per value" in await run("model", "show")
    assert json.loads(await run("model", "show", "trained-1", "--json"))["status"] == "draft"
    assert json.loads(await run("model", "compare", "trained-1", "--json"))["live"] == "default-1"
    assert "there is no model 'nobody'" in await run("model", "compare", "nobody", code=1)
    assert "give your key" in await run("model", "promote", "trained-1", "--yes", code=1)
    assert "only a specialist" in await run("model", "promote", "trained-1", "--yes", "--key", channel, code=1)
    await run("model", "promote", "trained-1", "--key", secret, code=1)  # nobody answers the question
    monkeypatch.setenv("VITO_KEY", secret)
    assert "is live in the place of default-1" in await run("model", "promote", "trained-1", "--yes")
    assert "trained-1" in await run("model", "show")
    await run("model", "export", "trained-1", "out.json")
    retold("out.json", "mine.json", name="mine")
    assert "mine is a draft: `vito model compare mine` is next" in await run("model", "import", "mine.json")
    assert "trained-1 is live\n" in await run("model", "import", "out.json")
    retold("out.json", "bad.json", name="bad", bands={"A": 0.5, "B": 0.8, "C": 0.5})
    assert "/bands" in await run("model", "import", "bad.json", code=1)
    retold("out.json", "bad.json", name="bad", calibrated=True)
    assert "/calibrated" in await run("model", "import", "bad.json", code=1)
    assert [row["name"] for row in await list_models(graph)] == ["default-1", "trained-1", "mine"]


def retold(source: str, target: str, **changes: Any) -> None:
    """A model's file with some of it said otherwise."""
    Path(target).write_text(json.dumps(json.loads(Path(source).read_text()) | changes))
