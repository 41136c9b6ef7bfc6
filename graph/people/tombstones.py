"""The tombstones of a graph: who may not come back, and the key by which that is known."""

from __future__ import annotations

from collections.abc import Iterable

from vitograph.graph.driver import Graph, Transaction
from vitograph.graph.queries import load
from vitograph.resolver.batched import batched
from vitograph.resolver.erasure import Buried, Seal, Sealed
from vitograph.resolver.errors import Erased, ServerFailed, UnknownThing, VitoError, WrongState

GET_SEAL = load("erasure/get_seal")
LIST_TOMBSTONES = load("erasure/list_tombstones")

# Tombstones that are looked up at once.
MOST = 1_000


async def check_seal(graph: Graph) -> None:
    """The key at hand is that of the graph's tombstones, if it has any. ServerFailed."""
    rows = await graph.rows(GET_SEAL)
    if rows and (graph.seal is None or graph.seal.check != rows[0]["check"]):
        raise ServerFailed(
            "somebody was erased from this graph under another erasure key: set VITO_ERASURE_KEY to that one "
            "(it is in erasure.key of the data folder), or the erased come back"
        )


def require_seal(graph: Graph) -> Seal:
    """WrongState when there is no key: nobody could be kept from coming back."""
    if graph.seal is None:
        raise WrongState("there is no erasure key: set VITO_ERASURE_KEY to a long random text, and keep it")
    return graph.seal


async def list_buried(graph: Graph, kind: Sealed, texts: Iterable[str]) -> dict[str, Buried]:
    """Those of the texts that were erased."""
    if graph.seal is None:
        return {}
    by_hash = {graph.seal.of(kind, text): text for text in texts}
    found: dict[str, Buried] = {}
    for hashes in batched(sorted(by_hash), MOST):
        for row in await graph.rows(LIST_TOMBSTONES, hashes=hashes):
            found[by_hash[row["hash"]]] = Buried(row["at"].to_native(), row["suppressed"])
    return found


async def has_verdicts(graph: Graph) -> bool:
    """Whether a verdict about somebody erased is remembered."""
    rows = await graph.rows(GET_SEAL) if graph.seal is not None else []
    return bool(rows and rows[0]["verdicts"])


async def list_verdicts(graph: Graph, pairs: Iterable[tuple[str, Iterable[str], Iterable[str]]]) -> set[str]:
    """Ids of those pairs whose two sides a verdict about somebody erased keeps apart; each comes with its two sides'
    strong identifiers.
    """
    seal = graph.seal
    if seal is None or not await has_verdicts(graph):
        return set()
    by_hash: dict[str, set[str]] = {}
    for id, left, right in pairs:
        for hash in {seal.apart(key, other) for key in left for other in right}:
            by_hash.setdefault(hash, set()).add(id)
    found: set[str] = set()
    for hashes in batched(sorted(by_hash), MOST):
        for row in await graph.rows(LIST_TOMBSTONES, hashes=hashes):
            found |= by_hash[row["hash"]]
    return found


async def list_erased_events(tx: Transaction, ids: Iterable[str]) -> frozenset[str]:
    """Those of the ids of events that were erased."""
    by_hash = {tx.seal.of(Sealed.EVENT, id): id for id in ids} if tx.seal is not None else {}
    return frozenset(by_hash[row["hash"]] for row in await tx.run(LIST_TOMBSTONES, hashes=sorted(by_hash)))


def erased_observation(id: str) -> Erased:
    """The refusal of an observation that is late."""
    return Erased(f"observation {id!r} is, or speaks of, somebody who was erased")


async def missing_person(graph: Graph, id: str) -> VitoError:
    """Why there is no such person: erased, or never known."""
    if id in await list_buried(graph, Sealed.PERSON, [id]):
        return Erased(f"person {id!r} was erased")
    return UnknownThing("person", id)
