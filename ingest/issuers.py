"""Issuers of tokens: their published keys (RFC 7517), and what a token's header may say (RFC 7515, RFC 8725)."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey, RSAKey, import_key

from vitograph.resolver.errors import IssuerUnavailable

log = logging.getLogger(__name__)

FRESH = 3_600.0  # seconds after which the key set is fetched again
PAUSE = 30.0  # seconds between two fetches, whatever key ids come
WITHIN = 5.0  # seconds for a fetch
MOST_BYTES = 256 << 10
MOST_KEYS = 64
SHORTEST_RSA = 2_048  # bits

PublicKey = RSAKey | ECKey | OKPKey

_CURVES = {"EC": "P-256", "OKP": "Ed25519"}
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def is_trustworthy(url: str) -> bool:
    """Whether what comes from there comes from whom it says: by HTTPS, or from this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)


class KeySource:
    """An issuer's public keys: fetched when first needed, hourly, and when a key id is unknown, but not more often.

    An issuer that is away later leaves the keys that were read good.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str | None, PublicKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._fetching: asyncio.Task[None] | None = None

    async def find(self, kid: str | None) -> PublicKey | None:
        """The key of an id; None when the issuer has none. IssuerUnavailable when it never answered."""
        now = time.monotonic()
        if kid not in self._keys or self._fetched_at is None or now - self._fetched_at > FRESH:
            await self._refresh()
        if self._fetched_at is None:
            raise IssuerUnavailable("the issuer of tokens does not answer")
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        """All who ask meanwhile wait for one fetch; it goes on when they go away."""
        if self._fetching is None or self._fetching.done():
            now = time.monotonic()
            if self._tried_at is not None and now - self._tried_at < PAUSE:
                return
            self._tried_at = now
            self._fetching = asyncio.create_task(self._fetch(now))
        await asyncio.shield(self._fetching)

    async def _fetch(self, now: float) -> None:
        try:
            self._keys = public_keys(await fetch_json(self._url))
            self._fetched_at = now
        except (httpx.HTTPError, TimeoutError, ValueError, TypeError, KeyError) as error:
            log.warning("the key set of the issuer cannot be read: %s", type(error).__name__)


def public_keys(found: Mapping[str, Any]) -> dict[str | None, PublicKey]:
    """The keys of a set that may verify signatures, by their ids; what else it holds is left out. KeyError, TypeError.

    One that is alone is also found without an id: a token need not name it (RFC 7515 §4.1.4).
    """
    keys: dict[str | None, PublicKey] = {}
    for fields in list(found["keys"])[:MOST_KEYS]:
        with contextlib.suppress(JoseError, ValueError, TypeError, KeyError):
            key = import_key(fields) if _may_verify(fields) else None
            if isinstance(key, PublicKey):
                keys[fields.get("kid")] = key
    if len(keys) == 1:
        keys.setdefault(None, *keys.values())
    return keys


def header_of(token: str) -> dict[str, Any]:
    """The protected header, which is not to be believed yet: it names a key and an algorithm, nothing else counts.

    ValueError where it cannot be read, or asks for what is not known here.
    """
    part = token.partition(".")[0]
    header = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(header, dict) or not isinstance(header.get("kid"), str | None):
        raise ValueError("its header cannot be read")
    if "crit" in header:
        raise ValueError("its header asks for an extension that is not known here")
    return header


async def fetch_json(url: str) -> dict[str, Any]:
    """The JSON at an address, which may neither redirect nor be long."""
    async with (
        httpx.AsyncClient(timeout=WITHIN, follow_redirects=False) as client,
        asyncio.timeout(WITHIN),
        client.stream("GET", url, headers={"Accept": "application/json"}) as answer,
    ):
        if answer.status_code != 200:
            raise ValueError(f"status {answer.status_code}")
        body = bytearray()
        async for part in answer.aiter_bytes():
            body += part
            if len(body) > MOST_BYTES:
                raise ValueError("the answer is too long")
    return dict(orjson.loads(body))


def _may_verify(fields: Any) -> bool:
    """Whether a published key is asymmetric, for signatures, and long enough."""
    if not isinstance(fields, dict) or fields.get("use", "sig") != "sig" or "d" in fields:
        return False
    if fields["kty"] == "RSA":
        return len(fields["n"]) * 6 >= SHORTEST_RSA
    return bool(fields["crv"] == _CURVES.get(fields["kty"]))
