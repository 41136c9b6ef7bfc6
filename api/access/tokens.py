"""Tokens of people: JWTs of one OIDC issuer (RFC 7519; checked as RFC 8725 asks), read by joserfc.

The algorithms are pinned to asymmetric ones, the keys come from the issuer's JWK set alone (RFC 7517), and which claim
is the role, the department and the human is a setting. The issuer is not asked about a token: its signature is enough.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import datetime as dt
import json
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey, import_key

from vitograph.api.errors import Problem
from vitograph.api.settings import Settings
from vitograph.graph.keys import Caller, Credential, Role
from vitograph.graph.sessions import human_of
from vitograph.resolver.errors import ServerFailed, Unauthenticated

log = logging.getLogger(__name__)

LEEWAY = 30  # seconds by which clocks may differ
LONGEST = 8_192  # characters of a token
FRESH = 3_600.0  # seconds after which the key set is fetched again
PAUSE = 30.0  # seconds between two fetches, whatever key ids come
WITHIN = 5.0  # seconds for a fetch
MOST_BYTES = 256 << 10
MOST_KEYS = 64
SHORTEST_RSA = 2_048  # bits


_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def is_trustworthy(url: str) -> bool:
    """Whether what comes from there comes from whom it says: by HTTPS, or from this machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)


def looks_like_token(secret: str) -> bool:
    """Whether it has the three parts of a signed JWT; no key of ours has."""
    return secret.count(".") == 2


class KeySource:
    """The issuer's public keys: fetched when first needed, hourly, and when a key id is unknown, but not more often."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str | None, RSAKey | ECKey] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._fetching = asyncio.Lock()

    async def find(self, kid: str | None) -> RSAKey | ECKey | None:
        """The key of an id; None when the issuer has none. Problem 503 when the issuer never answered."""
        now = time.monotonic()
        if kid not in self._keys or self._fetched_at is None or now - self._fetched_at > FRESH:
            await self._refresh()
        if self._fetched_at is None:
            raise Problem(503, "the issuer of tokens does not answer", {"Retry-After": "5"})
        return self._keys.get(kid)

    async def _refresh(self) -> None:
        async with self._fetching:
            now = time.monotonic()
            if self._tried_at is not None and now - self._tried_at < PAUSE:
                return
            self._tried_at = now
            try:
                self._keys = _public_keys(await fetch_json(self._url))
                self._fetched_at = now
            except (httpx.HTTPError, TimeoutError, ValueError, TypeError, KeyError) as error:
                log.warning("the key set of the issuer cannot be read: %s", type(error).__name__)


class Tokens:
    """Reads tokens of the issuer that is set."""

    def __init__(self, settings: Settings, keys: KeySource) -> None:
        self._settings = settings
        self._keys = keys
        self._rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": settings.oidc_issuer or ""},
            aud={"essential": True, "value": settings.oidc_audience},
            sub={"essential": True},
            exp={"essential": True},
        )

    async def identify(self, id_token: str, client_id: str, nonce: str) -> Caller:
        """Who signed in, by the ID token of that sign-in (OpenID Connect Core §3.1.3.7). Unauthenticated else."""
        rules = jwt.JWTClaimsRegistry(
            leeway=LEEWAY,
            iss={"essential": True, "value": self._settings.oidc_issuer or ""},
            aud={"essential": True, "value": client_id},
            azp={"value": client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        return self._caller(await self._claims(id_token, rules))

    @classmethod
    def of(cls, settings: Settings) -> Tokens | None:
        """None when no issuer is set: then no token is taken. ServerFailed when its keys would come from anybody."""
        if settings.oidc_issuer is None:
            return None
        url = settings.oidc_jwks_url or ""
        if not is_trustworthy(url):
            raise ServerFailed("VITO_OIDC_JWKS_URL must be the https:// address of the issuer's key set")
        return cls(settings, KeySource(url))

    async def read(self, token: str) -> Credential:
        """Whose token this is, and until when. Unauthenticated when it is not one of the issuer's that is good now."""
        claims = await self._claims(token, self._rules)
        until = dt.datetime.fromtimestamp(claims["exp"], dt.UTC)
        return Credential(self._caller(claims), until, proves_by="token")

    async def _claims(self, token: str, rules: jwt.JWTClaimsRegistry) -> dict[str, Any]:
        if len(token) > LONGEST:
            raise Unauthenticated("the token is too long")
        try:
            header = _header(token)
            key = await self._keys.find(header.get("kid"))
            if header.get("alg") not in self._settings.oidc_algorithms or key is None:
                raise Unauthenticated("the token is not signed by a key of the issuer that is set")
            claims = jwt.decode(token, key, algorithms=list(self._settings.oidc_algorithms)).claims
            rules.validate(claims)
            if isinstance(claims["exp"], bool) or not 0 < claims["exp"] < 2**33:
                raise Unauthenticated("the token has no time that can be read")
        except (JoseError, ValueError, TypeError) as error:
            raise Unauthenticated(f"the token is not accepted: {_sentence(error)}") from None
        return claims

    def _caller(self, claims: Mapping[str, Any]) -> Caller:
        settings = self._settings
        holder = _text(claims, settings.oidc_holder_claim)
        if settings.oidc_holder_claim == "email" and claims.get("email_verified") is False:
            raise Unauthenticated("the issuer did not verify the address that the token names")
        if holder is None:
            raise Unauthenticated(f"the token does not name a human in `{settings.oidc_holder_claim}`")
        id = human_of(settings.oidc_issuer or "", str(claims["sub"]))
        department = _text(claims, settings.oidc_department_claim)
        return Caller(id, _text(claims, "name") or holder, self._role(claims), department, holder=holder)

    def _role(self, claims: Mapping[str, Any]) -> Role:
        """The one role that the claim names; several would let the order of a list decide."""
        named = claims.get(self._settings.oidc_role_claim)
        values = named if isinstance(named, list) else [named]
        named_roles = (self._settings.oidc_roles.get(value) for value in values if isinstance(value, str))
        roles = {Role(role) for role in named_roles if role is not None}
        if len(roles) != 1:
            raise Unauthenticated(f"`{self._settings.oidc_role_claim}` of the token names {len(roles)} roles, not one")
        return roles.pop()


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
    return dict(httpx.Response(200, content=bytes(body)).json())


