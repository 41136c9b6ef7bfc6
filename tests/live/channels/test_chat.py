"""A chat of users who are logged in elsewhere: only a proof makes an account verified."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from tests.conftest import ADMIN_KEY
from tests.issuer import Issuer, rsa
from tests.live.channels.test_segment import EVENTS, holders
from tests.serving import serving
from vitograph.graph.driver import Graph
from vitograph.ingest import issuers

ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}
ISSUER = {"issuer": "https://shop.example", "audience": "vito"}
Made = dict[str, Any]


def claims(**changes: Any) -> dict[str, Any]:
    whole = {"iss": "https://shop.example", "aud": "vito", "sub": "u-1", "exp": int(time.time()) + 600} | changes
    return {name: value for name, value in whole.items() if value is not None}


async def make_key(api: httpx.AsyncClient, **terms: Any) -> Made:
    answer = await api.post("/v1/keys", json={"name": "chat", "role": "channel", **terms}, headers=ADMIN)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def say(api: httpx.AsyncClient, key: Made, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key['key']}"}
    return await api.post("/v1/chat/messages", json={"session": "s-1", "text": "hello"} | body, headers=headers)


@pytest.mark.parametrize("publishable", [True, False])
async def test_a_login_is_proved_by_a_token_or_a_hash(api: httpx.AsyncClient, graph: Graph, publishable: bool) -> None:
    key = await make_key(api, identity=ISSUER, publishable=publishable)
    secret = OctKey.import_key(key["identity_secret"])
    token = jwt.encode({"alg": "HS256"}, claims(email="maria@example.com", email_verified=True), secret)
    first = await say(api, key, id="m-1", identity={"token": token})
    assert (first.status_code, first.json()["rule"]) == (201, "A4")
    renewed = jwt.encode({"alg": "HS256"}, claims(exp=int(time.time()) + 900), secret)
    await say(api, key, id="m-2", identity={"token": renewed})
    again = jwt.encode({"alg": "HS256"}, claims(email="maria@example.com", email_verified=True, iat=1), secret)
    replay = await say(api, key, id="m-1", identity={"token": again})
    assert (replay.status_code, replay.json()) == (200, first.json())
    hashed = {"user_id": "u-1", "user_hash": user_hash(key["identity_secret"], "u-1")}
    assert (await say(api, key, identity=hashed)).json()["person_id"] == first.json()["person_id"]
    held = await holders(graph)
    person = first.json()["person_id"]
    assert held["user_id:u-1"] == held["email:maria@example.com"] == {(person, "verified")}
    assert token not in json.dumps(await graph.rows(EVENTS))


def user_hash(secret: str, user_id: str) -> str:
    return hmac.new(secret.encode(), user_id.encode(), hashlib.sha256).hexdigest()


async def test_a_sitting_goes_on_without_the_proof_and_ends_with_a_logout(api: httpx.AsyncClient, graph: Graph) -> None:
    key = await make_key(api, identity=ISSUER)
    token = jwt.encode({"alg": "HS256"}, claims(), OctKey.import_key(key["identity_secret"]))
    known = (await say(api, key, identity={"token": token})).json()["person_id"]
    assert (await say(api, key)).json() | {"event_id": ""} == {
        "event_id": "",
        "person_id": known,
        "view_id": known,
        "rule": "A2",
        "candidates": [],
        "warnings": [],
    }
    headers = {"Authorization": f"Bearer {key['key']}"}
    ended = await api.post("/v1/chat/logout", json={"session": "s-1"}, headers=headers)
    assert (ended.status_code, ended.json()["person_id"]) == (201, known)
    after = await say(api, key)
    assert (after.json()["rule"], after.json()["person_id"] == known) == ("A3", False)


async def test_what_proves_nothing_is_refused_and_nothing_is_stored(api: httpx.AsyncClient, graph: Graph) -> None:
    key = await make_key(api, identity=ISSUER)
    other = await make_key(api, identity=ISSUER)
    own, foreign = (OctKey.import_key(made["identity_secret"]) for made in (key, other))
    rsa = RSAKey.generate_key(2048)
    none = "eyJhbGciOiJub25lIn0." + jwt.encode({"alg": "HS256"}, claims(), own).split(".")[1] + "."
    proofs: list[Any] = [
        {"token": jwt.encode({"alg": "HS256"}, claims(), foreign)},
        {"token": jwt.encode({"alg": "HS256"}, claims(iss="https://elsewhere.example"), own)},
        {"token": jwt.encode({"alg": "HS256"}, claims(aud="somebody"), own)},
        {"token": jwt.encode({"alg": "HS256"}, claims(aud=None), own)},
        {"token": jwt.encode({"alg": "HS256"}, claims(exp=int(time.time()) - 60), own)},
        {"token": jwt.encode({"alg": "HS256"}, claims(exp=None), own)},
        {"token": jwt.encode({"alg": "HS256"}, claims(sub=None), own)},
        {"token": jwt.encode({"alg": "HS256"}, claims(sub=7), own)},
        {"token": jwt.encode({"alg": "HS256"}, claims(nbf=int(time.time()) + 600), own)},
        {"token": jwt.encode({"alg": "RS256"}, claims(), rsa)},
        {"token": none},
        {"token": "no token"},
        {"token": "é" * 10},
        {"token": "x" * 20_000},
        {"user_id": "u-1", "user_hash": user_hash(key["identity_secret"], "u-2")},
        {"user_id": "u-1", "user_hash": user_hash(other["identity_secret"], "u-1")},
        {"user_id": "u-1", "user_hash": ""},
    ]
    for proof in proofs:
        assert (await say(api, key, identity=proof)).status_code == 401, proof
    for shape in ({}, {"token": 7}, {"user_id": "u-1"}, {"token": "x", "user_id": "u-1"}):
        assert (await say(api, key, identity=shape)).status_code == 422, shape
    plain = await make_key(api)
    assert "identity_secret" not in plain
    assert (await say(api, plain, identity=proofs[0])).status_code == 403
    assert await graph.rows(EVENTS) == []


async def test_what_is_wrong_with_a_sitting_is_told_of_it(api: httpx.AsyncClient) -> None:
    key = await make_key(api)
    refused = (await say(api, key, session="guest")).json()
    assert [one["pointer"] for one in refused["errors"]] == ["/session"]
    warned = (await say(api, key, cookie="guest")).json()["warnings"]
    assert [warning.partition(":")[0] for warning in warned] == ["/cookie"]


async def test_tokens_of_an_issuer_are_checked_by_its_keys(api: httpx.AsyncClient) -> None:
    rsa = RSAKey.generate_key(2048, {"kid": "k-1"})
    jwks = {"keys": [rsa.as_dict(private=False)]}
    key = await make_key(api, identity={"algorithm": "RS256", "jwks": jwks, **ISSUER})
    token = jwt.encode({"alg": "RS256", "kid": "k-1"}, claims(), rsa)
    assert (await say(api, key, identity={"token": token})).status_code == 201
    # The public key of an issuer is no secret: a token signed with it as one proves nothing (RFC 8725 §2.1).
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": "k-1"}, claims())]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    signature = hmac.digest(rsa.as_pem(private=False), signed, "sha256")
    confused = (signed + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()
    assert (await say(api, key, identity={"token": confused})).status_code == 401
    stranger = jwt.encode({"alg": "ES256", "kid": "k-1"}, claims(), ECKey.generate_key("P-256"))
    assert (await say(api, key, identity={"token": stranger})).status_code == 401


@pytest.fixture
async def issuer(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Issuer]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(issuers, "PAUSE", 0.0)
    issuer = Issuer()
    async with serving(Starlette(routes=[Route("/jwks", issuer.publish)])) as url:
        issuer.url = f"{url}/jwks"
        yield issuer


async def test_published_keys_are_read_once_and_again_when_they_change(api: httpx.AsyncClient, issuer: Issuer) -> None:
    key = await make_key(api, identity={"algorithm": "RS256", "jwks_url": issuer.url, **ISSUER})

    async def prove(kid: str) -> int:
        token = issuer.sign(kid, iss=ISSUER["issuer"], aud=ISSUER["audience"])
        return (await say(api, key, identity={"token": token})).status_code

    assert [await prove("r1") for _ in range(3)] == [201, 201, 201]
    assert issuer.asked == 1
    assert await prove("e1") == 401  # published too, but the key takes RS256 only
    gone = issuer.sign("r1", iss=ISSUER["issuer"], aud=ISSUER["audience"])
    issuer.keys = {"r2": rsa("r2")}
    assert await prove("r2") == 201
    assert issuer.asked == 2
    assert (await say(api, key, identity={"token": gone})).status_code == 401


async def test_an_issuer_that_is_away_is_no_proof_of_a_forgery(
    api: httpx.AsyncClient, issuer: Issuer, graph: Graph
) -> None:
    """Who never could be asked: 503, so that the page tries again. What was read before stays good."""
    key = await make_key(api, identity={"algorithm": "RS256", "jwks_url": issuer.url, **ISSUER})
    proof = {"token": issuer.sign("r1", iss=ISSUER["issuer"], aud=ISSUER["audience"])}
    issuer.answer = Response("no", 500)
    refused = await say(api, key, identity=proof)
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    assert await graph.rows(EVENTS) == []
    issuer.answer = None
    assert (await say(api, key, identity=proof)).status_code == 201
    issuer.answer = Response("no", 500)
    assert (await say(api, key, identity=proof)).status_code == 201
    assert (await say(api, key, identity={"token": issuer.sign("r1", header={"kid": "r9"})})).status_code == 401


@pytest.mark.filterwarnings("ignore:EdDSA")
async def test_every_algorithm_that_is_promised_proves(api: httpx.AsyncClient) -> None:
    signers: dict[str, RSAKey | ECKey | OKPKey] = {
        "RS256": RSAKey.generate_key(2048),
        "ES256": ECKey.generate_key("P-256"),
        "EdDSA": OKPKey.generate_key("Ed25519"),
    }
    for algorithm, signer in signers.items():
        jwks = {"keys": [signer.as_dict(private=False)]}
        key = await make_key(api, identity={"algorithm": algorithm, "jwks": jwks, **ISSUER})
        token = jwt.encode({"alg": algorithm}, claims(), signer, algorithms=[algorithm])
        assert (await say(api, key, identity={"token": token})).status_code == 201, algorithm


@pytest.mark.parametrize(
    "terms",
    [
        {"identity": {"algorithm": "none"}},
        {"identity": {"algorithm": "RS256"}},
        {"identity": {"jwks": {"keys": []}}},
        {"identity": {"algorithm": "RS256", "jwks_url": "file:///etc/passwd"}},
        {"identity": {"algorithm": "RS256", "jwks_url": "http://issuer.example/jwks"}},
        {"identity": {"algorithm": "RS256", "jwks": {}}},
        {"identity": {"algorithm": "RS256", "jwks": {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]}}},
        {"accounts": "observed"},
        {"role": "analyst", "publishable": True},
    ],
    ids=str,
)
async def test_terms_that_make_no_sense_make_no_key(api: httpx.AsyncClient, terms: dict[str, Any]) -> None:
    answer = await api.post("/v1/keys", json={"name": "x", "role": "channel"} | terms, headers=ADMIN)
    assert answer.status_code == 422
