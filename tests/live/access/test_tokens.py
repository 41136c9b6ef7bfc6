"""People come with tokens of an issuer: a real one, which publishes its keys over HTTP and changes them."""

from __future__ import annotations

import base64
import hmac
import json
import warnings
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.issuer import ISSUER, Issuer, good, rsa
from tests.serving import serving
from vitograph.api.access import tokens
from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.graph.driver import Graph
from vitograph.ingest import issuers
from vitograph.resolver.errors import ServerFailed


@pytest.fixture
async def issuer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Issuer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    issuer = Issuer()
    async with serving(Starlette(routes=[Route("/jwks", issuer.publish)])) as url:
        issuer.url = f"{url}/jwks"
        yield issuer


@pytest.fixture
async def api(graph: Graph, settings: Settings, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    roles = {"vito-specialists": "specialist", "vito-marketing": "marketing", "vito-admins": "admin"}
    changes = {"oidc_issuer": ISSUER, "oidc_jwks_url": issuer.url, "oidc_role_claim": "groups", "oidc_roles": roles}
    app = create_app(settings.model_copy(update=changes))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://vito") as client:
            yield client


async def status(api: httpx.AsyncClient, token: str, path: str = "/v1/candidates") -> int:
    return (await api.get(path, headers={"Authorization": f"Bearer {token}"})).status_code


async def test_a_human_comes_with_a_token(api: httpx.AsyncClient, issuer: Issuer) -> None:
    for kid in ("r1", "e1"):
        assert await status(api, issuer.sign(kid)) == 200
        assert await status(api, issuer.sign(kid), "/v1/keys") == 403
    assert await status(api, issuer.sign(groups="vito-admins"), "/v1/keys") == 200
    north = issuer.sign(groups=["vito-marketing"], department="north")
    put = await api.put("/v1/campaigns/summer", json={"name": "S"}, headers={"Authorization": f"Bearer {north}"})
    assert (put.status_code, put.json()["department"]) == (201, "north")
    assert await status(api, issuer.sign(groups=["vito-marketing"]), "/v1/campaigns/summer") == 403
    assert issuer.asked == 1


async def test_the_caller_is_the_human(api: httpx.AsyncClient, issuer: Issuer) -> None:
    """The same one whichever token of theirs they come with, as `holder` of their keys."""
    transport = api._transport
    assert isinstance(transport, httpx.ASGITransport)
    callers = transport.app.state.vito.callers  # type: ignore[attr-defined]
    ana, again = await callers.find(issuer.sign()), await callers.find(issuer.sign("e1", groups="vito-admins"))
    assert (ana.human, ana.name, ana.role) == ("ana@x.org", "Ana Lopez", "specialist")
    assert (again.id, again.human) == (ana.id, ana.human)
    other = await callers.find(issuer.sign(sub="u-2", email="ben@x.org"))
    assert other.id != ana.id


WRONG: dict[str, dict[str, Any]] = {
    "issuer": {"iss": "https://issuer.test/other"},
    "no issuer": {"iss": None},
    "audience": {"aud": "another"},
    "audiences": {"aud": ["another", "third"]},
    "no audience": {"aud": None},
    "expired": {"exp": 1},
    "no expiry": {"exp": None},
    "text as expiry": {"exp": "tomorrow"},
    "endless": {"exp": 10**18},
    "true as expiry": {"exp": True},
    "not yet": {"nbf": 2**32},
    "no subject": {"sub": None},
    "no human": {"email": None},
    "a human nobody verified": {"email_verified": False},
    "a human of nothing": {"email": "  "},
    "a human that is a list": {"email": ["ana@x.org"]},
    "a human with a line break": {"email": "ana\n@x.org"},
    "no role": {"groups": ["all"]},
    "no roles at all": {"groups": None},
    "two roles": {"groups": ["vito-admins", "vito-specialists"]},
    "roles that are a map": {"groups": {"vito-admins": True}},
    "a role of ours that is no group": {"groups": "admin"},
}


@pytest.mark.parametrize("claims", WRONG.values(), ids=WRONG)
async def test_a_token_that_says_something_else_is_none(
    api: httpx.AsyncClient, issuer: Issuer, claims: dict[str, Any]
) -> None:
    assert await status(api, issuer.sign(**claims)) == 401


async def test_a_token_that_is_nested_deeper_than_it_can_be_read_is_none(
    api: httpx.AsyncClient, issuer: Issuer
) -> None:
    claims = json.dumps(good())[:-1] + ',"rest":' + "[" * 2_500 + "]" * 2_500 + "}"
    signed = jws.serialize_compact({"alg": "RS256", "kid": "r1"}, claims, issuer.keys["r1"])
    assert await status(api, signed) == 401


def part(content: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def signed_with_secret(secret: bytes) -> str:
    """HS256 with what is no secret: the published key (RFC 8725 §2.1)."""
    content = f"{part({'alg': 'HS256', 'kid': 'r1'})}.{part(good())}"
    digest = hmac.digest(secret, content.encode(), "sha256")
    return f"{content}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


async def test_a_token_that_somebody_else_made_is_none(api: httpx.AsyncClient, issuer: Issuer) -> None:
    """Without a signature, with the public key as a secret, with a key of its own: RFC 8725 §2."""
    stranger, public = rsa("r1"), issuer.keys["r1"].as_pem(private=False)
    signed = issuer.sign()
    header, payload, signature = signed.split(".")
    forged = [
        f"{part({'alg': 'none', 'kid': 'r1'})}.{part(good())}.",
        f"{part({'alg': 'None'})}.{part(good())}.{signature}",
        signed_with_secret(public),
        jwt.encode({"alg": "RS256", "kid": "r1"}, good(), stranger),
        jwt.encode({"alg": "RS256", "kid": "r1", "jwk": stranger.as_dict(private=False)}, good(), stranger),
        jwt.encode({"alg": "RS256", "kid": "r1", "jku": "http://127.0.0.1:1/"}, good(), stranger),
        issuer.sign(alg="RS512"),
        issuer.sign(alg="PS256"),
        f"{header}.{part(good(groups='vito-admins'))}.{signature}",
        f"{header}.{payload}.{signature[:-2]}",
        f"{header}.{payload}.",
        f"{part({'alg': 'RS256', 'kid': ['r1']})}.{payload}.{signature}",
        f"{part({'alg': 'RS256', 'kid': 'r1', 'crit': ['exp']})}.{payload}.{signature}",
        f"{part([])}.{payload}.{signature}",
        f"{base64.urlsafe_b64encode(b'[' * 6_000).decode()}.{payload}.{signature}",
        f"{part({'alg': 'RS256', 'kid': '../../etc/passwd'})}.{payload}.{signature}",
        "..",
        "a.b.c",
        "é.ü.ß",
        f"{header}.{payload}{'A' * 10_000}.{signature}",
    ]
    for token in forged:
        headers = {"Authorization": f"Bearer {token}".encode()}
        answer = await api.get("/v1/candidates", headers=headers)
        assert answer.status_code == 401, token
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "good" not in answer.text
    for place in range(0, len(signed), 7):
        flipped = signed[:place] + ("A" if signed[place] != "A" else "B") + signed[place + 1 :]
        assert await status(api, flipped) == 401, place
    assert await status(api, signed) == 200


async def test_a_new_key_is_fetched_once(
    api: httpx.AsyncClient, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await status(api, issuer.sign()) == 200
    issuer.keys = {"r2": rsa("r2")}
    unknown = [issuer.sign("r2", header={"kid": f"r{number}"}) for number in range(3, 23)]
    assert [await status(api, token) for token in unknown] == [401] * 20
    assert issuer.asked == 1  # it was asked a moment ago
    monkeypatch.setattr(issuers, "PAUSE", 0.0)
    assert await status(api, issuer.sign("r2")) == 200
    assert issuer.asked == 2
    assert await status(api, issuer.sign("r2", sub="u-9")) == 200
    assert issuer.asked == 2


async def test_keys_that_are_no_good_are_not_taken(
    api: httpx.AsyncClient, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A shared secret in the set, a short key, one for encryption, an unknown kind."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        weak = RSAKey.generate_key(1_024, {"kid": "weak", "use": "sig"})
    secret, sealing = OctKey.generate_key(256, {"kid": "oct"}), rsa("enc")
    issuer.others = [
        "a key",
        {"kty": "RSA", "kid": "r1"},
        weak.as_dict(private=False),
        secret.as_dict(),
        sealing.as_dict(private=False) | {"use": "enc"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "kid": "okp"},
    ]
    assert await status(api, issuer.sign()) == 200
    for alg, key in (("RS256", weak), ("HS256", secret), ("RS256", sealing)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            token = jwt.encode({"alg": alg, "kid": key.kid}, good(), key, algorithms=[alg])
        assert await status(api, token) == 401


async def test_an_issuer_that_is_away_stops_nobody_who_is_known(
    api: httpx.AsyncClient, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuers, "PAUSE", 0.0)
    for answer in (
        Response("no", 500),
        Response("[", 200),
        JSONResponse([]),
        JSONResponse({}),
        JSONResponse({"keys": 3}),
        RedirectResponse("http://127.0.0.1:1/"),
        Response(b"[" * (300 << 10)),
        Response(b"[" * (100 << 10)),
    ):
        issuer.answer = answer
        assert await status(api, issuer.sign()) == 503
    issuer.answer = None
    assert await status(api, issuer.sign()) == 200
    issuer.answer = Response("no", 500)
    assert await status(api, issuer.sign("e1", sub="u-5")) == 200
    assert await status(api, issuer.sign(header={"kid": "new"})) == 401


async def test_without_an_issuer_no_token_is_taken(graph: Graph, settings: Settings, issuer: Issuer) -> None:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://vito") as api:
            assert await status(api, issuer.sign()) == 401
    assert issuer.asked == 0


@pytest.mark.parametrize("url", [None, "", "http://issuer.test/jwks", "file:///etc/passwd", "issuer.test/jwks"])
def test_keys_that_could_come_from_anybody_stop_the_start(settings: Settings, url: str | None) -> None:
    with pytest.raises(ServerFailed, match="VITO_OIDC_JWKS_URL"):
        tokens.Tokens.of(settings.model_copy(update={"oidc_issuer": ISSUER, "oidc_jwks_url": url}))
