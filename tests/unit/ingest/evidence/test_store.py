"""Objects by hash, in memory: what is read is what was put, or an error that says so."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from vitograph.ingest.evidence.store import EvidenceStore, open_store
from vitograph.resolver.errors import DamagedEvidence, ServerFailed, UnknownThing

CONTENT = bytes(range(250)) * 10_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> EvidenceStore:
    return open_store("memory:///", tmp_path)


async def whole(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def test_what_was_put_is_read_whole_and_in_parts(store: EvidenceStore) -> None:
    await store.put(SHA256, CONTENT)
    await store.put(SHA256, CONTENT)
    assert await whole(store.read(SHA256)) == CONTENT
    for first, last in ((0, 0), (1_048_570, 1_048_580), (0, len(CONTENT) - 1)):
        assert await whole(store.read_range(SHA256, first, last)) == CONTENT[first : last + 1]


async def test_an_empty_file_is_a_file(store: EvidenceStore) -> None:
    empty = hashlib.sha256(b"").hexdigest()
    await store.put(empty, b"")
    assert await whole(store.read(empty)) == b""


async def test_what_is_not_there_is_said_to_be_missing(store: EvidenceStore) -> None:
    await store.delete(SHA256)
    for read in (store.read(SHA256), store.read_range(SHA256, 0, 1)):
        with pytest.raises(UnknownThing):
            await whole(read)


async def test_other_bytes_under_a_hash_are_damage(store: EvidenceStore) -> None:
    await store.put(SHA256, CONTENT[:-1] + b"x")
    for read in (store.read(SHA256), store.read_range(SHA256, 0, 1)):
        with pytest.raises(DamagedEvidence):
            await whole(read)


def test_a_place_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="VITO_EVIDENCE_URL"):
        open_store("gopher://somewhere/else", tmp_path)
