"""Tokens of people: JWTs of one OIDC issuer (RFC 7519; checked as RFC 8725 asks), read by joserfc.

The algorithms are pinned to asymmetric ones, the keys come from the issuer's JWK set alone (RFC 7517), and which claim
is the role, the department and the human is a setting. The issuer is not asked about a token: its signature is enough.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Caller, Credential, Role
from vitograph.graph.access.sessions import human_of
from vitograph.ingest.issuers import KeySource, header_of, is_trustworthy
from vitograph.resolver.errors import ServerFailed, Unauthenticated

LEEWAY = 30  # seconds by which clocks may differ
LONGEST = 8_192  # characters of a token


def looks_like_token(secret: str) -> bool:
    """Whether it has the three parts of a signed JWT; no key of ours has."""
    return secret.count(".") == 2


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
            header = header_of(token)
            key = await self._keys.find(header.get("kid"))
            if header.get("alg") not in self._settings.oidc_algorithms or key is None:
                raise Unauthenticated("the token is not signed by a key of the issuer that is set")
            claims = jwt.decode(token, key, algorithms=list(self._settings.oidc_algorithms)).claims
            rules.validate(claims)
            if isinstance(claims["exp"], bool) or not 0 < claims["exp"] < 2**33:
                raise Unauthenticated("the token has no time that can be read")
        except (JoseError, ValueError, TypeError, RecursionError) as error:
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


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    """A claim that is a short text which the graph can hold."""
    value = claims.get(name)
    if not isinstance(value, str) or not 0 < len(value.strip()) <= 128 or not value.isprintable():
        return None
    return value.strip()


def _sentence(error: Exception) -> str:
    """What is wrong with a token, without what it holds."""
    return error.error if isinstance(error, JoseError) else "it cannot be read"
