"""How good decisions and proposals are, counted in the graph."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

from vitograph.graph.deciding.queue import BANDS
from vitograph.graph.deciding.reviews import list_pairs
from vitograph.graph.driver import Graph, Row
from vitograph.graph.queries import load
from vitograph.resolver.deciding.decisions import Verdict
from vitograph.resolver.deciding.quality import CONFIDENCE, kappa, lower_bound, stability

LIST_VERDICTS = load("quality/list_verdicts")
COUNT_OVERTURNED = load("quality/count_overturned")
LIST_AGES = load("quality/list_ages")
COUNT_SHARED = load("quality/count_shared")
LIST_SCORES = load("quality/list_scores")

# Holders from which on an identifier is in the next bin; the last is the hub that nobody can be told apart by.
DEGREES = (0, 2, 3, 6, 21, 65)
RECENT = dt.timedelta(days=7)
BEFORE = dt.timedelta(days=90)
MOST_SCORES = 50_000


async def measure(graph: Graph) -> dict[str, Any]:
    """Precision by band, overturned decisions, agreement, the age of the queue, shared identifiers and drift."""
    now = dt.datetime.now(dt.UTC)
    verdicts, overturned, pairs, ages, shared, before, recent = await asyncio.gather(
        graph.rows(LIST_VERDICTS),
        graph.rows(COUNT_OVERTURNED),
        list_pairs(graph),
        list_ages(graph),
        graph.rows(COUNT_SHARED, bounds=list(DEGREES)),
        graph.rows(LIST_SCORES, since=now - BEFORE, until=now - RECENT, most=MOST_SCORES),
        graph.rows(LIST_SCORES, since=now - RECENT, until=now, most=MOST_SCORES),
    )
    return {
        "at": now.isoformat(timespec="seconds"),
        "precision": precision(verdicts),
        "overturned": _overturned(overturned),
        "agreement": agreement(pairs),
        "queue_age": ages,
        "identifiers": shared,
        "drift": drift(before, recent),
    }


async def list_ages(graph: Graph) -> list[Row]:
    """How long the pairs of each queue have waited, in seconds: `kind, waiting, median, p95, oldest`."""
    return await graph.rows(LIST_AGES, now=int(dt.datetime.now(dt.UTC).timestamp()))


def precision(verdicts: list[Row]) -> list[Row]:
    """Of the pairs of each kind and band that were decided one way or the other, how many are one person.

    A link that was taken back and kept apart counts as two persons; an `unsure` does not count.
    """
    found = []
    for kind, band in sorted({(row["kind"], row["band"]) for row in verdicts if row["band"] in BANDS}):
        counts = {row["verdict"]: row["count"] for row in verdicts if (row["kind"], row["band"]) == (kind, band)}
        of = sum(count for verdict, count in counts.items() if verdict != Verdict.UNSURE)
        same = counts.get(Verdict.SAME, 0)
        found.append(
            {
                "kind": kind,
                "band": band,
                "decided": of,
                "same": same,
                "precision": same / of if of else None,
                "lower_bound": lower_bound(same, of),
                "confidence": CONFIDENCE,
                "verdicts": counts,
            }
        )
    return found


def agreement(pairs: list[Row]) -> dict[str, Any]:
    """How second looks met what was decided: as a whole, and by why they were taken."""

    def of(rows: list[Row]) -> dict[str, Any]:
        counts: dict[tuple[str, str], int] = {}
        for row in rows:
            key = (row["decided"], row["said"])
            counts[key] = counts.get(key, 0) + row["count"]
        looks = sum(counts.values())
        agreed = sum(count for (decided, said), count in counts.items() if decided == said)
        return {"looks": looks, "agreed": agreed, "rate": agreed / looks if looks else None, "kappa": kappa(counts)}

    purposes = sorted({row["purpose"] for row in pairs})
    return {**of(pairs), "by_purpose": {name: of([r for r in pairs if r["purpose"] == name]) for name in purposes}}


def drift(before: list[Row], recent: list[Row]) -> list[Row]:
    """How the scores of this week are spread beside those before, by model; `stability` is None for lack of either."""
    found = []
    for model in sorted({row["model"] for row in (*before, *recent) if row["model"]}):
        then, now = _histogram(before, model), _histogram(recent, model)
        found.append({"model": model, "before": then, "recent": now, "stability": stability(then, now)})
    return found


def _histogram(rows: list[Row], model: str) -> list[int]:
    counts = {row["bin"]: row["count"] for row in rows if row["model"] == model}
    return [counts.get(bin, 0) for bin in range(10)]


def _overturned(rows: list[Row]) -> dict[str, Any]:
    decisions, overturned = sum(row["decisions"] for row in rows), sum(row["overturned"] for row in rows)
    return {
        "decisions": decisions,
        "overturned": overturned,
        "rate": overturned / decisions if decisions else None,
        "by_verdict": rows,
    }
