"""An OIDC issuer: it signs for people, publishes its keys, and signs people in with a code and PKCE."""

from __future__ import annotations

import base64
import hashlib
import time
from typing import Any
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

ISSUER = "https://issuer.test/realm"


class Issuer:
    """Signs for people; publishes a JWK set that may hold keys nobody should take."""

    def __init__(self) -> None:
        self.keys: dict[str, RSAKey | ECKey] = {"r1": rsa("r1"), "e1": ec("e1")}
        self.others: list[dict[str, Any]] = []
        self.asked = 0
        self.answer: Response | None = None
        self.url = ""

    async def publish(self, request: Request) -> Response:
        self.asked += 1
        public = [key.as_dict(private=False) for key in self.keys.values()]
        return self.answer or JSONResponse({"keys": public + self.others})

    def sign(self, kid: str = "r1", alg: str | None = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token as it should be, but for what is said otherwise; a claim that is None is left out."""
        key = self.keys[kid]
        alg = alg or ("RS256" if isinstance(key, RSAKey) else "ES256")
        return jwt.encode({"alg": alg, "kid": kid} | (header or {}), good(**claims), key, algorithms=[alg])


def rsa(kid: str) -> RSAKey:
    return RSAKey.generate_key(2_048, {"kid": kid, "use": "sig"})


def ec(kid: str, curve: Any = "P-256") -> ECKey:
    return ECKey.generate_key(curve, {"kid": kid, "use": "sig"})


def good(**claims: Any) -> dict[str, Any]:
    now = int(time.time())
    found: dict[str, Any] = {
        "iss": ISSUER,
        "aud": "vito",
        "sub": "u-1",
        "email": "ana@x.org",
        "name": "Ana Lopez",
        "groups": ["all", "vito-specialists"],
        "exp": now + 300,
        "iat": now,
    }
    return {name: value for name, value in (found | claims).items() if value is not None}


CLIENT = "vito-desk"


class Provider(Issuer):
    """An issuer where people sign in: whoever `claims` says, at once. It keeps to the letter of PKCE."""

    def __init__(self) -> None:
        super().__init__()
        self.claims: dict[str, Any] = {}
        self.begun: dict[str, dict[str, str]] = {}
        self.exchanged = 0

    def settings(self) -> dict[str, Any]:
        """The settings of an API whose people sign in here."""
        return {
            "oidc_issuer": self.url,
            "oidc_jwks_url": f"{self.url}/jwks",
            "oidc_client_id": CLIENT,
            "oidc_role_claim": "groups",
            "oidc_roles": {"vito-specialists": "specialist"},
        }

    def app(self) -> Starlette:
        paths = {
            "/.well-known/openid-configuration": self.describe,
            "/jwks": self.publish,
            "/authorize": self.authorize,
        }
        routes = [Route(path, handler) for path, handler in paths.items()]
        return Starlette(routes=[*routes, Route("/token", self.exchange, methods=["POST"])])

    async def describe(self, request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "end_session_endpoint": f"{self.url}/logout",
            }
        )

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert (asked["client_id"], asked["code_challenge_method"]) == (CLIENT, "S256")
        code = f"code-{len(self.begun)}"
        self.begun[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 303)

    async def exchange(self, request: Request) -> Response:
        given = {name: str(value) for name, value in (await request.form()).items()}
        asked = self.begun.pop(given.get("code", ""), None)
        proof = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest()).decode()
        is_theirs = asked is not None and (asked["code_challenge"], asked["redirect_uri"]) == (
            proof.rstrip("="),
            given.get("redirect_uri"),
        )
        if asked is None or not is_theirs:
            return JSONResponse({"error": "invalid_grant"}, 400)
        self.exchanged += 1
        claims = {"iss": self.url, "aud": CLIENT, "nonce": asked["nonce"]} | self.claims
        return JSONResponse({"access_token": "opaque", "token_type": "Bearer", "id_token": self.sign(**claims)})
