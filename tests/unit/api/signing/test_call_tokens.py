"""A call's token is one of ours, or its stream is refused: whatever it is instead."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from pydantic import SecretStr

from vitograph.api.settings import Settings
from vitograph.api.signing import call_tokens
from vitograph.resolver.errors import Unauthenticated

SETTINGS = Settings(signing_key=SecretStr("s" * 32))


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_token_says_of_which_key_it_is_until_it_expires() -> None:
    assert call_tokens.verify(SETTINGS, call_tokens.sign(SETTINGS, "k-1", 60)[0]) == "k-1"
    with pytest.raises(Unauthenticated):
        call_tokens.verify(SETTINGS, call_tokens.sign(SETTINGS, "k-1", -60)[0])


@pytest.mark.parametrize(
    "header", [{"alg": "HS256", "crit": 1}, {"alg": "HS256", "crit": [[]]}, {"alg": ["HS256"]}, {"alg": None}, [], 1]
)
def test_no_header_is_more_than_refused(header: Any) -> None:
    with pytest.raises(Unauthenticated):
        call_tokens.verify(SETTINGS, f"{part(header)}.{part({})}.x")
