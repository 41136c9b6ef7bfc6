"""Judging enrolments in the transaction that records them, by the campaigns as they are committed then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from vitograph.graph.driver import Transaction
from vitograph.graph.queries import load
from vitograph.resolver.model import Observation
from vitograph.resolver.publishing.campaigns import CampaignStatus
from vitograph.resolver.publishing.enrolments import Schedule, is_to_judge, judge

LIST_SCHEDULES = load("campaign/list_schedules")


async def judge_all(tx: Transaction, observations: Mapping[str, Observation]) -> dict[str, Observation]:
    """The observations as they are to be recorded, by id. Campaigns are not locked: who enrols queues for nobody."""
    targets = {one.event.target_id for one in observations.values() if is_to_judge(one)}
    if not targets:
        return dict(observations)
    rows = await tx.run(LIST_SCHEDULES, ids=sorted(target for target in targets if target is not None))
    now = dt.datetime.now(dt.UTC)
    schedules = {
        row["id"]: Schedule(
            CampaignStatus(row["status"]),
            row["starts_at"] and row["starts_at"].to_native(),
            row["ends_at"] and row["ends_at"].to_native(),
        )
        for row in rows
    }
    return {id: judge(one, schedules, now) for id, one in observations.items()}
