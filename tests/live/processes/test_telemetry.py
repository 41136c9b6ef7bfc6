"""What API and worker tell of their work: traces, log lines and figures, and in none of it what somebody posted.

One wide run of the API, bad input and failures included, by processes of their own over the real servers.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import yaml
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from prometheus_client.parser import text_string_to_metric_families

from tests.live.collector import Collector
from tests.live.instances import wait_for_async
from tests.live.running import Running
from vitograph.api.running.addresses import Addresses
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.upkeep import audit_if_due, record_backup
from vitograph.graph.queries import names

ROOT = Path(__file__).parents[3]
OBSERVATION, CAMPAIGN = (uuid.UUID(f"0af7651916cd43dd8448eb211c80319{digit}") for digit in "cd")
CALLER = "b7ad6b7169203331"
CANARIES = ("Zebulonia", "Quixworth", "zeb.quixworth@canary.example", "601234567", "cookie-canary-81f", "canary-note")
BODY = {
    "id": "canary-event",
    "channel": "web_form",
    "identifiers": [
        {"kind": "email", "value": "zeb.quixworth@canary.example"},
        {"kind": "phone", "value": "+34601234567"},
        {"kind": "cookie", "value": "cookie-canary-81f"},
    ],
    "traits": {"given_name": "Zebulonia", "family_name": "Quixworth", "street": "canary-note"},
    "event": {"type": "campaign.enrolled", "target_id": "summer", "properties": {"note": "canary-note"}},
}
Bearer = dict[Role, dict[str, str]]


def followed(trace: uuid.UUID) -> dict[str, str]:
    """Headers of a caller who traces."""
    return {"traceparent": f"00-{trace.hex}-{CALLER}-01", "tracestate": "x=Zebulonia"}


class Told:
    """All that was told of the run."""

    def __init__(self, collector: Collector, api: Running, worker: Running) -> None:
        self.collector = collector
        self.logs = api.said + worker.said
        self.lines = [*api.lines(), *worker.lines()]
        self.metrics: list[str] = []
        self.statuses: set[int] = set()

    def names(self, trace_id: bytes) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for service, span in self.collector.trace(trace_id):
            found.setdefault(service, set()).add(span.name)
        return found


@pytest.fixture
async def told(graph: Graph, backend: Addresses, tmp_path: Path, bearer: Bearer) -> AsyncIterator[Told]:
    """What was told of a wide run."""
    with Collector().running() as collector:
        variables = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint,
            "OTEL_BSP_SCHEDULE_DELAY": "200",
            "VITO_LOG_LEVEL": "debug",
            "PYTHONWARNINGS": "default",
        }
        async with (
            Running("serve", backend, tmp_path, **variables) as api,
            Running("worker", backend, tmp_path, **variables) as worker,
            httpx.AsyncClient(base_url=api.address, trust_env=False, timeout=60) as client,
        ):
            statuses = await _run(client, bearer)
            await _wait_carried(client)
            await audit_if_due(graph, 24)
            await record_backup(graph)
            await _wait_told(client, 'vito_upkeep_age_seconds{act="backup"}')
            pages = [(await client.get(f"{one.address}/metrics")).text for one in (api, worker)]
            assert await api.end() == 0
            assert await worker.end() == 0
        told = Told(collector, api, worker)
        told.metrics, told.statuses = pages, statuses
        yield told


async def _run(client: httpx.AsyncClient, bearer: Bearer) -> set[int]:
    """Good and bad calls of many routes, each with canaries in all that a caller can say."""
    channel, specialist, admin = bearer[Role.CHANNEL], bearer[Role.SPECIALIST], bearer[Role.ADMIN]
    marketing = bearer[Role.MARKETING]
    answers = [
        await client.post("/v1/observations", json=BODY, headers=channel | followed(OBSERVATION)),
        await client.post("/v1/observations", json=BODY | {"id": "canary-event-2"}, headers=channel),
        await client.post("/v1/observations", json=BODY | {"channel": "other"}, headers=channel),  # 409
        await client.post("/v1/observations", json=BODY | {"traits": {"Zebulonia": "Quixworth"}}, headers=channel),
        await client.post("/v1/observations", content=b'{"Zebulonia": ' + b"[" * 900, headers=channel),
        await client.post("/v1/observations", json={"identifiers": "zeb.quixworth@canary.example"}, headers=channel),
        await client.post("/v1/observations/batch", content=json.dumps(BODY) + "\n{Zebulonia\n", headers=channel),
        await client.post("/v1/observations", json=BODY, headers={"Authorization": "Bearer Zebulonia"}),
        await client.get(
            "/v1/persons", params={"identifier": "email:zeb.quixworth@canary.example"}, headers=specialist
        ),
        await client.get("/v1/persons/Zebulonia", headers=specialist),
        await client.get("/v1/candidates?cursor=Zebulonia", headers=specialist),
        await client.get("/v1/decisions?since=Zebulonia", headers=specialist | {"X-Request-Id": "Zebulonia"}),
        await client.get("/hot/visitors/cookie-canary-81f?campaign=Zebulonia"),
        await client.get("/hot/campaigns/Zebulonia"),
        await client.get("/Zebulonia/Quixworth?q=zeb.quixworth@canary.example"),
        await client.request("ZEBULONIA", "/healthz"),  # no method of HTTP at all
        await client.request("PROPFIND", "/healthz"),
        await client.put("/v1/campaigns/summer", json={"name": "Zebulonia"}, headers=marketing | followed(CAMPAIGN)),
        await client.put("/v1/campaigns/summer", json={"css": "Zebulonia"}, headers=marketing),
        await client.post("/v1/keys", json={"name": "Zebulonia", "role": "Quixworth"}, headers=admin),
        await client.post(
            "/segment/v1/identify", json={"userId": "Zebulonia", "traits": BODY["traits"]}, headers=channel
        ),
        await client.post("/v1/evidence", files={"file": ("Zebulonia.txt", b"canary-note")}, headers=channel),
    ]
    person = answers[0].json()["person_id"]
    for path in ("", "/timeline", "/graph"):
        answers.append(await client.get(f"/v1/persons/{person}{path}", headers=specialist))
    answers.append(await client.get("/hot/visitors/cookie-canary-81f"))
    answers.append(await client.delete(f"/v1/persons/{person}", headers=admin))
    return {answer.status_code for answer in answers}


async def _wait_carried(client: httpx.AsyncClient) -> None:
    async def is_carried() -> bool:
        told = (await client.get("/metrics")).text
        return bool(
            re.search(r"^vito_outbox_waiting 0$", told, re.M) and re.search(r"^vito_resolver_waiting 0$", told, re.M)
        )

    await wait_for_async(is_carried, 120)


async def _wait_told(client: httpx.AsyncClient, figure: str) -> None:
    async def is_told() -> bool:
        return figure in (await client.get("/metrics")).text

    await wait_for_async(is_told, 60)


async def test_one_trace_runs_from_a_request_to_the_projection_and_none_tells_values(told: Told) -> None:
    assert told.statuses >= {200, 201, 202, 400, 401, 404, 409, 422}
    _check_trace(told)
    _check_names(told)
    _check_canaries(told)
    _check_lines(told)
    _check_watched(told)


def _check_trace(told: Told) -> None:
    """A caller's trace goes through HTTP, Bolt and Redis in the API, and by the outbox to both in the worker."""
    _check_whole(told, OBSERVATION, "POST /v1/observations")
    _check_whole(told, CAMPAIGN, "PUT /v1/campaigns/{id}")
    observed, put = told.names(OBSERVATION.bytes), told.names(CAMPAIGN.bytes)
    assert observed["vito-api"] >= {
        "transaction/write",
        "observation/claim_events",
        "observation/record_events",
        "SET bar",
    }
    assert put["vito-api"] >= {"transaction/write", "outbox/record_entry", "EVAL put"}
    assert put["vito-worker"] >= {"project/campaign", "campaign/get_campaign", "EVAL put"}
    hot = [span for _, span in told.collector.spans if span.name == "GET /hot/visitors/{cookie}"]
    assert any("MGET" in told.names(span.trace_id)["vito-api"] for span in hot)


