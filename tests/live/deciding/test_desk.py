"""Bulk acts, blind mode, second looks and persons, ids that resolve for ever, quality: over HTTP, on the real graph."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from operator import itemgetter
from typing import Any

import httpx
import pytest

import vitograph.graph.deciding.bulk
from tests.deciding import ANA, BEN, candidate, join, person, propose, propose_fragments, retract, saw, say, view
from vitograph.graph.access.keys import Caller, Role, create_key
from vitograph.graph.deciding.candidates import claim_next
from vitograph.graph.deciding.decisions import confirm
from vitograph.graph.deciding.log import list_decisions
from vitograph.graph.deciding.queue import Filter
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.audit import audit
from vitograph.graph.keeping.digest import digest
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict

Headers = dict[Role, dict[str, str]]
ENTRY = Statement("test/entry", "MATCH (d:Decision) RETURN properties(d) AS d ORDER BY d.seq")
BAND = Statement("test/band", "MATCH (c:Candidate) WHERE c.id IN $ids SET c.band = $band, c.groups = ['email']")


async def specialist(graph: Graph, name: str, holder: str | None = None) -> dict[str, str]:
    _, secret = await create_key(graph, name, Role.SPECIALIST, holder=holder)
    return {"Authorization": f"Bearer {secret}"}


async def couples(graph: Graph, count: int) -> list[str]:
    return [
        await propose(graph, await person(graph, f"a{number}"), await person(graph, f"b{number}"))
        for number in range(count)
    ]


async def bulk(api: httpx.AsyncClient, headers: dict[str, str], verdict: str = "same", **more: Any) -> httpx.Response:
    """Reads the list of a filter, and decides all of it."""
    filter = more.pop("filter", {})
    shown = (await api.get("/v1/candidates/bulk", params=filter, headers=headers)).json()
    items = [{"id": item["id"], "version": item["version"]} for item in shown["items"]]
    body = {"verdict": verdict, "reason": "the list", "filter": filter, "items": items, "snapshot": shown["snapshot"]}
    return await api.post("/v1/candidates/bulk", json=body | more, headers=headers)


async def test_a_list_is_decided_sampled_and_taken_back_as_it_was(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    ids = await couples(graph, 12)
    before = await digest(graph)
    answer = await bulk(api, headers, filter={"band": "A"})
    assert answer.status_code == 201, answer.text
    done = answer.json()
    assert ({row["candidate_id"] for row in done["decided"]}, done["refused"]) == (set(ids), [])
    assert done["sampled"] == 2
    entries = [row["d"] for row in await graph.rows(ENTRY)]
    assert {entry["batch"] for entry in entries} == {done["id"]}
    assert await audit(graph) == []
    batch = (await api.get(f"/v1/batches/{done['id']}", headers=headers)).json()
    assert (batch["standing"], batch["sampled"], batch["looks"], batch["filter"]["band"]) == (12, 2, 0, "A")
    dry = await api.post(f"/v1/batches/{done['id']}/retract?dry_run=true", headers=headers)
    assert (dry.status_code, len(dry.json()["decisions"]), len(dry.json()["views"])) == (200, 12, 12)
    back = await api.post(f"/v1/batches/{done['id']}/retract", json={"keep_apart": False}, headers=headers)
    assert (back.status_code, len(back.json()["retracted"]), back.json()["refused"]) == (201, 12, [])
    assert await digest(graph) == before
    again = await api.post(f"/v1/batches/{done['id']}/retract", headers=headers)
    assert again.json()["retracted"] == []
    assert (await api.get("/v1/batches/b-none", headers=headers)).status_code == 404
    assert await audit(graph) == []


async def test_of_a_list_on_nobody_but_the_erased_no_words_are_left(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    await propose(graph, erased := await person(graph, "maria"), await person(graph, "mary"))
    done = (await bulk(api, headers, filter={"band": "A"}, verdict="different")).json()
    assert (await api.delete(f"/v1/persons/{erased}", headers=bearer[Role.ADMIN])).status_code == 202
    batch = await api.get(f"/v1/batches/{done['id']}", headers=headers)
    assert batch.status_code == 200, batch.text
    told = batch.json()
    assert (told["verdict"], told["shown"], told["reason"], told["filter"]) == ("different", 1, None, None)
    for query, status in (("?dry_run=true", 200), ("", 201)):
        back = await api.post(f"/v1/batches/{done['id']}/retract{query}", headers=headers)
        assert (back.status_code, back.json()["refused"]) == (status, [])
    assert await audit(graph) == []


async def test_a_list_that_changed_is_refused_as_a_whole(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    headers = bearer[Role.SPECIALIST]
    ids = await couples(graph, 3)
    shown = (await api.get("/v1/candidates/bulk", headers=headers)).json()
    items = [{"id": item["id"], "version": item["version"]} for item in shown["items"]]
    body = {"verdict": "different", "reason": "no", "items": items, "snapshot": shown["snapshot"]}
    await say(graph, ids[0], Verdict.DIFFERENT, BEN)
    refused = await api.post("/v1/candidates/bulk", json=body, headers=headers)
    assert (refused.status_code, refused.json()["changed"]) == (412, [ids[0]])
    assert (await candidate(graph, ids[1]))["status"] == "open"
    forged = await api.post("/v1/candidates/bulk", json=body | {"items": items[1:]}, headers=headers)
    assert forged.status_code == 422
    moved = await api.post("/v1/candidates/bulk", json=body | {"filter": {"band": "B"}}, headers=headers)
    assert moved.status_code == 412


@pytest.mark.parametrize(
    "change",
    [{"verdict": "retract"}, {"verdict": "shared_identifier"}, {"verdict": "merge"}, {"items": []}, {"reason": ""},
     {"items": [{"id": "c", "version": 1}] * 2}, {"items": [{"id": "c", "version": -1}]}, {"filter": {"band": "Z"}},
     {"items": [{"id": f"c-{n}", "version": 1} for n in range(201)]}],
)  # fmt: skip
async def test_what_is_no_bulk_act_is_refused(api: httpx.AsyncClient, bearer: Headers, change: dict[str, Any]) -> None:
    body = {"verdict": "same", "reason": "all", "items": [{"id": "c", "version": 1}], "snapshot": "0" * 32} | change
    answer = await api.post("/v1/candidates/bulk", json=body, headers=bearer[Role.SPECIALIST])
    assert answer.status_code == 422


async def test_many_specialists_empty_one_queue_and_lose_and_double_nothing(graph: Graph) -> None:
    ids = await couples(graph, 40)
    chance = random.Random(5)
    people = [Caller(f"k-{number}", f"specialist {number}", Role.SPECIALIST) for number in range(12)]
    acknowledged: list[str] = []
    verdicts = [Verdict.SAME, Verdict.DIFFERENT, Verdict.HOUSEHOLD, Verdict.UNSURE]

    async def work(actor: Caller) -> None:
        while (id := await claim_next(graph, Filter(), actor)) is not None:
            outcome = await say(graph, id, chance.choice(verdicts), actor)
            acknowledged.append(outcome.decision["id"])
            if chance.random() < 0.2:
                back = await retract(graph, outcome.decision["id"], "no", actor)
                acknowledged.append(back.decision["id"])

    await asyncio.gather(*(work(actor) for actor in people))
    log = await list_decisions(graph, "", 0, 1_000)
    assert [entry["seq"] for entry in log] == list(range(1, len(log) + 1))
    assert sorted(entry["id"] for entry in log) == sorted(acknowledged)
    assert {entry["candidate_id"] for entry in log} == set(ids)
    standing = Counter(e["candidate_id"] for e in log if e["entry"] == "decision" and e["state"] == "applied")
    assert max(standing.values()) == 1
    assert len({entry["actor"] for entry in log}) > 1
    assert await audit(graph) == []


async def test_devices_of_a_person_are_joined_at_once_but_never_two_persons_through_one(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    known, other = await person(graph, "a"), await person(graph, "b")
    devices = [(await saw(graph, f"cookie:{number}?")).person_id for number in range(3)]
    for device in devices:
        await propose(graph, known, device)
    await propose(graph, other, (await saw(graph, "cookie:other?")).person_id)
    [first, second] = (await api.get("/v1/candidates/by-person", headers=headers)).json()["items"]
    assert (first["person_id"], first["pairs"], second["person_id"]) == (known, 3, other)
    done = (await bulk(api, headers, filter={"kind": "device", "person": known})).json()
    assert {row["candidate_id"] for row in done["decided"]} == set(first["ids"])
    assert (len(done["decided"]), done["refused"]) == (3, [])
    assert {await view(graph, id) for id in devices} == {known}
    shared = (await saw(graph, "cookie:kiosk?")).person_id
    for owner in (known, other):
        await propose(graph, owner, shared)
    refused = await bulk(api, headers, filter={"kind": "device"})
    assert refused.status_code == 409
    assert shared in refused.json()["detail"]
    assert await audit(graph) == []


async def test_what_is_ambiguous_is_said_and_not_joined_in_bulk(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    a, b, c = [await person(graph, name) for name in "abc"]
    clear, likely, rival = (*await couples(graph, 1), await propose(graph, a, b), await propose(graph, a, c))
    await graph.run(BAND, ids=[rival], band="B")

    async def is_ambiguous(id: str) -> bool:
        return bool((await api.get(f"/v1/candidates/{id}", headers=headers)).json()["ambiguous"])

    assert [await is_ambiguous(id) for id in (clear, likely, rival)] == [False, True, True]
    done = (await bulk(api, headers, filter={"band": "A"})).json()
    assert [row["candidate_id"] for row in done["decided"]] == [clear]
    assert [row["candidate_id"] for row in done["refused"]] == [likely]
    assert (await candidate(graph, likely))["status"] == "open"
    await graph.run(BAND, ids=[rival], band="-")
    # An act of which nothing came is an act all the same.
    await graph.run(BAND, ids=[rival], band="A")
    none = await bulk(api, headers, filter={"band": "A"}, verdict="same")
    assert none.status_code == 409, "one person twice"
    await graph.run(BAND, ids=[rival], band="B")
    nothing = (await bulk(api, headers, filter={"band": "A"})).json()
    assert (nothing["decided"], len(nothing["refused"])) == ([], 1)
    kept = await api.get(f"/v1/batches/{nothing['id']}", headers=headers)
    assert (kept.status_code, kept.json()["decisions"], kept.json()["standing"]) == (200, [], 0)
    await graph.run(BAND, ids=[rival], band="-")
    assert not await is_ambiguous(likely), "what is below the bar is nobody's rival"
    assert len((await bulk(api, headers, filter={"band": "A"})).json()["decided"]) == 1


async def test_whom_a_reopened_pair_may_be_instead_is_told_of_the_whole_views(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    """It names persons of before a join; what was scored since names the view."""
    headers = bearer[Role.SPECIALIST]
    a, b, c, d = [await person(graph, name) for name in "abcd"]
    await join(graph, a, b)
    lead = await view(graph, a)
    reopened = await propose_fragments(graph, b if lead == a else a, c)
    await propose(graph, lead, c)  # of the same two views: no rival

    async def told() -> tuple[bool, list[str]]:
        found = (await api.get(f"/v1/candidates/{reopened}", headers=headers)).json()
        return found["ambiguous"], [other["id"] for other in found["runner_up"]]

    assert await told() == (False, [])
    rival = await propose(graph, lead, d)
    assert await told() == (True, [rival])


async def test_what_of_a_list_cannot_be_taken_back_is_said_before_and_after(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    pairs = [[await person(graph, f"a{n}"), await person(graph, f"b{n}")] for n in range(2)]
    ids = [await propose(graph, *pair) for pair in pairs]
    batch = (await bulk(api, headers, filter={"band": "A"}, verdict="different")).json()
    assert await propose(graph, *pairs[0]) == ids[0]
    assert (await say(graph, ids[0], Verdict.SAME, BEN)).pending, "it overrides a never-link"
    for query, status in (("?dry_run=true", 200), ("", 201)):
        back = await api.post(f"/v1/batches/{batch['id']}/retract{query}", json={}, headers=headers)
        assert back.status_code == status, back.text
        (refused,) = back.json()["refused"]
        assert "waits for a second person" in refused["detail"]
    assert [(await candidate(graph, id))["status"] for id in ids] == ["awaiting", "open"]
    assert await audit(graph) == []


async def test_what_waits_on_a_pair_of_a_list_is_of_the_list_that_said_it(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers, ben = bearer[Role.SPECIALIST], await specialist(graph, "ben")
    [id] = await couples(graph, 1)
    first = (await bulk(api, headers, filter={"band": "A"}, verdict="household")).json()
    said = first["decided"][0]["id"]
    assert (await api.post(f"/v1/decisions/{said}/retract", json={}, headers=ben)).status_code == 201
    second = (await bulk(api, ben, filter={"band": "A"})).json()
    assert second["decided"][0]["state"] == "pending", "ben took back what another human said"
    refused = await api.post(f"/v1/candidates/{id}/claim", headers=headers)
    assert (refused.status_code, refused.json()["detail"]) == (
        409,
        f"candidate {id!r} waits for a second person: confirm its `pending` decision, or retract it",
    )
    for batch, waits in ((first, False), (second, True)):
        told = (await api.get(f"/v1/batches/{batch['id']}", headers=headers)).json()["decisions"]
        assert [(row["status"], row["standing"], row["waits"]) for row in told] == [("awaiting", False, waits)]
    for batch, gone in ((first, []), (second, [second["decided"][0]["id"]])):
        back = (await api.post(f"/v1/batches/{batch['id']}/retract", json={}, headers=headers)).json()
        assert (back["retracted"], back["refused"]) == (gone, [])
    assert (await candidate(graph, id))["status"] == "open"


async def test_whoever_is_erased_while_a_list_is_taken_back_holds_up_nobody_else(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = bearer[Role.SPECIALIST]
    await couples(graph, 3)
    batch = (await bulk(api, headers, filter={"band": "A"}, verdict="different")).json()
    standing = vitograph.graph.deciding.bulk._standing
    rows = iter(batch["decided"])

    async def erased_since(graph: Graph, id: str) -> list[str]:
        found = await standing(graph, id)
        pair = await candidate(graph, next(rows)["candidate_id"])
        gone = await api.delete(f"/v1/persons/{pair['left']}", headers=bearer[Role.ADMIN])
        assert gone.status_code == 202
        return found

    monkeypatch.setattr("vitograph.graph.deciding.bulk._standing", erased_since)
    path = f"/v1/batches/{batch['id']}/retract"
    dry = await api.post(f"{path}?dry_run=true", headers=headers)
    assert (dry.status_code, len(dry.json()["decisions"]), len(dry.json()["refused"])) == (200, 2, 1), dry.text
    back = await api.post(path, headers=headers)
    assert (back.status_code, len(back.json()["retracted"]), len(back.json()["refused"])) == (201, 1, 1), back.text
    assert "was erased" in back.json()["refused"][0]["detail"]
    assert await audit(graph) == []


async def test_what_goes_with_a_decision_of_a_list_is_taken_back_once_and_refused_by_nobody(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    """The last one decided holds the person that stays; the first hangs on it by a link that is not of the list."""
    headers = bearer[Role.SPECIALIST]
    pairs = [await candidate(graph, id) for id in await couples(graph, 2)]
    ahead, behind = [pair["id"] for pair in sorted(pairs, key=itemgetter("left"), reverse=True)]
    await graph.run(Statement("test/ahead", "MATCH (c:Candidate {id: $id}) SET c.value = 0.9"), id=ahead)
    batch = (await bulk(api, headers, filter={"band": "A"})).json()
    assert [row["candidate_id"] for row in batch["decided"]] == [ahead, behind]
    first, last = await candidate(graph, ahead), await candidate(graph, behind)
    pair = await propose_fragments(graph, last["right"], first["left"])
    link = (await say(graph, pair, Verdict.SAME)).decision["id"]
    await confirm(graph, link, BEN)
    answers = []
    for query in ("?dry_run=true", ""):
        path = f"/v1/batches/{batch['id']}/retract{query}"
        answers.append((await api.post(path, json={"scope": "subtree", "keep_apart": False}, headers=headers)).json())
    planned, done = answers
    assert (planned["refused"], done["refused"]) == ([], [])
    assert sorted(done["retracted"]) == sorted(row["id"] for row in planned["decisions"])
    assert sorted(done["retracted"]) == sorted([link, first["decision"], last["decision"]])
    assert await audit(graph) == []


@pytest.mark.parametrize("change", [{"stays": "p-1"}, {"snapshot": "0" * 32}])
async def test_what_is_said_of_one_decision_is_refused_of_a_list_before_any_of_it_is_taken_back(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, change: dict[str, str]
) -> None:
    headers = bearer[Role.SPECIALIST]
    await couples(graph, 2)
    batch = (await bulk(api, headers, filter={"band": "A"})).json()
    if "stays" in change:
        last = (await api.get(f"/v1/candidates/{batch['decided'][-1]['candidate_id']}", headers=headers)).json()
        change = {"stays": last["left"], "scope": "subtree"}
    pointer = f"/{next(iter(change))}"
    back = await api.post(f"/v1/batches/{batch['id']}/retract", json=change, headers=headers)
    assert (back.status_code, [one["pointer"] for one in back.json().get("errors", [])]) == (422, [pointer]), back.text
    assert (await api.get(f"/v1/batches/{batch['id']}", headers=headers)).json()["standing"] == 2


async def test_joining_persons_in_bulk_takes_band_a(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    ids = await couples(graph, 2)
    await graph.run(BAND, ids=ids, band="B")
    assert (await bulk(api, bearer[Role.SPECIALIST])).status_code == 409
    assert (await bulk(api, bearer[Role.SPECIALIST], verdict="different")).status_code == 201


TELLING = {
    "p_same",
    "band",
    "bits_stranger",
    "value",
    "verdict",
    "history",
    "why_not",
    "missing_bits",
    "runner_up",
    "ambiguous",
}


async def test_blind_mode_tells_nothing_until_it_is_decided(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    headers = bearer[Role.SPECIALIST]
    [id] = await couples(graph, 1)
    listed = (await api.get("/v1/candidates?blind=true", headers=headers)).json()["items"]
    read = await api.get(f"/v1/candidates/{id}?blind=true&whole=true", headers=headers)
    nxt = await api.post("/v1/candidates/next", json={"blind": True}, headers=headers)
    for shown in (*listed, read.json(), nxt.json()):
        assert shown["id"] == id
        assert TELLING & shown.keys() == set()
        assert "bits" not in str(shown)
    body = {"verdict": "different", "reason": "seen", "blind": True}
    decided = await api.post(
        f"/v1/candidates/{id}/decisions", json=body, headers=headers | {"If-Match": read.headers["ETag"]}
    )
    assert (decided.status_code, decided.json()["blind"]) == (201, True)
    after = (await api.get(f"/v1/candidates/{id}?blind=true", headers=headers)).json()
    assert after["p_same"] == 0.9
    assert await audit(graph) == []


async def test_gold_pairs_are_looked_at_again_without_anybody_knowing(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    a, b = await person(graph, "a"), await person(graph, "b")
    joined = await join(graph, a, b, ANA)
    id = joined.decision["candidate_id"]
    assert (await api.put(f"/v1/candidates/{id}/gold", headers=bearer[Role.SPECIALIST])).status_code == 403
    assert (await api.put("/v1/candidates/c-none/gold", headers=bearer[Role.ADMIN])).status_code == 404
    assert (await api.put(f"/v1/candidates/{id}/gold", headers=bearer[Role.ADMIN])).status_code == 204
    [waiting] = await couples(graph, 1)
    assert (await api.put(f"/v1/candidates/{waiting}/gold", headers=bearer[Role.ADMIN])).status_code == 409
    before = await digest(graph), (await api.get("/v1/decisions/verify", headers=bearer[Role.ADMIN])).json()
    eve, fay = await specialist(graph, "eve"), await specialist(graph, "fay")
    for headers, verdict in ((eve, "same"), (fay, "household")):
        listed = (await api.get("/v1/candidates?blind=true", headers=headers)).json()["items"]
        assert {item["id"] for item in listed} == {id, waiting}
        assert {item["status"] for item in listed} == {"open"}
        read = await api.get(f"/v1/candidates/{id}?blind=true", headers=headers)
        assert [read.json()[f"{side}_person"]["view_id"] for side in ("left", "right")] == [min(a, b), max(a, b)]
        body = {"verdict": verdict, "reason": "seen", "blind": True}
        tag = headers | {"If-Match": read.headers["ETag"]}
        stale = await api.post(f"/v1/candidates/{id}/decisions", json=body, headers=headers | {"If-Match": '"99"'})
        assert stale.status_code == 412
        looked = await api.post(f"/v1/candidates/{id}/decisions", json=body, headers=tag)
        assert (looked.status_code, looked.json()["state"]) == (201, "reviewed")
        assert looked.json()["agrees"] is (verdict == "same")
        twice = await api.post(f"/v1/candidates/{id}/decisions", json=body, headers=tag)
        assert twice.status_code == 409
        assert (await api.get(f"/v1/candidates/{id}?blind=true", headers=headers)).json()["verdict"] == "same"
    assert (await digest(graph), (await api.get("/v1/decisions/verify", headers=bearer[Role.ADMIN])).json()) == before
    quality = (await api.get("/v1/quality", headers=bearer[Role.ADMIN])).json()
    assert (quality["agreement"]["looks"], quality["agreement"]["agreed"]) == (2, 1)
    assert quality["agreement"]["by_purpose"]["gold"]["kappa"] == 0.0
    [precision] = quality["precision"]
    assert (precision["band"], precision["decided"], precision["same"]) == ("A", 1, 1)
    assert 0.04 < precision["lower_bound"] < 0.06
    assert (await api.delete(f"/v1/candidates/{id}/gold", headers=bearer[Role.ADMIN])).status_code == 204


async def test_who_decided_a_pair_is_not_asked_about_it_again(api: httpx.AsyncClient, graph: Graph) -> None:
    first, same_human = await specialist(graph, "ana", "staff-7"), await specialist(graph, "ana's phone", "Staff-7")
    other = await specialist(graph, "ben", "staff-8")
    await couples(graph, 1)
    done = (await bulk(api, first)).json()
    assert done["sampled"] == 1
    for headers, served in ((first, 0), (same_human, 0), (other, 1)):
        assert len((await api.get("/v1/candidates?blind=true", headers=headers)).json()["items"]) == served


async def test_nobody_is_a_second_person_to_themselves_by_another_key(api: httpx.AsyncClient, graph: Graph) -> None:
    first, same_human = await specialist(graph, "ana", "staff-7"), await specialist(graph, "ana's phone", "Staff-7")
    other = await specialist(graph, "ben")
    a, b, c, d = [await person(graph, name) for name in "abcd"]
    await join(graph, a, b)
    await join(graph, c, d)
    id = await propose(graph, a, c)
    tag = (await api.get(f"/v1/candidates/{id}", headers=first)).headers["ETag"]
    body = {"verdict": "same", "reason": "sure"}
    pending = await api.post(f"/v1/candidates/{id}/decisions", json=body, headers=first | {"If-Match": tag})
    assert (pending.status_code, pending.json()["holder"]) == (202, "staff-7")
    confirmation = f"/v1/decisions/{pending.json()['id']}/confirm"
    assert (await api.post(confirmation, headers=same_human)).status_code == 403
    awaiting = (await api.get("/v1/candidates?status=awaiting", headers=same_human)).json()["items"]
    assert [item["id"] for item in awaiting] == [id]
    assert (await api.post(confirmation, headers=other)).status_code == 201
    assert await audit(graph) == []


async def test_ids_resolve_for_ever_and_say_since_when(api: httpx.AsyncClient, bearer: Headers, graph: Graph) -> None:
    headers = bearer[Role.SPECIALIST]
    a, b, c, d = sorted([await person(graph, name) for name in "abcd"])
    alone = (await api.get(f"/v1/persons/{a}", headers=headers)).json()
    assert (alone["since"], [stay["view_id"] for stay in alone["history"]]) == (None, [a])
    await join(graph, c, d)
    await join(graph, a, b)
    bridge = await join(graph, a, c)
    confirmed = await confirm(graph, bridge.decision["id"], BEN)
    merged = (await api.get(f"/v1/persons/{d}", headers=headers)).json()
    assert merged["view_id"] == a
    assert merged["since"] == confirmed.decision["at"], "it was of no effect before"
    assert [stay["view_id"] for stay in merged["history"]] == [d, c, a]
    taken_back = await retract(graph, bridge.decision["id"], "no", BEN)
    parted = (await api.get(f"/v1/persons/{d}", headers=headers)).json()
    assert (parted["view_id"], parted["since"]) == (c, taken_back.decision["at"])
    assert parted["history"][-1]["by"] == taken_back.decision["id"]


async def test_likely_devices_stand_apart_from_what_was_decided(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    known = await person(graph, "a")
    devices = [(await saw(graph, f"cookie:{number}?")).person_id for number in range(2)]
    await say(graph, await propose(graph, known, devices[0]), Verdict.SAME)
    likely = await propose(graph, known, devices[1])
    read = (await api.get(f"/v1/persons/{known}", headers=bearer[Role.SPECIALIST])).json()
    assert {fragment["id"] for fragment in read["fragments"]} == {known, devices[0]}
    assert [(row["person_id"], row["candidate_id"], row["events"]) for row in read["devices"]] == [
        (devices[1], likely, 1)
    ]


CALLS = [
    ("GET", "/v1/candidates/bulk", {Role.SPECIALIST}),
    ("POST", "/v1/candidates/bulk", {Role.SPECIALIST}),
    ("POST", "/v1/candidates/next", {Role.SPECIALIST}),
    ("GET", "/v1/candidates/matching", {Role.SPECIALIST}),
    ("DELETE", "/v1/candidates/c-1/claim", {Role.SPECIALIST}),
    ("PUT", "/v1/candidates/c-1/gold", {Role.ADMIN}),
    ("GET", "/v1/batches/b-1", {Role.SPECIALIST}),
    ("POST", "/v1/batches/b-1/retract", {Role.SPECIALIST}),
    ("GET", "/v1/decisions/export", {Role.SPECIALIST, Role.ADMIN}),
    ("GET", "/v1/quality", {Role.SPECIALIST, Role.ADMIN, Role.ANALYST}),
]


@pytest.mark.parametrize(("method", "path", "roles"), CALLS)
async def test_who_may_call(api: httpx.AsyncClient, bearer: Headers, method: str, path: str, roles: set[Role]) -> None:
    for role in Role:
        answer = await api.request(method, path, headers=bearer[role])
        assert (answer.status_code == 403) == (role not in roles), role
        assert answer.status_code < 500
    assert (await api.request(method, path)).status_code == 401
