"""A user hash proves an account, or nothing."""

from __future__ import annotations

import pytest

from vitograph.ingest.identities import Identities
from vitograph.resolver.errors import Unauthenticated
from vitograph.resolver.terms import Identity

IDENTITIES = Identities(lambda id: f"secret of {id}")


async def test_a_hash_is_the_users_own_in_either_case() -> None:
    hash = IDENTITIES.user_hash("k-1", "u-1")
    for given in (hash, hash.upper()):
        proved = await IDENTITIES.identifiers({"user_id": "u-1", "user_hash": given}, "k-1", Identity())
        assert proved == [{"kind": "user_id", "value": "u-1", "assurance": "verified"}]


@pytest.mark.parametrize("given", ["", "é", "\ud800", "0" * 64])
async def test_another_text_proves_nothing_whatever_it_holds(given: str) -> None:
    with pytest.raises(Unauthenticated):
        await IDENTITIES.identifiers({"user_id": "u-1", "user_hash": given}, "k-1", Identity())
