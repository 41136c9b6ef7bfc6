"""What the clients do alike: which answers are asked for again, and for how long they wait."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from email.utils import formatdate

import httpx
import pytest

from vitograph.client import AsyncVito, Vito
from vitograph.client.messages import Accepted, Identifier, Observation, Refused, Unavailable
from vitograph.client.protocol import (
    ATTEMPTS,
    LONGEST_WAIT,
    MOST_BYTES,
    accepted,
    batches,
    checked,
    person_path,
    persons,
    wait,
)

REPLY = {"event_id": "e", "person_id": "p", "view_id": "v", "rule": "A4", "candidates": [], "warnings": []}


def lines(*answers: object) -> httpx.Response:
    return httpx.Response(200, content="\n".join(json.dumps(one) for one in answers))


def seen(id: str) -> Observation:
    return Observation("crm", [Identifier("email", "a@example.com")], id=id)


def test_only_what_is_left_of_a_batch_is_sent_again() -> None:
    [batch] = batches([seen(id) for id in "abcd"], 4)
    batch.read(lines(REPLY | {"event_id": "a"}, {"status": 503}, {"status": 422, "detail": "no"}))
    assert [json.loads(line)["id"] for line in batch.body().splitlines()] == ["b", "d"]
    with pytest.raises(Unavailable, match="2 of 4"):
        batch.result()
    batch.read(httpx.Response(200, content=json.dumps(REPLY | {"event_id": "b"}) + '\n{"event_id": "d'))
    assert batch.left == [3]
    batch.read(lines(REPLY | {"event_id": "d"}))
    outcomes = batch.result()
    assert [one.event_id if isinstance(one, Accepted) else one.status for one in outcomes] == ["a", "b", 422, "d"]


def test_a_line_that_vito_fails_at_each_time_keeps_no_other_waiting() -> None:
    [batch] = batches([seen(id) for id in "ab"], 4)
    for _ in range(ATTEMPTS):
        batch.read(lines(*({"status": 500, "detail": "our fault"} if place == 1 else REPLY for place in batch.left)))
        assert batch.left == [1]
    [_, failed] = batch.result()
    assert isinstance(failed, Refused)
    assert failed.status == 500
    for answers in ([{"status": 500}] * 2, [{"status": 500}, {"status": 503}]):
        [batch] = batches([seen("a"), seen("b")], 4)
        batch.read(lines(*answers))
        with pytest.raises(Unavailable):  # that is no fault of theirs
            batch.result()


def test_a_body_that_is_json_already_is_sent_as_it_is() -> None:
    [batch] = batches([seen("a"), b'{"id": "b", "identity": {"token": "t"}}'], 4)
    assert batch.body().splitlines()[1] == b'{"id": "b", "identity": {"token": "t"}}'


def test_lines_of_a_file_are_observations_each_and_outcomes_are_theirs() -> None:
    [batch] = batches([b'{"id": "a"}\n', b' {"id": "b"}\r\n', b'{"id": "c"}'], 4)
    assert batch.body() == b'{"id": "a"}\n{"id": "b"}\n{"id": "c"}'
    for none in (b"", b"\n", b'{"id":\n"a"}'):
        with pytest.raises(ValueError, match="one line"):
            list(batches([none], 4))
    with pytest.raises(Unavailable, match="4 observations were answered"):
        batch.read(lines(*[REPLY] * 4))


def test_a_server_that_asks_for_patience_gets_it() -> None:
    assert wait(0, httpx.Response(429, headers={"Retry-After": "7"})) == 7.0
    assert wait(0, httpx.Response(503, headers={"Retry-After": "100000"})) == LONGEST_WAIT
    assert wait(0, httpx.Response(503, headers={"Retry-After": "Wed, 25 Nov 2026 10:00:00 GMT"})) <= 0.2
    assert all(0 < wait(attempt, None) <= LONGEST_WAIT for attempt in range(ATTEMPTS))
    soon = formatdate(time.time() + 20, usegmt=True)
    assert 15 < wait(0, httpx.Response(503, headers={"Retry-After": soon})) <= 20
    for nothing in ("soon", "-1", "Wed, 99 Nov 2026 10:00:00 GMT", "Wed, 25 Nov 99999 10:00:00 GMT"):
        assert wait(0, httpx.Response(503, headers={"Retry-After": nothing})) <= LONGEST_WAIT


def test_a_body_that_did_not_come_in_time_is_sent_again() -> None:
    with pytest.raises(Unavailable):
        accepted(httpx.Response(408))


@pytest.mark.parametrize(("status", "error"), [(401, Refused), (413, Refused), (503, Unavailable), (429, Unavailable)])
def test_an_answer_without_a_problem_document_is_an_error_all_the_same(status: int, error: type[Exception]) -> None:
    for content in (b"", b"[]", b"<html>"):
        with pytest.raises(error, match=str(status)):
            checked(httpx.Response(status, content=content))


def test_an_id_stays_the_same_for_as_long_as_the_observation_does() -> None:
    one = Observation("crm", [Identifier("phone", "600", region="ES")])
    assert one.to_json() == one.to_json()
    assert one.id != Observation("crm", []).id
    assert one.to_json()["identifiers"] == [{"kind": "phone", "value": "600", "region": "ES"}]


def test_any_number_is_cut_into_batches() -> None:
    assert [len(batch.lines) for batch in batches((seen(str(n)) for n in range(7)), 3)] == [3, 3, 1]
    assert list(batches([], 3)) == []


def test_a_batch_is_no_longer_than_what_is_taken_on_the_way() -> None:
    sizes = (10, MOST_BYTES // 3, MOST_BYTES // 3, MOST_BYTES // 3, MOST_BYTES * 2, 10, 10)
    many = [replace(seen(str(n)), traits={"note": "x" * size}) for n, size in enumerate(sizes)]
    cut = list(batches(many, 100))
    assert [len(batch.lines) for batch in cut] == [3, 1, 1, 2]
    assert [len(batch.body()) <= MOST_BYTES for batch in cut] == [True, True, False, True]
    assert [json.loads(line)["id"] for batch in cut for line in batch.lines] == [one.id for one in many]


def test_what_is_too_large_by_itself_is_refused_by_itself() -> None:
    too_large = httpx.Response(413, json={"detail": "a batch may have 16777216 bytes"})
    [alone] = batches([seen("a")], 4)
    alone.read(too_large)
    [outcome] = alone.result()
    assert isinstance(outcome, Refused)
    assert outcome.status == 413
    [together] = batches([seen("a"), seen("b")], 4)
    with pytest.raises(Refused, match="413"):
        together.read(too_large)


@pytest.mark.parametrize(
    "said", [{"status": "error"}, {"errors": [{"message": "x"}]}, {"errors": ["x"]}, {"errors": 7}, {"status": [1]}]
)
def test_what_stands_in_front_may_refuse_in_its_own_way(said: dict[str, object]) -> None:
    with pytest.raises(Refused) as refused:
        checked(httpx.Response(403, json=said))
    assert refused.value.status == 403


@pytest.mark.parametrize("content", [b"<html>", b"[]", b"7", b"{}", b'{"items": 7, "next": null}'])
def test_a_success_that_nobody_can_read_is_not_vitos(content: bytes) -> None:
    for read in (accepted, persons):
        with pytest.raises(Unavailable):
            read(httpx.Response(200, content=content))


@pytest.mark.parametrize("line", [b"7", b"{}", b'{"status": [400]}'])
def test_a_line_that_nobody_can_read_is_left(line: bytes) -> None:
    [batch] = batches([seen("a")], 4)
    batch.read(httpx.Response(200, content=line))
    assert batch.left == [0]


def test_an_id_is_a_part_of_a_path_whatever_it_holds() -> None:
    assert httpx.URL("http://vito.example").join(person_path("../a?b c")).raw_path == b"/v1/persons/..%2Fa%3Fb%20c"


def paged(request: httpx.Request) -> httpx.Response:
    pages = {None: {"items": [{"id": "1"}], "next": "c"}, "c": {"items": [{"id": "2"}], "next": None}}
    return httpx.Response(200, json=pages[request.url.params.get("cursor")])


def packed_badly(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"xx"))


async def test_all_pages_of_persons_are_read() -> None:
    with Vito("http://vito.example", "key") as vito:
        vito._http = httpx.Client(base_url="http://vito.example", transport=httpx.MockTransport(paged))
        assert [one["id"] for one in vito.find_persons("email:a@example.com")] == ["1", "2"]
    async with AsyncVito("http://vito.example", "key") as vito_too:
        vito_too._http = httpx.AsyncClient(base_url="http://vito.example", transport=httpx.MockTransport(paged))
        assert [one["id"] for one in await vito_too.find_persons("email:a@example.com")] == ["1", "2"]


async def test_an_answer_that_cannot_be_unpacked_is_none() -> None:
    with Vito("http://vito.example", "key", attempts=1) as vito:
        vito._http = httpx.Client(base_url="http://vito.example", transport=httpx.MockTransport(packed_badly))
        with pytest.raises(Unavailable):
            vito.get_person("p")
    async with AsyncVito("http://vito.example", "key", attempts=1) as vito_too:
        vito_too._http = httpx.AsyncClient(base_url="http://vito.example", transport=httpx.MockTransport(packed_badly))
        with pytest.raises(Unavailable):
            await vito_too.get_person("p")
