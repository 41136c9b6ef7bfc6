"""Secrets of keys are told from those of sessions and of pages by how they begin."""

from __future__ import annotations

import base64
import secrets

import pytest

from vitograph.graph.access.keys import PUBLISHABLE, SECRET, _new_secret
from vitograph.graph.access.sessions import SECRET as SESSION
from vitograph.resolver.terms import Terms


@pytest.mark.parametrize("another", [SESSION, PUBLISHABLE])
def test_no_key_begins_by_chance_as_another_secret_does(monkeypatch: pytest.MonkeyPatch, another: str) -> None:
    drawn = base64.urlsafe_b64decode(another.removeprefix(SECRET).ljust(44, "A"))
    monkeypatch.setattr(secrets, "token_bytes", lambda _: drawn)
    assert secrets.token_urlsafe().startswith(another.removeprefix(SECRET))
    assert not _new_secret(Terms()).startswith((SESSION, PUBLISHABLE))