def _check_whole(told: Told, trace: uuid.UUID, name: str) -> None:
    """Every span of the trace hangs on another, up to the request, which hangs on the caller's."""
    spans = {span.span_id: span for _, span in told.collector.trace(trace.bytes)}
    [request] = [span for span in spans.values() if span.kind == Span.SPAN_KIND_SERVER]
    assert request.name == name
    assert request.parent_span_id.hex() == CALLER
    for span in spans.values():
        while span is not request:
            span = spans[span.parent_span_id]


def _check_names(told: Told) -> None:
    """Statements are named by their files, and every attribute is one of ours."""
    statements = set(names())
    attributes = set()
    for _, span in told.collector.spans:
        said = {item.key: item.value.string_value for item in span.attributes}
        attributes |= set(said)
        if said.get("db.system.name") == "neo4j":
            assert span.name in statements
        assert not span.events
        assert not span.status.message
        assert not span.trace_state
    assert attributes <= {
        *("http.request.method", "http.route", "http.response.status_code"),
        *("db.system.name", "db.query.summary", "error.type"),
    }


def _check_canaries(told: Told) -> None:
    """Nothing that somebody said is told anywhere."""
    for canary in CANARIES:
        assert canary.encode() not in told.collector.raw, canary
        assert canary.lower() not in told.logs.lower(), canary
        assert not any(canary in page for page in told.metrics), canary


def _check_lines(told: Told) -> None:
    """Every line is an object with these fields, and those of a request carry its id."""
    assert {line["process"] for line in told.lines} == {"api", "worker"}
    for line in told.lines:
        assert (
            {"at", "level", "process", "logger", "message"}
            <= line.keys()
            <= {*("at", "level", "process", "logger", "message", "request_id", "error")}
        )
    requests = [line for line in told.lines if line["message"].startswith("POST /v1/observations: 201")]
    assert len({line["request_id"] for line in requests}) == 2
    assert any(line["message"].startswith("other /healthz: 405") for line in told.lines)


def _check_watched(told: Told) -> None:
    """Every figure of the dashboard and of the alert rules is one that is exported, of the API or of the worker."""
    exported = {
        name
        for page in told.metrics
        for family in text_string_to_metric_families(page)
        for name in (family.name, f"{family.name}_total", f"{family.name}_bucket")
    }
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())
    dashboard = json.loads((ROOT / "deploy/grafana/vitograph.json").read_text())
    asked = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    asked += [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    figures = {name for expression in asked for name in re.findall(r"\b(?:vito|process)_\w+", expression)}
    assert len(figures) > 25
    assert figures <= exported
    assert "process_resident_memory_bytes" in told.metrics[1]  # the worker's
    sampled = {name for name in figures if re.search(rf"^{name}[{{ ]", told.metrics[0], re.M)}
    # There is no sink here, and nobody was sent away: `test_sinks_http.py` has the figures of sinks.
    assert {name for name in figures - sampled if not name.startswith(("vito_delivery", "vito_teardown"))} <= {
        "vito_http_too_many_total"
    }
