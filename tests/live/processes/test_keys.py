"""A key's own region is the country of the phone numbers that its channel posts without one."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from typer.testing import CliRunner

from tests.conftest import ADMIN_KEY
from vitograph.api.cli import app
from vitograph.api.running.addresses import Addresses
from vitograph.graph.access.keys import Role, find_caller, list_keys
from vitograph.graph.driver import Graph

Headers = dict[Role, dict[str, str]]
ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}
NUMBER = "623 918 402"


async def make(api: httpx.AsyncClient, **fields: object) -> dict[str, str]:
    made = await api.post("/v1/keys", json={"name": "phones", "role": "channel"} | fields, headers=ADMIN)
    assert made.status_code == 201, made.text
    return {"Authorization": f"Bearer {made.json()['key']}"}


def call(id: str) -> dict[str, object]:
    return {"id": id, "channel": "phone", "identifiers": [{"kind": "phone", "value": NUMBER}]}


async def test_a_number_without_a_country_is_of_the_keys_region(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    spain = await make(api, region="es")
    assert [row["region"] for row in await list_keys(graph) if row["name"] == "phones"] == ["ES"]
    one = await api.post("/v1/observations", json=call("one"), headers=spain)
    assert one.status_code == 201, one.text
    batch = await api.post("/v1/observations/batch", content=json.dumps(call("two")), headers=spain)
    assert json.loads(batch.text)["person_id"] == one.json()["person_id"]
    found = await api.get("/v1/persons", params={"identifier": "phone:+34623918402"}, headers=bearer[Role.SPECIALIST])
    assert [view["view_id"] for view in found.json()["items"]] == [one.json()["view_id"]]
    without = await api.post("/v1/observations", json=call("three"), headers=await make(api))
    assert without.status_code == 422


@pytest.mark.parametrize("region", ["", "E", "ESP", "XX", "34", 34, "é", "\x00"])
async def test_a_region_that_no_numbering_plan_has_is_refused(api: httpx.AsyncClient, region: object) -> None:
    answer = await api.post("/v1/keys", json={"name": "x", "role": "channel", "region": region}, headers=ADMIN)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/region"]


async def test_the_command_makes_a_key_with_a_region(
    graph: Graph, backend: Addresses, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in backend.as_environment().items():
        monkeypatch.setenv(name, value)
    arguments = ["keys", "create", "phones", "--role", "channel", "--region"]
    done = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "gb"])
    assert done.exit_code == 0, done.output
    caller = await find_caller(graph, done.output.split()[1])
    assert caller is not None
    assert caller.region == "GB"
    refused = await asyncio.to_thread(CliRunner().invoke, app, [*arguments, "nowhere"])
    assert refused.exit_code == 2
    assert "country code" in refused.output