def _public_keys(found: Mapping[str, Any]) -> dict[str | None, RSAKey | ECKey]:
    """The RSA and EC keys of a set that may verify signatures, by their ids. What else it holds is left out."""
    keys: dict[str | None, RSAKey | ECKey] = {}
    for fields in list(found["keys"])[:MOST_KEYS]:
        with contextlib.suppress(JoseError, ValueError, TypeError, KeyError):
            key = import_key(fields) if _may_verify(fields) else None
            if isinstance(key, RSAKey | ECKey):
                keys[fields.get("kid")] = key
    return keys


def _may_verify(fields: Any) -> bool:
    """Whether a published key is asymmetric, for signatures, and long enough."""
    if not isinstance(fields, dict) or fields.get("use", "sig") != "sig" or "d" in fields:
        return False
    is_long = fields["kty"] == "RSA" and len(fields["n"]) * 6 >= SHORTEST_RSA
    return bool(is_long or (fields["kty"] == "EC" and fields["crv"] == "P-256"))


def _header(token: str) -> dict[str, Any]:
    """The protected header, which is not to be believed yet: it names a key and an algorithm, nothing else counts."""
    part = token.partition(".")[0]
    header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    if not isinstance(header, dict) or not isinstance(header.get("kid"), str | None):
        raise ValueError("its header cannot be read")
    if "crit" in header:
        raise ValueError("its header asks for an extension that is not known here")
    return header


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    """A claim that is a short text which the graph can hold."""
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value.strip()) <= 128 or not value.isprintable():
        return None
    return value.strip()


def _sentence(error: Exception) -> str:
    """What is wrong with a token, without what it holds."""
    return error.error if isinstance(error, JoseError) else "it cannot be read"
