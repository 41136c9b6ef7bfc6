"""Calls as Twilio's webhooks tell of them: signed, each state once, and a number that says no more than a line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from pydantic import SecretStr

from tests.live.calls import serving, start, stream
from tests.live.channels.test_segment import EVENTS, holders
from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph

validator = pytest.importorskip("twilio.request_validator", reason="this machine lacks the package twilio")

PUBLIC = "https://vito.example/base"
TOKEN = "the auth token of an account"
SID = "CA" + "0123456789abcdef" * 2


@pytest.fixture
async def line(graph: Graph, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The whole app behind a proxy of another name."""
    app = create_app(settings.model_copy(update={"twilio_token": SecretStr(TOKEN), "public_url": PUBLIC}))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://10.0.0.7:8700") as client:
            yield client


async def tell(
    line: httpx.AsyncClient, token: str = TOKEN, query: str = "", signature: str | None = None, **stated: str
) -> httpx.Response:
    parameters = {"CallSid": SID, "CallStatus": "ringing", "Direction": "inbound", "From": "+34600100200",
                  "To": "+34910000000", "AccountSid": "AC1", "CallerName": ""} | stated  # fmt: skip
    url = f"{PUBLIC}/v1/phone/twilio{query}"
    signed = validator.RequestValidator(token).compute_signature(url, parameters)
    headers = {"X-Twilio-Signature": signed if signature is None else signature,
               "content-type": "application/x-www-form-urlencoded"}  # fmt: skip
    return await line.post(f"/v1/phone/twilio{query}", content=urlencode(parameters), headers=headers)


async def test_each_state_of_a_call_is_an_event_once(line: httpx.AsyncClient, graph: Graph) -> None:
    for status in ("ringing", "in-progress", "ringing", "completed", "completed"):
        done: dict[str, Any] = {"CallDuration": "42"} if status == "completed" else {}
        answer = await tell(
            line, query="?line=sales", CallStatus=status, Timestamp="Tue, 24 Nov 2026 10:00:00 +0000", **done
        )
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/xml")
    late = await tell(line, CallStatus="completed", Timestamp="Tue, 24 Nov 2026 10:07:00 +0000")
    assert (late.status_code, late.headers["Idempotent-Replayed"]) == (200, "true")
    events = await graph.rows(EVENTS)
    assert sorted(event["type"] for event in events) == ["call.answered", "call.completed", "call.ringing"]
    assert {event["at"] for event in events} == {"2026-11-24T10:00:00Z"}
    assert {assurance for _, assurance in (await holders(graph))["phone:+34600100200"]} == {"observed"}


async def test_who_is_called_is_the_person_of_an_outbound_call(line: httpx.AsyncClient, graph: Graph) -> None:
    await tell(line, Direction="outbound-api", From="+34910000000", To="+34600100200")
    assert set(await holders(graph)) == {"phone:+34600100200", f"session:twilio:{SID}"}


async def test_a_withheld_number_is_no_identifier(line: httpx.AsyncClient, graph: Graph) -> None:
    numbers = ("anonymous", "+266696687", "Restricted", "client:maria", "sip:a@b.example", "", "+1")
    sids = [f"CA{place:032}" for place in range(len(numbers))]
    for sid, number in zip(sids, numbers, strict=True):
        assert (await tell(line, CallSid=sid, From=number)).status_code == 200
    assert set(await holders(graph)) == {f"session:twilio:{sid}" for sid in sids}


async def test_what_is_not_signed_is_refused(line: httpx.AsyncClient, graph: Graph, api: httpx.AsyncClient) -> None:
    assert (await tell(line, token="another")).status_code == 403
    assert (await tell(line, signature="")).status_code == 403
    assert (await tell(api)).status_code == 403  # no token is set there
    assert (await tell(line, CallSid="CA1")).status_code == 422
    assert (await tell(line, CallStatus="")).status_code == 422
    assert (await line.post("/v1/phone/twilio", content=b"\xff")).status_code == 400
    assert await graph.rows(EVENTS) == []


async def test_a_stream_that_says_it_is_twilios_is_signed_over_its_public_address(
    graph: Graph, settings: Settings, secrets: dict[Role, str]
) -> None:
    set_up = {"twilio_token": SecretStr(TOKEN), "public_url": PUBLIC}
    address = "wss://vito.example/base/v1/voice/twilio"
    right = validator.RequestValidator(TOKEN).compute_signature(address, {})
    wrong = {
        "of another account": validator.RequestValidator("another").compute_signature(address, {}),
        "of the webhook's scheme": validator.RequestValidator(TOKEN).compute_signature(f"https{address[3:]}", {}),
        "empty": "",
    }
    begin = start("CA1", token=secrets[Role.CHANNEL])
    async with serving(create_app(settings.model_copy(update=set_up))) as url:
        assert await stream(url, [begin], headers={"X-Twilio-Signature": right}) == 1000
        for name, signature in wrong.items():
            assert await stream(url, [begin], headers={"X-Twilio-Signature": signature}) == 1008, name
        unknown = start("CA1", token="nobody's")
        assert await stream(url, [unknown], headers={"X-Twilio-Signature": right}) == 1008  # it lets nobody in
        assert await stream(url, [begin]) == 1000
    async with serving(create_app(settings.model_copy(update=set_up | {"twilio_signed_streams": True}))) as url:
        assert await stream(url, [begin]) == 1008
        assert await stream(url, [begin], headers={"x-twilio-signature": right}) == 1000
