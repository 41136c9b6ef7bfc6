"""Rejection memory at work: a decided pair returns to the queue when enough was learnt since, and never before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from itertools import groupby

import orjson

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.people.persons import LOCK_PERSONS
from vitograph.graph.queries import load
from vitograph.graph.resolving.pairing import Compared
from vitograph.graph.resolving.population import load_context
from vitograph.graph.resolving.proposing import score_columns
from vitograph.resolver.candidates import Pair
from vitograph.resolver.deciding.reopening import News, news
from vitograph.resolver.scoring.evidence import Score

RECORD_REOPENED = load("candidate/record_reopened")


async def reopen(
    graph: Graph, compared: Compared, score: Callable[[Pair], Score], decided: list[Row] | None = None
) -> int:
    """Puts those decided pairs back whose evidence gained enough since they were decided; how many.

    Of two views that several decisions keep apart, each must have been told too little: the one told most is reopened.
    `decided` are the decided candidates of the pairs where they were read already.
    """
    pairs = {pair.id: pair for pair in (*compared.pairs, *compared.apart)}
    if decided is None:
        decided = (await load_context(graph, **compared.asked())).decided
    rows = []
    for id, group in groupby(decided, key=lambda row: row["pair"]):
        scored = score(pairs[id])
        found, least = _least(group, scored)
        if least.reopens:
            rows.append(
                {
                    "id": found["id"],
                    "decision": found["decision"],
                    **score_columns(scored),
                    "reopened": orjson.dumps(least.to_json()).decode(),
                }
            )
    if not rows:
        return 0
    rows.sort(key=lambda row: row["id"])
    ends = sorted({row[side] for row in decided for side in ("left", "right")})

    async def work(tx: Transaction) -> int:
        await tx.run(LOCK_PERSONS, ids=ends)
        reopened = await tx.run(RECORD_REOPENED, rows=rows, at=dt.datetime.now(dt.UTC))
        return int(reopened[0]["reopened"])

    return await graph.write(work)


def _least(decided: Iterable[Row], scored: Score) -> tuple[Row, News]:
    """The decision that knew most of what is known now, and the news to it."""
    now = [row._asdict() for row in scored.evidence]
    told = [(row, news(orjson.loads(row["evidence"] or "{}").get("evidence", ()), now)) for row in decided]
    return min(told, key=lambda one: one[1].bits)
