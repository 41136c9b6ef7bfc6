"""Keys from outside: they end, they change their secret, they have a rate, and nobody guesses one."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import Result
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from pydantic import ValidationError
from typer.testing import CliRunner

from tests.conftest import ADMIN_KEY, SIGNED_WITH
from vitograph.api.access import callers as access
from vitograph.api.app import create_app
from vitograph.api.cli import app as command
from vitograph.api.new_keys import NewKey
from vitograph.api.running.addresses import Addresses
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import (
    Credential,
    Role,
    create_key,
    find_caller,
    find_credentials,
    list_keys,
    mark_used,
    record_key,
    revoke_key,
    rotate_key,
)
from vitograph.graph.driver import Graph

ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}
WITHIN = 30.0


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


async def make(api: httpx.AsyncClient, **fields: Any) -> dict[str, str]:
    made = await api.post("/v1/keys", json={"name": "one", "role": "specialist"} | fields, headers=ADMIN)
    assert made.status_code == 201, made.text
    assert made.headers["cache-control"] == "no-store"
    return dict(made.json())


async def until(api: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    """Until a call of the key is answered so: a process remembers a caller for a second."""
    async with asyncio.timeout(WITHIN):
        while (await api.get("/v1/models", headers=headers)).status_code != status:  # noqa: ASYNC110  a memory has no event
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("path", ["/v1/observations", "/v1/forms/summer", "/v1/cloudevents", "/v1/candidates/next"])
@pytest.mark.parametrize("name", ["key", "access_token"])
async def test_a_secret_key_in_an_address_is_refused_with_the_reason(
    api: httpx.AsyncClient, secrets: dict[Role, str], path: str, name: str
) -> None:
    answer = await api.post(path, params={name: secrets[Role.CHANNEL]}, json={})
    assert answer.status_code == 401
    assert "addresses end up in logs" in answer.json()["detail"]
    assert secrets[Role.CHANNEL] not in answer.text


async def test_a_key_expires(api: httpx.AsyncClient) -> None:
    await make(api)  # the first call of a session may take seconds on a busy machine
    soon = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=8)
    key = await make(api, expires_at=soon.isoformat())
    await until(api, bearer(key["key"]), 401)
    assert dt.datetime.now(dt.UTC) >= soon


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "2030-01-01T00:00:00"}, "/expires_at"),
        ({"expires_at": "0001-01-01T00:00:00+14:00"}, "/expires_at"),
        ({"expires_at": "soon"}, "/expires_at"),
        ({"rate": 0}, "/rate"),
        ({"rate": "5"}, "/rate"),
        ({"rate": True}, "/rate"),
        ({"pii": True}, "/pii"),
        ({"pii": "yes", "role": "analyst"}, "/pii"),
        ({"role": "marketing"}, "/department"),
        ({"hash": "00"}, "/hash"),
        ({"id": "k-1"}, "/id"),
        ({"revoked_at": None}, "/revoked_at"),
    ],
)
async def test_a_key_that_cannot_be_is_refused(
    api: httpx.AsyncClient, graph: Graph, fields: dict[str, Any], pointer: str
) -> None:
    before = {row["id"] for row in await list_keys(graph)}
    answer = await api.post("/v1/keys", json={"name": "one", "role": "specialist"} | fields, headers=ADMIN)
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert {row["id"] for row in await list_keys(graph)} == before


async def test_a_rotated_key_has_both_secrets_for_a_while(api: httpx.AsyncClient, graph: Graph) -> None:
    made = await make(api, holder="ana@x.org")
    rotated = (await api.post(f"/v1/keys/{made['id']}/rotate", json={"overlap": 3_600}, headers=ADMIN)).json()
    assert rotated["id"] == made["id"]
    assert rotated["key"] != made["key"]
    old, new = await find_caller(graph, made["key"]), await find_caller(graph, rotated["key"])
    assert old == new
    assert old is not None
    assert old.human == "ana@x.org"
    ended = await api.post(f"/v1/keys/{made['id']}/rotate", json={"overlap": 0}, headers=ADMIN)
    assert ended.status_code == 201
    assert await find_caller(graph, made["key"]) is None
    assert await find_caller(graph, rotated["key"]) is None
    assert await find_caller(graph, ended.json()["key"]) == old


async def test_a_secret_that_is_over_does_not_come_back(graph: Graph) -> None:
    """The first admin key is stored at each start: not again when it was revoked, or has another secret since."""
    id = await record_key(graph, "first", "first admin", Role.ADMIN)
    made = await rotate_key(graph, id, dt.timedelta())
    assert await record_key(graph, "first", "first admin", Role.ADMIN) == id
    assert await find_caller(graph, "first") is None
    assert await find_caller(graph, made["key"]) is not None
    await revoke_key(graph, id)
    assert await record_key(graph, made["key"], "first admin", Role.ADMIN) == id
    assert await find_caller(graph, made["key"]) is None


async def test_a_revoked_key_is_ended_with_all_its_secrets(api: httpx.AsyncClient) -> None:
    made = await make(api)
    rotated = (await api.post(f"/v1/keys/{made['id']}/rotate", headers=ADMIN)).json()
    for secret in (made["key"], rotated["key"]):
        await until(api, bearer(secret), 200)
    assert (await api.delete(f"/v1/keys/{made['id']}", headers=ADMIN)).status_code == 204
    for secret in (made["key"], rotated["key"]):
        await until(api, bearer(secret), 401)
    assert (await api.post(f"/v1/keys/{made['id']}/rotate", headers=ADMIN)).status_code == 404
    listed = (await api.get("/v1/keys", headers=ADMIN)).json()["items"]
    assert [row["revoked_at"] is not None for row in listed if row["id"] == made["id"]] == [True]


async def test_keys_are_listed_in_pages_without_secrets(api: httpx.AsyncClient) -> None:
    made = [await make(api, name=f"key {number}") for number in range(5)]
    seen, cursor, text = [], None, ""
    while True:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        answer = await api.get("/v1/keys", params=params, headers=ADMIN)
        text += answer.text
        seen += [row["id"] for row in answer.json()["items"]]
        if (cursor := answer.json()["next"]) is None:
            break
    assert seen[-5:] == [key["id"] for key in made]
    assert len(seen) == len(set(seen))
    assert not any(key["key"] in text for key in made)
    assert "hash" not in text


async def test_the_last_use_of_a_key_is_noted(api: httpx.AsyncClient, graph: Graph) -> None:
    made = await make(api)
    await until(api, bearer(made["key"]), 200)
    async with asyncio.timeout(WITHIN):
        while not (noted := [row["last_used_at"] for row in await list_keys(graph) if row["id"] == made["id"]])[0]:  # noqa: ASYNC110  written later
            await asyncio.sleep(0.1)
    await asyncio.sleep(access.REMEMBERED + 0.1)
    assert (await api.get("/v1/models", headers=bearer(made["key"]))).status_code == 200
    await asyncio.sleep(0.2)
    assert [row["last_used_at"] for row in await list_keys(graph) if row["id"] == made["id"]] == noted


async def test_a_key_may_have_a_rate_of_its_own(api: httpx.AsyncClient) -> None:
    slow, fast = await make(api, rate=1), await make(api)
    answers = await asyncio.gather(*(api.get("/v1/models", headers=bearer(slow["key"])) for _ in range(20)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses[0] == 200
    assert statuses[-1] == 429
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["content-type"] == "application/problem+json"
    assert (await api.get("/v1/models", headers=bearer(fast["key"]))).status_code == 200
    await until(api, bearer(slow["key"]), 200)


async def test_guessing_is_slow_and_locks_nobody_out(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that was never used here comes from the very address that guesses, in the midst of it."""
    looked_up = 0
    find = access.find_credentials

    async def counted(graph: Graph, hashes: Any) -> Any:
        nonlocal looked_up
        looked_up += 1
        return await find(graph, hashes)

    monkeypatch.setattr(access, "find_credentials", counted)
    _, good = await create_key(graph, "Ana", Role.SPECIALIST)
    known = access.Callers(graph, settings)

    async def guess(number: int) -> str:
        try:
            await known.find(f"guess {number}", "10.0.0.1")
        except Exception as error:
            return type(error).__name__
        return "found"

    started = time.monotonic()
    for number in range(access.FAILURES):
        assert await guess(number) == "Unauthenticated"
    assert looked_up == access.FAILURES
    guesses = [asyncio.ensure_future(guess(number)) for number in range(100, 100 + 3 * access.MOST_WAITING)]
    async with asyncio.timeout(WITHIN):
        caller = None
        while caller is None:
            try:
                caller = await known.find(good, "10.0.0.1")
            except access.TooBusy as error:
                await asyncio.sleep(error.wait)
    assert caller.name == "Ana"
    outcomes = await asyncio.gather(*guesses)
    assert set(outcomes) == {"Unauthenticated", "TooBusy"}
    turns = (time.monotonic() - started) / access.TURN + 1  # in each one may try alone, and all who wait together
    assert looked_up <= access.FAILURES + 2 * turns
    assert await known.find(good, "10.0.0.1") == caller
    await known.close()


