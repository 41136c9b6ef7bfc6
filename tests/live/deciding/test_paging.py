"""Cursors that no list of ours gave out are refused; none reaches the graph."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

import httpx
import pytest

from tests.deciding import person, propose, saw, say
from vitograph.api.wire import paging
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.resolver.deciding.decisions import Verdict

Headers = dict[Role, dict[str, str]]

MOMENTS = [
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "9999-12-31T23:59:59.999999-00:00:01",
    "2026-11-24T10:00:00",
    "2026-11-24",
    "",
    "soon",
]
NUMBERS = [2**63, -(2**63) - 1, 2**64, 10**30, True, False, 1.5, "1", None, [1], {"a": 1}]


def forge(*place: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


async def refuse(api: httpx.AsyncClient, path: str, headers: dict[str, str], pointer: str, **params: str) -> None:
    answer = await api.get(path, params=params, headers=headers)
    assert answer.status_code == 422, answer.text
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize("number", NUMBERS, ids=str)
async def test_a_forged_number_is_refused(api: httpx.AsyncClient, bearer: Headers, number: object) -> None:
    await refuse(api, "/v1/decisions", bearer[Role.ADMIN], "/cursor", cursor=forge(number))


@pytest.mark.parametrize(
    "cursor", ["", "!", "é", forge(), forge(1, 2), "bnVsbA", base64.b64encode(b"[" * 500).decode()]
)
async def test_what_is_no_cursor_at_all_is_refused(api: httpx.AsyncClient, bearer: Headers, cursor: str) -> None:
    await refuse(api, "/v1/decisions", bearer[Role.ADMIN], "/cursor", cursor=cursor)


async def test_a_forged_value_of_the_queue_is_refused(api: httpx.AsyncClient, bearer: Headers) -> None:
    for place in ([True, "c"], ["NaN", "c"], [1.0, True]):
        await refuse(api, "/v1/candidates", bearer[Role.SPECIALIST], "/cursor", cursor=forge(*place))


@pytest.mark.parametrize("moment", [*MOMENTS, True, 2**63, None], ids=str)
async def test_a_forged_moment_is_refused(api: httpx.AsyncClient, bearer: Headers, moment: object) -> None:
    id = await enrol(api, bearer)
    cursor = forge(moment, "x")
    await refuse(api, f"/v1/persons/{id}/timeline", bearer[Role.SPECIALIST], "/cursor", cursor=cursor)
    await refuse(api, "/v1/campaigns/summer/leads", bearer[Role.MARKETING], "/cursor", cursor=cursor)


@pytest.mark.parametrize("moment", ["2026-11-24T10:00:00+01:00:30", "2026-11-24T10:00:00.123456789Z"])
async def test_any_moment_that_can_be_told_in_utc_is_a_place(
    api: httpx.AsyncClient, bearer: Headers, moment: str
) -> None:
    id = await enrol(api, bearer)
    for path, role in ((f"/v1/persons/{id}/timeline", Role.SPECIALIST), ("/v1/campaigns/summer/leads", Role.MARKETING)):
        answer = await api.get(path, params={"cursor": forge(moment, "x")}, headers=bearer[role])
        assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("since", MOMENTS)
async def test_a_moment_out_of_range_is_no_start_of_the_log(
    api: httpx.AsyncClient, bearer: Headers, since: str
) -> None:
    await refuse(api, "/v1/decisions", bearer[Role.ADMIN], "/since", since=since)


def test_a_place_in_time_is_in_utc() -> None:
    there = dt.datetime(2026, 11, 24, 10, tzinfo=dt.timezone(dt.timedelta(hours=5)))
    found = paging.decode_moment(paging.encode(there.isoformat(), "x"))
    assert found == (there, "x")
    assert found[0].tzinfo is dt.UTC
    assert paging.decode_moment(None) is None


PAGED = {
    "/v1/candidates": Role.SPECIALIST,
    "/v1/candidates?blind=true": Role.SPECIALIST,
    "/v1/candidates?weakened=true": Role.SPECIALIST,
    "/v1/decisions": Role.SPECIALIST,
    "/v1/persons?identifier=phone:%2B34600100201": Role.SPECIALIST,
    "/v1/persons/{id}/timeline": Role.SPECIALIST,
    "/v1/identifiers?status=suspected": Role.SPECIALIST,
    "/v1/campaigns": Role.MARKETING,
    "/v1/campaigns/summer/leads": Role.MARKETING,
    "/v1/keys": Role.ADMIN,
}


async def test_a_page_that_is_full_and_the_last_has_no_next(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    id = await enrol(api, bearer)
    await enrol(api, bearer, "winter")
    await enrol(api, bearer, email="eve@example.com")
    for phone in ("phone:+34600100201", "phone:+34600100202"):
        for given, family in (("Jon", "Ito"), ("Zoe", "Prat")):
            await saw(graph, phone, f"email:{given}@example.com!", given_name=given, family_name=family)
    for n in range(4):
        candidate = await propose(graph, await person(graph, f"a{n}"), await person(graph, f"b{n}"))
        if n > 1:
            await say(graph, candidate, Verdict.SAME)
    await graph.run(Statement("test/weaken", "MATCH ()-[r:SAME_AS]->() SET r.weakened = true"))
    for path, role in PAGED.items():
        url = httpx.URL(f"http://vito{path.format(id=id)}")

        async def read(limit: int, url: httpx.URL = url, role: Role = role, **place: str) -> dict[str, Any]:
            asked = url.copy_merge_params({"limit": limit, **place})
            page = dict((await api.get(asked, headers=bearer[role])).raise_for_status().json())
            # That a key is used is noted beside the answers.
            return page | {"items": [item | {"last_used_at": None} for item in page["items"]]}

        every = (await read(500))["items"]
        assert len(every) > 1, path
        assert (await read(len(every)))["next"] is None, path
        first = await read(len(every) - 1)
        rest = await read(len(every) - 1, cursor=first["next"])
        assert (first["items"] + rest["items"], rest["next"]) == (every, None), path


async def enrol(
    api: httpx.AsyncClient, bearer: Headers, campaign: str = "summer", email: str = "maria@example.com"
) -> str:
    """A person who is a lead of a campaign."""
    made = await api.put(f"/v1/campaigns/{campaign}", json={"name": campaign}, headers=bearer[Role.MARKETING])
    assert made.status_code in (200, 201)
    await api.post(f"/v1/campaigns/{campaign}/activate", headers=bearer[Role.MARKETING])
    posted = await api.post(
        "/v1/observations",
        headers=bearer[Role.CHANNEL],
        json={
            "channel": "web_form",
            "identifiers": [{"kind": "email", "value": email, "assurance": "verified"}],
            "event": {"type": "campaign.enrolled", "target_id": campaign},
        },
    )
    return str(posted.json()["person_id"])
