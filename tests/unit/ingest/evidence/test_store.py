"""Objects by hash, in memory: what is read is what was put, or an error that says so."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from vitograph.ingest.evidence.store import EvidenceStore, key_of, open_store
from vitograph.resolver.errors import DamagedEvidence, EvidenceUnavailable, ServerFailed, UnknownThing

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


async def test_right_bytes_that_are_posted_again_heal_damage_of_the_same_size(store: EvidenceStore) -> None:
    await store.put(SHA256, CONTENT[:-1] + b"x")
    await store.put(SHA256, CONTENT)
    assert await whole(store.read(SHA256)) == CONTENT


async def test_only_what_is_missing_is_put_a_second_time(store: EvidenceStore) -> None:
    await store.put(SHA256, CONTENT)
    await store.put_missing(SHA256, b"other bytes")
    assert await whole(store.read(SHA256)) == CONTENT
    await store.delete(SHA256)
    await store.put_missing(SHA256, CONTENT)
    assert await whole(store.read(SHA256)) == CONTENT


async def test_what_could_not_be_put_is_not_said_to_be_there(tmp_path: Path) -> None:
    store = open_store(None, tmp_path / "store")
    (tmp_path / "store" / SHA256[:2]).touch()  # where its folder would be
    with tempfile.TemporaryFile() as content, pytest.raises(EvidenceUnavailable):
        await store.put(SHA256, content)


async def test_a_file_is_put_from_its_beginning_however_far_it_was_read(tmp_path: Path) -> None:
    store = open_store(None, tmp_path)
    with tempfile.TemporaryFile() as content:
        content.write(CONTENT)
        for put in (store.put, store.put_missing, store.put):
            await put(SHA256, content)
            assert await whole(store.read(SHA256)) == CONTENT


async def test_what_was_put_into_a_folder_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(Path(f"/proc/self/fd/{descriptor}").readlink()))
    await open_store(None, tmp_path).put(SHA256, CONTENT)
    path = tmp_path / key_of(SHA256)
    assert synced == [path, path.parent, tmp_path]


async def test_what_a_killed_put_left_half_written_is_cleared_away_in_time(tmp_path: Path) -> None:
    store = open_store(None, tmp_path)
    await store.put(SHA256, CONTENT)
    half = tmp_path / f"{key_of(SHA256)}#1"
    half.write_bytes(b"half of a call")
    now = dt.datetime.now(dt.UTC)
    assert await store.clear(now - dt.timedelta(days=1)) == 0
    assert await store.clear(now + dt.timedelta(days=1)) == 1
    assert not half.exists()
    assert await whole(store.read(SHA256)) == CONTENT


def test_a_place_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServerFailed, match="VITO_EVIDENCE_URL"):
        open_store("gopher://somewhere/else", tmp_path)
