"""Who is compared with whom: the pairs that a blocking key or an identifier brings together, and their profiles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from vitograph.graph.driver import Graph, Row
from vitograph.graph.people.holdings import HUB
from vitograph.graph.people.tombstones import list_verdicts
from vitograph.graph.people.views import load_profiles
from vitograph.graph.queries import load
from vitograph.resolver.blocking import MOST_VIEWS
from vitograph.resolver.candidates import Pair, pair_of
from vitograph.resolver.model import Profile

LIST_PARTNERS = load("resolution/list_partners")

# Partners of one view, those with the rarest common keys first: a duplicate shares much or something rare, and work
# per person stays bounded. Who shares an identifier is looked at in any case, up to MOST_PARTNERS.
MOST_LIKELY = 40
MOST_PARTNERS = 100

# Blocking keys of one view that are walked, the rarest first.
MOST_KEYS = 200

# Profiles that one run keeps at most, some kB each.
MOST_KNOWN = 20_000


@dataclass(frozen=True, slots=True)
class Compared:
    """Pairs of a batch of views, sorted, with the profiles behind them.

    `apart` are those that a decision keeps apart: none is proposed, but new evidence may reopen one, unless it was
    about somebody who was erased. `common` are the identifiers that both views of some pair hold: the only ones whose
    use matters. `standing` are the candidates of each view that nobody decided, by id the version that was read before
    its partners were looked for; a view that had more partners than are looked at is left out. `dropped_keys` counts
    blocking keys too common to use, by rule.
    """

    profiles: Mapping[str, Profile]
    pairs: list[Pair]
    apart: list[Pair]
    common: Collection[str]
    standing: Mapping[str, Mapping[str, int]]
    dropped_keys: Counter[str]

    def asked(self) -> dict[str, list[Any]]:
        """The pairs as the graph is asked what was decided of them."""
        apart = [{"id": pair.id, "left": pair.left, "right": pair.right} for pair in self.apart]
        return {"pairs": [pair.id for pair in self.pairs], "apart": apart}


async def compare(graph: Graph, view_ids: set[str], known: dict[str, Profile]) -> Compared:
    """Every pair of these views that is worth scoring.

    `known` are profiles that need not be read again; those that are read are added.
    """
    partners = await graph.rows(
        LIST_PARTNERS,
        views=sorted(view_ids),
        most=MOST_VIEWS,
        keys=MOST_KEYS,
        hub=HUB,
        likely=MOST_LIKELY,
        partners=MOST_PARTNERS,
    )
    others = {partner for row in partners for partner in row["partners"]}
    if len(known) > MOST_KNOWN:
        known.clear()
    unread = (view_ids | others) - known.keys()
    known |= await load_profiles(graph, unread)
    profiles = {id: known[id] for id in view_ids | others if id in known}
    pairs = {pair for row in partners for pair in _pairs(row, profiles)}
    buried = await _buried(graph, pairs, profiles) if any(row["verdicts"] for row in partners) else set()
    apart = {(row["view_id"], other) for row in partners for other in row["apart"]}
    apart |= {(right, left) for left, right in apart}
    apart |= {(pair.left, pair.right) for pair in pairs if pair.id in buried}
    return Compared(
        profiles,
        sorted(pair for pair in pairs if (pair.left, pair.right) not in apart),
        sorted(pair for pair in pairs if (pair.left, pair.right) in apart),
        _common_keys(pairs, profiles),
        {
            row["view_id"]: {one["id"]: one["version"] for one in row["standing"]}
            for row in partners
            if not row["is_cut"]
        },
        Counter(key.partition(":")[0] for row in partners for key in row["dropped"]),
    )


async def _buried(graph: Graph, pairs: Iterable[Pair], profiles: Mapping[str, Profile]) -> set[str]:
    return await list_verdicts(
        graph, ((pair.id, strong_keys(profiles[pair.left]), strong_keys(profiles[pair.right])) for pair in pairs)
    )


def _pairs(row: Row, profiles: Mapping[str, Profile]) -> Iterable[Pair]:
    # A view may have been joined into another since it was read; a mark of its own brings it back.
    own = profiles.get(row["view_id"])
    for partner in row["partners"]:
        other = profiles.get(partner)
        if own and other and (pair := pair_of(own.view_id, own.kind, other.view_id, other.kind)):
            yield pair


def strong_keys(profile: Profile) -> list[str]:
    """Keys of the strong identifiers that a view holds: verdicts about somebody erased are remembered by them."""
    return [key for key, held in profile.identifiers.items() if held.identifier.kind.is_strong]


def _common_keys(pairs: Iterable[Pair], profiles: Mapping[str, Profile]) -> set[str]:
    return {key for pair in pairs for key in profiles[pair.left].identifiers.keys() & profiles[pair.right].identifiers}
