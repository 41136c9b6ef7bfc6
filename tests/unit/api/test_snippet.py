"""The script of web pages stays small."""

from __future__ import annotations

from vitograph.api.routes.snippet import SCRIPT


def test_it_is_less_than_4_kib() -> None:
    assert len(SCRIPT) < 4_096
