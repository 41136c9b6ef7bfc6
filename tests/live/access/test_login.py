"""People sign in at an issuer or with a link of this machine, have a session, and sign out."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from typer.testing import CliRunner

from tests.deciding import candidate, person, propose
from tests.issuer import CLIENT, Provider
from tests.serving import Served, serving
from vitograph.api.access import callers, sessions
from vitograph.api.app import create_app
from vitograph.api.cli import app as vito
from vitograph.api.routes import queue
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role, create_key, revoke_key
from vitograph.graph.access.sessions import end_sessions, issue_ticket, open_session, redeem
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.resolver.errors import Unauthenticated

HOUR = dt.timedelta(hours=1)
OURS = "http://vito"
BACK = Statement(
    "test/back",
    "MATCH (s:Session) SET s.used_at = coalesce(s.used_at, s.created_at) - duration({minutes: $minutes})",
)
USED = Statement(
    "test/used", "MATCH (s:Session) RETURN duration.inSeconds(s.used_at, datetime()).seconds / 60 AS minutes"
)


@pytest.fixture
async def provider(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Provider]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    provider = Provider()
    async with serving(provider.app()) as url:
        provider.url = url
        yield provider


@pytest.fixture
async def browser(graph: Graph, settings: Settings, provider: Provider) -> AsyncIterator[httpx.AsyncClient]:
    """What a browser does with cookies, in front of an API whose people sign in at the provider."""
    app = create_app(settings.model_copy(update=provider.settings()))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=OURS) as client:
            yield client


async def at_the_issuer(browser: httpx.AsyncClient) -> str:
    """Begins, signs in at the issuer, and gives the address that it sends the browser back to."""
    begun = await browser.get("/login")
    assert begun.status_code == 303, begun.text
    async with httpx.AsyncClient(trust_env=False, timeout=60) as issuer:
        answer = await issuer.get(begun.headers["location"])
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def csrf(browser: httpx.AsyncClient) -> dict[str, str]:
    return {"X-CSRF-Token": (await browser.get("/v1/session")).json()["csrf"]}


async def test_a_human_signs_in_at_the_issuer_decides_and_signs_out(
    browser: httpx.AsyncClient, provider: Provider, graph: Graph
) -> None:
    id = await propose(graph, await person(graph, "a"), await person(graph, "b"))
    assert (await browser.get("/login/ways")).json() == {"oidc": True}
    assert (await browser.get("/v1/session")).status_code == 401
    back = await at_the_issuer(browser)
    answer = await browser.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/review"), answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert sessions.COOKIE in cookie
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    me = (await browser.get("/v1/session")).json()
    assert (me["name"], me["role"], me["holder"]) == ("Ana Lopez", "specialist", "ana@x.org")
    read = await browser.get(f"/v1/candidates/{id}")
    body = {"verdict": "different", "reason": "seen"}
    headers = {"If-Match": read.headers["etag"]}
    forged = await browser.post(f"/v1/candidates/{id}/decisions", json=body, headers=headers)
    assert (forged.status_code, (await candidate(graph, id))["status"]) == (403, "open")
    decided = await browser.post(f"/v1/candidates/{id}/decisions", json=body, headers=headers | await csrf(browser))
    assert (decided.status_code, decided.json()["holder"], decided.json()["actor"]) == (201, "ana@x.org", me["actor"])
    kept = dict(browser.cookies)
    out = await browser.delete("/v1/session", headers=await csrf(browser))
    assert out.status_code == 200
    assert out.json()["elsewhere"].startswith(f"{provider.url}/logout?client_id={CLIENT}")
    assert sessions.COOKIE not in browser.cookies
    browser.cookies.update(kept)
    assert (await browser.get("/v1/candidates")).status_code == 401, "a copied cookie is good for nothing any more"


async def test_a_sign_in_is_finished_by_the_browser_that_began_it_once(
    browser: httpx.AsyncClient, provider: Provider
) -> None:
    back = await at_the_issuer(browser)
    begun = dict(browser.cookies)
    query = {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    browser.cookies.clear()
    assert (await browser.get(back)).status_code == 401, "another browser: no cookie"
    for change in (
        {"state": "x"},
        {"code": ""},
        {"code": "another"},
        {"iss": "https://evil.test"},
        {"error": "denied"},
    ):
        browser.cookies.update(begun)
        refused = await browser.get("/login/callback", params=query | change)
        assert (refused.status_code, sessions.COOKIE in browser.cookies) == (401, False), change
        browser.cookies.clear()
    other = await at_the_issuer(browser)
    assert (await browser.get(back)).status_code == 401, "the state of one sign-in with the cookie of another"
    assert (await browser.get(other)).status_code == 303
    assert (await browser.get(other)).status_code == 401, "a code is good once"
    assert provider.exchanged == 1


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"nonce": None}, {"aud": "vito"}, {"aud": [CLIENT, "x"], "azp": "x"}, {"exp": 1},
     {"iss": "https://evil.test"}, {"groups": []}, {"email_verified": False}, {"iat": None}],
    ids=lambda claims: ",".join(claims),
)  # fmt: skip
async def test_an_id_token_that_is_not_of_this_sign_in_opens_nothing(
    browser: httpx.AsyncClient, provider: Provider, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    answer = await browser.get(await at_the_issuer(browser))
    assert (answer.status_code, sessions.COOKIE in browser.cookies) == (401, False)


async def test_who_signs_in_again_is_the_same_human_in_another_session(
    browser: httpx.AsyncClient, graph: Graph
) -> None:
    await browser.get(await at_the_issuer(browser))
    first, before = (await browser.get("/v1/session")).json(), browser.cookies[sessions.COOKIE]
    await browser.get(await at_the_issuer(browser))
    second = (await browser.get("/v1/session")).json()
    assert (second["actor"], second["holder"]) == (first["actor"], first["holder"])
    assert browser.cookies[sessions.COOKIE] != before
    browser.cookies.set(sessions.COOKIE, before, domain="vito.local")
    assert await end_sessions(graph, "ana@x.org") == 1, "the one before was ended"


async def test_nothing_changes_for_what_another_site_causes(api: httpx.AsyncClient, graph: Graph) -> None:
    ticket = await issue_ticket(graph, "ana", "Ana", Role.SPECIALIST)
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert (await api.post("/login/ticket", json={"ticket": ticket}, headers=cross)).status_code == 403
    signed = await api.post("/login/ticket", json={"ticket": ticket})
    assert signed.status_code == 201
    token = {"X-CSRF-Token": signed.json()["csrf"]}
    for headers, expected in (({}, 403), (token | cross, 403), ({"X-CSRF-Token": "0" * 64}, 403), (token, 204)):
        assert (await api.post("/v1/candidates/next", headers=headers)).status_code == expected, headers
    assert (await api.get("/v1/candidates", headers=cross)).status_code == 403
    _, channel = await create_key(graph, "form", Role.CHANNEL)
    assert (await api.get("/v1/candidates", headers={"Authorization": f"Bearer {channel}"})).status_code == 403, (
        "a key that comes with a session is what counts"
    )
    assert (await api.post("/v1/observations", json={})).status_code == 401, "a page of elsewhere has no session"


async def test_a_link_signs_in_once_and_for_ten_minutes(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = await issue_ticket(graph, "ana", "Ana", Role.SPECIALIST)
    _, human = await redeem(graph, ticket, HOUR)
    assert (human.name, human.holder, human.role) == ("Ana", "ana", Role.SPECIALIST)
    with pytest.raises(Unauthenticated):
        await redeem(graph, ticket, HOUR)
    monkeypatch.setattr("vitograph.graph.access.sessions.TICKET", dt.timedelta(0))
    with pytest.raises(Unauthenticated):
        await redeem(graph, await issue_ticket(graph, "ana", "Ana", Role.SPECIALIST), HOUR)


async def test_sessions_end_by_themselves_and_all_of_a_human_at_once(api: httpx.AsyncClient, graph: Graph) -> None:
    _, human = await redeem(graph, await issue_ticket(graph, "ana", "Ana", Role.SPECIALIST), HOUR)
    over = await open_session(graph, human, -HOUR)
    good = await open_session(graph, human, HOUR)
    ticket = await issue_ticket(graph, "ana", "Ana", Role.SPECIALIST)

    async def status(secret: str) -> int:
        return (await api.get("/v1/session", headers={"Cookie": f"{sessions.COOKIE}={secret}"})).status_code

    assert [await status(secret) for secret in (over, good, ticket, "vito_s_none")] == [401, 200, 401, 401]
    _, key = await create_key(graph, "ana's key", Role.SPECIALIST)
    assert await status(key) == 401, "a key is no session"
    by_header = await api.get("/v1/session", headers={"Authorization": f"Bearer {good}"})
    assert by_header.status_code == 401, "nor is a session a key, which needs no token against forgery"
    await end_sessions(graph, "ana")
    other = await open_session(graph, human, HOUR)
    assert await status(other) == 200
    with pytest.raises(Unauthenticated):
        await redeem(graph, ticket, HOUR)


async def test_a_session_that_nobody_uses_ends(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(callers, "REMEMBERED", 0.0)
    app = create_app(settings.model_copy(update={"session_idle_minutes": 30.0}))
    secret, _ = await redeem(graph, await issue_ticket(graph, "ana", "Ana", Role.SPECIALIST), 10 * HOUR)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=OURS) as client:
            client.cookies.set(sessions.COOKIE, secret)
            assert (await client.get("/v1/session")).json()["idle_seconds"] == 1_800
            await graph.run(BACK, minutes=20)
            assert (await client.get("/v1/session")).status_code == 200
            async with asyncio.timeout(30):
                while (await graph.rows(USED))[0]["minutes"] > 1:  # noqa: ASYNC110  it is noted beside the answer
                    await asyncio.sleep(0.05)
            await graph.run(BACK, minutes=20)
            assert (await client.get("/v1/session")).status_code == 200, "it was used twenty minutes ago, not forty"
            await app.state.vito.callers.close()
            await graph.run(BACK, minutes=32)
            assert (await client.get("/v1/session")).status_code == 401


async def test_an_open_line_ends_with_the_session_or_the_key_that_it_came_by(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "HEARTBEAT", 0.2)
    _, human = await redeem(graph, await issue_ticket(graph, "ana", "Ana", Role.SPECIALIST), HOUR)
    session = await open_session(graph, human, HOUR)
    id, key = await create_key(graph, "eve", Role.SPECIALIST)
    served = Served(settings)
    await served.start()
    try:
        for headers, end in (
            ({"Cookie": f"{sessions.COOKIE}={session}"}, lambda: end_sessions(graph, "ana")),
            ({"Authorization": f"Bearer {key}"}, lambda: revoke_key(graph, id)),
        ):
            async with (
                asyncio.timeout(60),
                httpx.AsyncClient(base_url=served.address, headers=headers, timeout=60, trust_env=False) as client,
                client.stream("GET", "/v1/candidates/stream") as stream,
            ):
                lines = stream.aiter_lines()
                told = [await anext(lines) for _ in range(8)]
                assert told.count(": open") >= 2, "it goes on while it may"
                await end()
                async for line in lines:
                    assert line in (": open", "")
    finally:
        await served.stop()


def test_vito_login_prints_a_link_that_signs_in(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("neo4j_uri", "neo4j_user", "redis_url"):
        monkeypatch.setenv(f"VITO_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("VITO_NEO4J_PASSWORD", settings.neo4j_password.get_secret_value())
    monkeypatch.setenv("VITO_PUBLIC_URL", "https://vito.test/")
    done = CliRunner().invoke(vito, ["login", "ben", "--name", "Ben"])
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith("https://vito.test/review#ticket=vito_s_")
    assert CliRunner().invoke(vito, ["login", "--role", "channel"]).exit_code == 2
    assert CliRunner().invoke(vito, ["logout", "BEN"]).stdout == "1 ended\n"
