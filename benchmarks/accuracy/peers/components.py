"""What a customer data platform does: equal identifiers are one person, and so is whatever hangs together by them."""

from __future__ import annotations

import time
from collections import defaultdict
from itertools import pairwise

from benchmarks.accuracy.peers.rows import LISTS, rows_of
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.runs import Outcome
from vitograph.resolver.training.evaluation import ScoredPair, clusters


def connected_components(prepared: Prepared) -> Outcome:
    """Connected components over an equal e-mail address, phone number or account, or an equal full name and birth date.

    Cookies and sessions join nobody here: a cruder matcher than many.
    """
    started = time.perf_counter()
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows_of(prepared.profiles):
        keys = [(column, value) for column in LISTS for value in row[column] or ()]
        person = tuple(row[column] for column in ("given_name", "family_name", "date_of_birth"))
        if all(person):
            keys.append(person)
        for key in keys:
            holders[key].append(row["unique_id"])
    links = [ScoredPair(left, right, 1.0, 0.0, "A") for views in holders.values() for left, right in pairwise(views)]
    found = clusters(links, prepared.profiles, 0.5)
    return Outcome("wcc", time.perf_counter() - started, [], found)
