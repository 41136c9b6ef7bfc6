"""A user hash proves an account, or nothing."""

from __future__ import annotations

import hmac
import json
import time
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from vitograph.ingest.identities import Identities
from vitograph.resolver.errors import Unauthenticated
from vitograph.resolver.terms import Identity

SECRET = "secret of k-1, as long as one is"
IDENTITIES = Identities(lambda _: SECRET)


async def test_a_hash_is_the_users_own_in_either_case() -> None:
    hash = IDENTITIES.user_hash("k-1", "u-1")
    for given in (hash, hash.upper()):
        proved = await IDENTITIES.identifiers({"user_id": "u-1", "user_hash": given}, "k-1", Identity())
        assert proved == [{"kind": "user_id", "value": "u-1", "assurance": "verified"}]


@pytest.mark.parametrize("given", ["", "é", "\ud800", "0" * 64])
async def test_another_text_proves_nothing_whatever_it_holds(given: str) -> None:
    with pytest.raises(Unauthenticated):
        await IDENTITIES.identifiers({"user_id": "u-1", "user_hash": given}, "k-1", Identity())


def token(**claims: Any) -> dict[str, str]:
    stated = {"sub": "u-1", "exp": int(time.time()) + 60, **claims}
    return signed(json.dumps(stated))


def signed(claims: str) -> dict[str, str]:
    said = ".".join(urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in ('{"alg":"HS256"}', claims))
    signature = hmac.digest(SECRET.encode(), said.encode(), "sha256")
    return {"token": f"{said}.{urlsafe_b64encode(signature).decode().rstrip('=')}"}


@pytest.mark.parametrize("email", ["", "maria", "maria@localhost", "a@b.test\ud800"])
async def test_an_address_that_is_none_takes_nobodys_login(email: str) -> None:
    proved = await IDENTITIES.identifiers(token(email=email, email_verified=True), "k-1", Identity())
    assert proved == [{"kind": "user_id", "value": "u-1", "assurance": "verified"}]


@pytest.mark.parametrize("claims", ["[" * 5_000, '{"sub":"u-1","rest":' + "[" * 2_500 + "]" * 2_500 + "}"])
async def test_claims_that_are_nested_too_deep_prove_nothing(claims: str) -> None:
    with pytest.raises(Unauthenticated):
        await IDENTITIES.identifiers(signed(claims), "k-1", Identity())
