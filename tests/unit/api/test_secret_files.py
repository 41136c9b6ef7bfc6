"""Secrets that are made when they are first needed: one for all who ask at once, and only their owner reads it."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from vitograph.api.secret_files import kept_secret


def test_all_who_ask_at_once_get_the_first_one_made(tmp_path: Path) -> None:
    path = tmp_path / "new" / "some.key"
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: kept_secret(path, lambda: secrets.token_hex(8)), range(64)))
    assert found == {path.read_text()}
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path], "nothing is left of those that came second"
