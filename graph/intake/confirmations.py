"""Forms whose senders are asked to confirm their address: recorded together with the order to send the mail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from vitograph.graph import outbox
from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.intake.observations import Outcome, Recorded, record
from vitograph.graph.queries import load
from vitograph.resolver.model import Observation
from vitograph.resolver.publishing.enrolments import REQUESTED, was_refused

GET_REQUEST = load("confirmation/get_request")

AGGREGATE = "confirmation"
COPY = "confirmation-mail"
"""Key of the campaign's artifact that says what the mail says."""


@dataclass(frozen=True, slots=True)
class Request:
    """A form that waits for its sender's confirmation. `recent`: forms of this address within a day, this one too.

    `is_over`: its campaign has ended, so that there is nothing to confirm but the address.
    """

    id: str
    email: str
    traits: dict[str, str]
    campaign: str
    campaign_name: str
    copy: dict[str, Any]
    recent: int
    received_at: dt.datetime
    is_over: bool


async def record_request(graph: Graph, observation: Observation, sends: bool) -> Outcome:
    """Accepts a form, once; the mail is ordered in the same transaction, so there is neither without the other. None
    is where the form came too late.
    """

    async def order(tx: Transaction, fresh: Sequence[Recorded]) -> None:
        for one in fresh:
            if not was_refused(one.warnings):
                await outbox.record(tx, AGGREGATE, one.event_id, 1)

    return (await record(graph, [observation], also=order if sends else None))[0]


async def get_request(graph: Graph, id: str) -> Request | None:
    """The form of an event's id; None when there is none, or none any more."""
    rows = await graph.rows(GET_REQUEST, id=id, type=REQUESTED, copy=COPY)
    if not rows:
        return None
    row = rows[0]
    copy = orjson.loads(row["copy"]) if row["copy"] else {}
    campaign = row["target_id"]
    return Request(
        row["id"],
        row["email"],
        orjson.loads(row["traits"]),
        campaign,
        row["name"] or campaign,
        copy,
        row["recent"],
        row["received_at"].to_native(),
        row["is_over"],
    )