async def test_who_guesses_much_at_once_gets_no_further(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All at one moment, while none has failed yet."""
    at_once: list[int] = []
    find = access.find_credentials

    async def counted(graph: Graph, hashes: Any) -> Any:
        at_once.append(len(hashes))
        return await find(graph, hashes)

    monkeypatch.setattr(access, "find_credentials", counted)
    known = access.Callers(graph, settings)
    most = access.FAILURES + access.MOST_WAITING
    guesses = (known.find(f"guess {number}", "10.0.0.1") for number in range(2 * most))
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert Counter(type(one).__name__ for one in outcomes) == {"Unauthenticated": most, "TooBusy": most}
    assert at_once[: access.FAILURES] == [1] * access.FAILURES
    assert sum(at_once) == most
    keys = [await create_key(graph, "Ana", Role.SPECIALIST) for _ in range(access.FAILURES)]
    callers = await asyncio.gather(*(known.find(secret, "10.0.0.2") for _, secret in keys))
    assert len(callers) == access.FAILURES
    _, another = await create_key(graph, "Eva", Role.SPECIALIST)
    at_once.clear()
    assert (await known.find(another, "10.0.0.2")).name == "Eva"
    assert at_once == [1], "what was no guess costs nothing"
    await known.close()


async def test_who_opens_many_connections_with_a_new_key_is_let_in_on_each(graph: Graph, settings: Settings) -> None:
    """However many: they are one look-up, as is what nobody has."""
    known = access.Callers(graph, settings)
    most = 3 * (access.FAILURES + access.MOST_WAITING)
    _, secret = await create_key(graph, "a shop", Role.CHANNEL)
    callers = await asyncio.gather(*(known.find(secret, "10.0.0.1") for _ in range(most)))
    assert {caller.name for caller in callers} == {"a shop"}
    guesses = (known.find("a guess", "10.0.0.1") for _ in range(most))
    outcomes = await asyncio.gather(*guesses, return_exceptions=True)
    assert {type(one).__name__ for one in outcomes} == {"Unauthenticated"}
    await known.close()


async def test_no_secret_is_written_into_a_log(
    graph: Graph, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """At the level of debugging, of all libraries, whatever comes: good secrets, wrong ones, in the wrong place."""
    caplog.set_level(logging.DEBUG)
    app = create_app(settings)
    secrets = [ADMIN_KEY, "guess-me-if-you-can", "aaa.bbb-token.ccc"]
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://vito") as api:
            made = await make(api)
            rotated = (await api.post(f"/v1/keys/{made['id']}/rotate", headers=ADMIN)).json()
            secrets += [made["key"], rotated["key"]]
            for secret in secrets:
                await api.get("/v1/models", headers=bearer(secret))
                await api.get("/v1/models", auth=(secret, ""))
                await api.post("/v1/observations", content=b"{", headers=bearer(secret))
                await api.post("/v1/keys", json={"name": 1, "key": secret}, headers=bearer(secret))
    assert caplog.records
    text = "\n".join(record.getMessage() + str(record.exc_info or "") for record in caplog.records)
    for secret in secrets:
        assert secret not in text


async def test_the_command_rotates_and_lists(graph: Graph, backend: Addresses, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in backend.as_environment().items():
        monkeypatch.setenv(name, value)
    runner = CliRunner()
    arguments = ["keys", "create", "an analyst", "--role", "analyst", "--days", "1", "--rate", "50", "--pii"]
    made = await asyncio.to_thread(runner.invoke, command, arguments)
    assert made.exit_code == 0, made.output
    id, secret = made.output.split()
    caller = await find_caller(graph, secret)
    assert caller is not None
    assert caller.pii
    rotated = await asyncio.to_thread(runner.invoke, command, ["keys", "rotate", id, "--overlap", "0"])
    assert rotated.exit_code == 0, rotated.output
    assert await find_caller(graph, secret) is None
    assert await find_caller(graph, rotated.output.split()[1]) == caller
    [row] = [row for row in await list_keys(graph) if row["id"] == id]
    assert row["rate"] == 50
    assert row["expires_at"] > dt.datetime.now(dt.UTC).isoformat()
    missing = await asyncio.to_thread(runner.invoke, command, ["keys", "rotate", "k-none"])
    assert missing.exit_code != 0


async def test_many_who_come_with_one_key_at_once_ask_the_graph_once(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it is revoked meanwhile: nobody is served by it then."""
    made = await make(api)
    await until(api, bearer(made["key"]), 200)
    asked: list[int] = []

    async def counted(graph: Graph, hashes: Sequence[str]) -> dict[str, Credential]:
        asked.append(len(hashes))
        await asyncio.sleep(0.1)  # so that all who come at once do so meanwhile
        return await find_credentials(graph, hashes)

    monkeypatch.setattr(access, "find_credentials", counted)
    monkeypatch.setattr(access, "REMEMBERED", 0.0)
    await asyncio.sleep(1.1)  # what was remembered before is over
    for status in (200, 401):
        asked.clear()
        answers = await asyncio.gather(*(api.get("/v1/models", headers=bearer(made["key"])) for _ in range(20)))
        assert [answer.status_code for answer in answers] == [status] * 20
        assert len(asked) < 5
        await api.delete(f"/v1/keys/{made['id']}", headers=ADMIN)


@pytest.fixture
def beside(api: httpx.AsyncClient, settings: Settings, backend: Addresses, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands work on the servers of the API, and sign as it does."""
    for name, value in backend.as_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VITO_DATA", str(settings.data))


async def create_by_command(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, command, ["keys", "create", *arguments])


@pytest.mark.usefixtures("beside")
async def test_the_command_makes_the_key_of_a_page_whose_logins_are_proved(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VITO_SIGNING_KEY", SIGNED_WITH)
    done = await create_by_command(
        *("shop", "--role", "channel", "--publishable", "--campaign", "summer", "--channel", "chat"),
        *("--origin", "https://shop.example", "--identity", "HS256", "--issuer", "https://shop.example"),
    )
    assert done.exit_code == 0, done.output
    id, key, secret = done.output.split()
    assert key.startswith("vito_pk_")
    listed = (await api.get("/v1/keys", params={"limit": 500}, headers=ADMIN)).json()["items"]
    [told] = [row for row in listed if row["id"] == id]
    assert (told["publishable"], told["campaigns"], told["channels"]) == (True, ["summer"], ["chat"])
    assert (told["origins"], told["identity"]["issuer"]) == (["https://shop.example"], "https://shop.example")
    assert "terms" not in told
    shown = await asyncio.to_thread(CliRunner().invoke, command, ["keys", "list"])
    assert "https://shop.example" in next(line for line in shown.output.splitlines() if id in line)
    body = {"session": "s-1", "text": "hello"}
    claims = {"iss": "https://shop.example", "sub": "u-1", "exp": int(time.time()) + 60}
    token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))
    for origin, identity, status in (
        ("https://shop.example", {"token": token}, 201),
        ("https://shop.example", {"user_id": "u-1", "user_hash": "0" * 64}, 401),
        ("https://elsewhere.example", {"token": token}, 403),
    ):
        headers = bearer(key) | {"Origin": origin}
        said = await api.post("/v1/chat/messages", json=body | {"identity": identity}, headers=headers)
        assert said.status_code == status, said.text


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("https://Shop.example/", "https://shop.example"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example/path", None),
        ("shop.example", None),
        ("*", None),
        ("https://*.shop.example", None),
        ("https://shop.example:99999", None),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(stated: str, kept: str | None) -> None:
    def new() -> NewKey:
        return NewKey(name="page", role=Role.CHANNEL, publishable=True, origins=[stated])

    if kept is None:
        with pytest.raises(ValidationError, match="origins"):
            new()
    else:
        assert new().terms().origins == (kept,)


@pytest.mark.usefixtures("beside")
async def test_the_command_takes_the_keys_of_an_issuer_from_a_file(
    api: httpx.AsyncClient, graph: Graph, tmp_path: Path
) -> None:
    signer = RSAKey.generate_key(2048, {"kid": "k-1"})
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps({"keys": [signer.as_dict(private=False)]}))
    done = await create_by_command("chat", "--role", "channel", "--identity", "RS256", "--jwks", str(file))
    assert done.exit_code == 0, done.output
    _, key = done.output.split()
    token = jwt.encode({"alg": "RS256", "kid": "k-1"}, {"sub": "u-1", "exp": int(time.time()) + 60}, signer)
    body = {"session": "s-1", "text": "hello", "identity": {"token": token}}
    assert (await api.post("/v1/chat/messages", json=body, headers=bearer(key))).status_code == 201


@pytest.mark.usefixtures("beside")
@pytest.mark.parametrize(
    "arguments",
    [
        ["--role", "analyst", "--publishable"],
        ["--role", "marketing"],
        ["--role", "channel", "--pii"],
        ["--role", "channel", "--issuer", "https://shop.example"],
        ["--role", "channel", "--identity", "none"],
        ["--role", "channel", "--identity", "RS256"],
        ["--role", "channel", "--identity", "HS256", "--jwks-url", "https://shop.example/jwks"],
        ["--role", "channel", "--identity", "RS256", "--jwks-url", "http://shop.example/jwks"],
        ["--role", "channel", "--identity", "RS256", "--jwks", "/etc/hostname"],
        ["--role", "channel", "--identity", "HS256"],  # what the API signs with is not known here
        ["--role", "channel", "--accounts", "observed"],
    ],
    ids=" ".join,
)
async def test_the_command_makes_no_key_of_what_makes_no_sense(graph: Graph, arguments: list[str]) -> None:
    before = await list_keys(graph)
    assert (await create_by_command("x", *arguments)).exit_code != 0
    assert await list_keys(graph) == before


async def test_a_key_says_only_what_it_may(api: httpx.AsyncClient) -> None:
    key = bearer((await make(api, role="channel", channels=["chat"], campaigns=["summer"]))["key"])
    carried = [{"kind": "cookie", "value": "c-1"}]
    for channel, event, status in (
        ("chat", {"type": "page.viewed"}, 201),
        ("chat", {"type": "page.viewed", "target_id": "summer"}, 201),
        ("chat", {"type": "page.viewed", "target_id": "winter"}, 403),
        ("form", {"type": "page.viewed"}, 403),
    ):
        body = {"channel": channel, "identifiers": carried, "event": event}
        assert (await api.post("/v1/observations", json=body, headers=key)).status_code == status, (channel, event)
        batch = await api.post("/v1/observations/batch", json=body, headers=key)
        assert ("event_id" in batch.json()) == (status == 201)


async def test_many_who_come_at_once_with_a_key_have_its_use_noted_once(
    api: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each note locks the key, and who waits for a lock polls for it."""
    noted: list[str] = []

    async def counted(graph: Graph, id: str, now: dt.datetime, before: dt.datetime) -> None:
        noted.append(id)
        await mark_used(graph, id, now, before)

    monkeypatch.setattr(access, "mark_used", counted)
    made = await make(api)
    calls = (api.get("/v1/models", headers=bearer(made["key"])) for _ in range(30))
    assert {answer.status_code for answer in await asyncio.gather(*calls)} == {200}
    assert noted.count(made["id"]) == 1
