"""What ViTo bears, and what answers who comes up against it. The figures are those that the code goes by."""

from __future__ import annotations

from typing import NamedTuple

from vitograph.api import app
from vitograph.api.access import callers
from vitograph.api.routes import cloudevents, cypher, observations, segment
from vitograph.api.settings import Settings
from vitograph.api.wire import hardening, http
from vitograph.api.wire.bodies import MOST_BYTES
from vitograph.graph import driver
from vitograph.graph.publishing import campaigns
from vitograph.ingest import bodies, groups, images
from vitograph.ingest import observations as ingested
from vitograph.projections.hot import line, patience
from vitograph.resolver.deciding import bulk
from vitograph.resolver.publishing import outbox
from vitograph.resolver.publishing.campaigns import MOST_ARTIFACTS
from vitograph.resolver.values import normalize

KIB, MIB = 1 << 10, 1 << 20
WAIT = "429, `Retry-After`"


class Limit(NamedTuple):
    """One limit: of what, how much, and the answer beyond it."""

    of: str
    most: str
    answer: str


def limits() -> list[Limit]:
    """Every limit that a caller can meet, from the connection inward."""
    return [*_of_requests(), *_of_processes()]


def _of_requests() -> list[Limit]:
    """How much one request may bring."""
    fields = Settings.model_fields
    return [
        Limit("headers of a request", f"{hardening.MOST_HEADERS // KIB} KiB, {http.WITHIN:g} s", "431; closed"),
        Limit("two parts of a body, and all of it", f"{hardening.SILENCE:g} s, {hardening.WHOLE_BODY:g} s", "408"),
        Limit("any body but evidence", f"{MOST_BYTES // MIB} MiB, nested {bodies.MOST_DEPTH} deep", "413, 400"),
        Limit("one observation", f"{bodies.MOST_OBSERVATION_BYTES // KIB} KiB", "413"),
        Limit("identifiers of an observation", f"{ingested.MOST_IDENTIFIERS}", "422"),
        Limit("an identifier", f"{normalize.LONGEST_IDENTIFIER} characters", "422"),
        Limit("lines of a batch", f"{observations.MOST_LINES:,}", "413"),
        Limit("events of a CloudEvents batch", f"{cloudevents.MOST_EVENTS:,}", "400"),
        Limit("messages of a Segment batch", f"{segment.MOST_MESSAGES:,}", "413"),
        Limit("evidence", f"{fields['evidence_mib'].default} MiB (`VITO_EVIDENCE_MIB`)", "413"),
        Limit("files of evidence that arrive at once in one API process", f"{app.MOST_UPLOADS}", WAIT),
        Limit("an image", f"{images.MOST_BYTES // MIB} MiB", "422"),
        Limit("an artifact", f"{campaigns.MOST_CONTENT // KIB} KiB", "422"),
        Limit(
            "artifacts of a campaign",
            f"{MOST_ARTIFACTS}, {campaigns.MOST_TOGETHER // KIB} KiB together",
            "409",
        ),
    ]


def _of_processes() -> list[Limit]:
    """How much is done at once, and for how long."""
    fields = Settings.model_fields
    return [
        Limit("calls of a key", f"{fields['key_rate'].default:,} a second (`VITO_KEY_RATE`, or its own)", WAIT),
        Limit("posts of a page, by key and address", f"{app.PAGE_RATE:g} a second, {app.PAGE_BURST:g} at once", WAIT),
        Limit("unknown keys of an address that are looked up at once", f"{callers.MOST_WAITING}", WAIT),
        Limit("observations that wait in one API process", f"{groups.MOST_WAITING:,}", WAIT),
        Limit("observations of a transaction, transactions at once", f"{groups.MOST}, {groups.AT_ONCE}", "they wait"),
        Limit("batches under way in one API process", f"{app.MOST_BATCHES}", WAIT),
        Limit("pairs of a bulk decision", f"{bulk.MOST}", "422"),
        Limit("a transaction", f"{driver.WALL_CLOCK:g} s", "503, `Retry-After`"),
        Limit("connections of a process to Neo4j", f"{driver.MOST_CONNECTIONS}", "503 after 10 s"),
        Limit("Valkey's answer to a hot read", f"{line.HEDGE * 1000:g} ms", "the graph is asked"),
        Limit(
            "the graph's answer to a hot read",
            f"{patience.GRAPH_PATIENCE:g} s, {line.MOST_ASKING} at once",
            "503: dark",
        ),
        Limit(
            "attempts to project a change", f"{outbox.MOST_ATTEMPTS}", "it is dead, or goes on: `vito projections dead`"
        ),
        Limit("an analyst's query", f"{fields['analytics_seconds'].default:g} s, {cypher.MOST_ROWS:,} rows", "stopped"),
        Limit(
            "open requests when the API ends",
            f"{fields['drain_seconds'].default} s (`VITO_DRAIN_SECONDS`)",
            "closed unanswered",
        ),
    ]


def reference() -> str:
    """The limits as a Markdown table."""
    rows = [f"| {limit.of} | {limit.most} | {limit.answer} |" for limit in limits()]
    return "\n".join(["| what | at most | beyond it |", "|---|---|---|", *rows])
