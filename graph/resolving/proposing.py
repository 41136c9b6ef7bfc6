"""Scored pairs become candidates in the queue, or beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import orjson

from vitograph.graph.driver import Row, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.candidates import CandidateKind, Pair
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.policy import ProposalStatus, propose, speaks_for

PROPOSE_CANDIDATES = load("candidate/propose_candidates")

DRIFT = 0.25  # bits: less than any evidence, so it changes no candidate that somebody reads


def candidate_row(pair: Pair, scored: Score, shares: bool) -> Row | None:
    """The candidate of a pair as it is written; None when policy sees nothing to keep.

    `shares`: the two views hold an identifier in common. What is kept beside the queue is written without its
    waterfall, which is most of a candidate: `graph.waterfalls` makes it when somebody looks.
    """
    id = pair.id
    proposal = propose(scored, shares=shares, lot=id if pair.kind is CandidateKind.PERSON else None)
    if proposal is None:
        return None
    return {
        "id": id,
        "kind": pair.kind.value,
        "left": pair.left,
        "right": pair.right,
        "status": proposal.status.value,
        "propensity": proposal.propensity,
        **score_columns(scored),
        **({"evidence": None} if proposal.status is ProposalStatus.STORED else {}),
    }


def score_columns(scored: Score) -> Row:
    """A score as a candidate keeps it."""
    return {
        "p_same": scored.p_same,
        "p_household": scored.p_household,
        "bits_stranger": scored.bits_stranger,
        "bits_household": scored.bits_household,
        "band": scored.band,
        "proposed_as": speaks_for(scored).value,
        "groups": list(scored.groups),
        "value": scored.order,
        "model": scored.model,
        "evidence": orjson.dumps(scored.to_json()).decode(),
    }


async def propose_rows(rows: list[Row], now: dt.datetime, tx: Transaction) -> int:
    """Writes candidates, sorted by id; how many were new or changed. Their persons are locked first."""
    return int((await tx.run(PROPOSE_CANDIDATES, **proposal(rows, now)))[0]["proposed"])


def proposal(rows: list[Row], now: dt.datetime, lost: Sequence[Row] = (), marks: Sequence[Row] = ()) -> dict[str, Any]:
    """What `PROPOSE_CANDIDATES` takes: candidates, sorted by id; those `lost`, which a view had and that were not found
    again; and marks that come off, or are only looked at (`resolve_at` None).
    """
    persons = {row[side] for row in rows for side in ("left", "right")}.union(mark["id"] for mark in marks)
    about = {"persons": sorted(persons), "lost": lost}
    return {"about": about, "rows": rows, "marks": marks, "at": now, "drift": DRIFT}
