"""Signing in at an OIDC issuer: the authorisation code with PKCE (RFC 6749 §4.1, RFC 7636; OIDC Core §3.1), by Authlib.

What belongs to one sign-in (state, nonce, verifier) is in a signed cookie of the browser that began it, so that nobody
can be made to finish the sign-in of somebody else.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from vitograph.api.access.tokens import Tokens
from vitograph.api.settings import Settings
from vitograph.api.signing.secret import Signing
from vitograph.api.wire.errors import Problem
from vitograph.graph.access.keys import Caller
from vitograph.ingest.issuers import WITHIN, fetch_json, is_trustworthy
from vitograph.resolver.errors import Unauthenticated, UnknownThing

COOKIE = "vito_signing_in"
LONGEST = 600
"""Seconds that somebody may take to sign in."""

_AUDIENCE = "sign-in"
_ALGORITHM = "HS256"


@dataclass(frozen=True, slots=True)
class Issuer:
    """The addresses that an issuer publishes (OpenID Connect Discovery §3)."""

    authorization: str
    token: str
    end_session: str | None


class SigningIn:
    """Sign-ins at the issuer that is set."""

    def __init__(self, settings: Settings, signing: Signing, tokens: Tokens | None) -> None:
        self._settings = settings
        self._signing = signing
        self._tokens = tokens
        self._issuer: Issuer | None = None

    @property
    def is_set(self) -> bool:
        """Whether people can sign in so."""
        return self._tokens is not None and self._settings.oidc_client_id is not None

    async def begin(self, redirect_uri: str) -> tuple[str, str]:
        """Where to send a browser, and the cookie that it is to keep meanwhile. UnknownThing when no issuer is set."""
        issuer = await self._discovered()
        kept = {name: secrets.token_urlsafe(48) for name in ("state", "nonce", "verifier")}
        async with self._client(redirect_uri) as client:
            url, _ = client.create_authorization_url(
                issuer.authorization, state=kept["state"], nonce=kept["nonce"], code_verifier=kept["verifier"]
            )
        claims = {**kept, "aud": _AUDIENCE, "exp": int(time.time()) + LONGEST}
        return str(url), jwt.encode({"alg": _ALGORITHM}, claims, self._key, algorithms=[_ALGORITHM])

    async def finish(self, redirect_uri: str, cookie: str | None, answer: Mapping[str, str]) -> Caller:
        """Who signed in, by what the issuer sent the browser back with. Unauthenticated when it was another's."""
        issuer = await self._discovered()
        kept = self._kept(cookie)
        if not hmac.compare_digest(answer.get("state", "").encode(), kept["state"].encode()):
            raise Unauthenticated("this sign-in was not begun in this browser: begin again")
        if answer.get("iss", self._settings.oidc_issuer) != self._settings.oidc_issuer:
            raise Unauthenticated("another issuer answered than was asked")  # RFC 9207
        if "error" in answer or not answer.get("code"):
            raise Unauthenticated("the issuer did not let you in")
        found = await self._exchange(issuer, redirect_uri, answer["code"], kept["verifier"])
        assert self._tokens is not None
        assert self._settings.oidc_client_id is not None
        return await self._tokens.identify(found, self._settings.oidc_client_id, kept["nonce"])

    async def farewell(self, back: str) -> str | None:
        """Where a browser ends its session at the issuer as well (RP-Initiated Logout 1.0); None when nowhere."""
        try:
            issuer = await self._discovered()
        except (Problem, UnknownThing):  # it is away, or not set any more: here the session has ended all the same
            return None
        if issuer.end_session is None:
            return None
        asked = {"client_id": self._settings.oidc_client_id or "", "post_logout_redirect_uri": back}
        return str(httpx.URL(issuer.end_session).copy_merge_params(asked))

    async def _exchange(self, issuer: Issuer, redirect_uri: str, code: str, verifier: str) -> str:
        """The ID token for a code, which is good once and only for whoever began the sign-in."""
        try:
            async with self._client(redirect_uri) as client:
                answer = await client.fetch_token(issuer.token, code=code, code_verifier=verifier)
        except httpx.HTTPError:
            raise Problem(503, "the issuer does not answer", {"Retry-After": "5"}) from None
        except (AuthlibBaseError, ValueError):
            raise Unauthenticated("the issuer does not know this sign-in: begin again") from None
        id_token = answer.get("id_token")
        if not isinstance(id_token, str):
            raise Unauthenticated("the issuer does not say who signed in")
        return id_token

    def _client(self, redirect_uri: str) -> Any:
        secret = self._settings.oidc_client_secret
        return AsyncOAuth2Client(
            self._settings.oidc_client_id,
            secret and secret.get_secret_value(),
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
            scope=self._settings.oidc_scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=WITHIN,
        )

    async def _discovered(self) -> Issuer:
        """The issuer's addresses, asked for once they are needed."""
        if not self.is_set:
            raise UnknownThing("issuer", "(no OIDC client is set)")
        if self._issuer is None:
            named = self._settings.oidc_issuer or ""
            try:
                found = await fetch_json(f"{named.rstrip('/')}/.well-known/openid-configuration")
                if found["issuer"] != named:
                    raise ValueError("it is of another issuer")
                self._issuer = _addresses(found)
            except (httpx.HTTPError, TimeoutError, ValueError, TypeError, KeyError) as error:
                raise Problem(
                    503, f"the issuer cannot be asked: {type(error).__name__}", {"Retry-After": "5"}
                ) from None
        return self._issuer

    def _kept(self, cookie: str | None) -> dict[str, str]:
        try:
            claims = jwt.decode(cookie or "", self._key, algorithms=[_ALGORITHM]).claims
            rules = jwt.JWTClaimsRegistry(aud={"essential": True, "value": _AUDIENCE}, exp={"essential": True})
            rules.validate(claims)
        except (JoseError, ValueError):
            raise Unauthenticated("no sign-in was begun in this browser within ten minutes: begin again") from None
        return {name: str(claims[name]) for name in ("state", "nonce", "verifier")}

    @property
    def _key(self) -> OctKey:
        return OctKey.import_key(self._signing.secret("signing-in"))


def _addresses(found: Mapping[str, Any]) -> Issuer:
    issuer = Issuer(found["authorization_endpoint"], found["token_endpoint"], found.get("end_session_endpoint"))
    for address in (issuer.authorization, issuer.token, issuer.end_session):
        if address is not None and not is_trustworthy(address):
            raise ValueError("an address of the issuer is not https://")
    return issuer
