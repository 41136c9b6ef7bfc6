"""`/metrics` and `/readyz` over the real servers: what they count, and what they say when a server is away."""

from __future__ import annotations

import re

import httpx
from prometheus_client.parser import text_string_to_metric_families

from tests.live.instances import wait_for_async
from vitograph.api.running.children import Child
from vitograph.api.telemetry.requests import OTHER
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.keeping.upkeep import audit_if_due, record_backup
from vitograph.graph.people.marks import count_pending
from vitograph.graph.queries import Statement

DAMAGE = Statement(
    "test/damage", "CREATE (:Person {id: 'p-damaged', view_id: 'v-of-nobody', kind: 'person', resolve_at: 5})"
)
OBSERVATION = {"channel": "web_form", "identifiers": [{"kind": "email", "value": "a@example.com"}]}

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def scrape(api: httpx.AsyncClient) -> Samples:
    """Every sample by name and labels, as Prometheus's own parser reads it."""
    answer = await api.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def one(samples: Samples, name: str, **labels: str) -> float:
    return samples[name, frozenset(labels.items())]


async def test_requests_are_counted_by_template_and_class_of_status(
    api: httpx.AsyncClient, bearer: dict[Role, dict[str, str]]
) -> None:
    for number in range(3):
        await api.get(f"/v1/persons/nobody-{number}", headers=bearer[Role.SPECIALIST])
        await api.get(f"/hot/visitors/cookie-{number}")
        await api.get(f"/made-up/{number}")
        await api.request(f"MADEUP{number}", "/healthz")
    recorded = await api.post("/v1/observations", json=OBSERVATION, headers=bearer[Role.CHANNEL])
    assert recorded.status_code == 201
    samples = await scrape(api)
    total = "vito_http_requests_total"
    assert one(samples, total, method="GET", route="/v1/persons/{id}", status="4xx") == 3
    assert one(samples, total, method="GET", route="/hot/visitors/{cookie}", status="2xx") == 3
    assert one(samples, total, method="GET", route=OTHER, status="4xx") == 3
    assert one(samples, total, method="POST", route="/v1/observations", status="2xx") == 1
    assert one(samples, "vito_http_request_seconds_count", method="POST", route="/v1/observations") == 1
    assert one(samples, "vito_hot_reads_total", answer="absent") == 3
    assert one(samples, "vito_http_open_requests") == 1  # this very scrape
    assert one(samples, "process_resident_memory_bytes") > 1 << 20


async def test_whoever_makes_up_paths_and_methods_makes_no_series(api: httpx.AsyncClient) -> None:
    await api.get("/made-up")
    await api.request("MADEUP", "/healthz")
    await scrape(api)
    before = len(await scrape(api))
    for number in range(50):
        await api.get(f"/made-up/{number}?q={number}")
        await api.get(f"/hot/campaigns/made-up-{number}")
        await api.request(f"MADEUP{number}", f"/hot/visitors/{number}")
    after = await scrape(api)
    routes = {value for _, labels in after for label, value in labels if label == "route"}
    assert not any(re.search(r"\d", route) for route in routes - {OTHER} if not route.startswith("/v1/"))
    assert len(after) - before <= 4 * 18  # the two hot routes, by method


async def test_the_resolver_s_backlog_and_the_last_audit_are_told(api: httpx.AsyncClient, graph: Graph) -> None:
    samples = await scrape(api)
    assert one(samples, "vito_resolver_waiting") == 0
    assert one(samples, "vito_resolver_lag_seconds") == 0
    assert not any(name.startswith(("vito_audit", "vito_upkeep")) for name, _ in samples)
    await graph.run(DAMAGE)
    pending = await count_pending(graph)
    assert pending.waiting == 1
    assert pending.lag > 1e9  # marked in 1970
    findings = await audit_if_due(graph, 24)
    assert findings
    assert await audit_if_due(graph, 24) is None
    await record_backup(graph)

    async def told() -> bool:
        samples = await scrape(api)
        labels = frozenset({("act", "backup")})
        if ("vito_upkeep_age_seconds", labels) not in samples:
            return False  # acts are remembered for a second
        failed = sum(not finding.is_warning for finding in findings)
        assert one(samples, "vito_audit_failed") == failed > 0
        assert one(samples, "vito_resolver_waiting") == 1
        return True

    await wait_for_async(told, 30)


async def test_without_valkey_it_is_degraded_and_serves(page: httpx.AsyncClient, valkey: Child) -> None:
    assert (await page.get("/readyz")).json() == {"status": "ready", "degraded": []}
    await valkey.stop()

    async def told() -> bool:
        answer = await page.get("/readyz")
        assert answer.status_code == 200
        return bool(answer.json() == {"status": "degraded", "degraded": ["Valkey does not answer"]})

    await wait_for_async(told, 30)
    samples = await scrape(page)
    assert one(samples, "vito_hot_memory_up") == 0
    assert one(samples, "vito_graph_up") == 1
    assert (await page.get("/hot/campaigns/nobody")).json() == {"status": "unknown"}
    assert one(await scrape(page), "vito_hot_reads_total", answer="away") > 0
