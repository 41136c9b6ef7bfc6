"""Double opt-in through a real SMTP server: only the owner of a mailbox makes its address verified."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import Message
from email.policy import default
from typing import Any

import httpx
import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from joserfc import jwt
from joserfc.jwk import OctKey
from pydantic import SecretStr

from tests.live.channels.test_segment import EVENTS, holders
from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.api.signing.secret import Signing
from vitograph.api.wiring.mailing import open_confirmations
from vitograph.api.wiring.projecting import make_projector
from vitograph.graph.access.keys import Role, create_key
from vitograph.graph.driver import Graph
from vitograph.graph.outbox import backlog
from vitograph.graph.publishing.campaigns import Writer, activate, end, put
from vitograph.graph.queries import Statement
from vitograph.ingest.confirmations import MEANING, sign
from vitograph.projections.hot.memory import HotMemory
from vitograph.projections.projector import Projector
from vitograph.resolver.publishing.campaigns import read_body
from vitograph.resolver.publishing.outbox import MOST_ATTEMPTS
from vitograph.resolver.terms import Terms

DUE = Statement("test/due", "MATCH (o:Outbox) SET o.next_at = datetime()")
WAITING = Statement("test/waiting", "MATCH (o:Outbox) RETURN o.status AS status, o.faults AS faults")
AGED = Statement("test/aged", "MATCH (e:Event) SET e.received_at = e.received_at - duration({days: $days})")
LINK = re.compile(r"https://vito\.example(/confirm\?token=\S+)")


class Mailbox:
    """A real SMTP server on a port of its own, which can refuse what it is given."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.refuses = False
        self.unknown: set[str] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.unknown:
            return "450 4.2.0 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses:
            return "451 try again later"
        assert isinstance(envelope.content, bytes)
        self.mails.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"


@pytest.fixture
async def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def mailing(settings: Settings, mailbox: Mailbox) -> AsyncIterator[Settings]:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, hostname="mail.example", loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield settings.model_copy(
        update={
            "smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"),
            "mail_from": "Shop <shop@example.com>",
            "public_url": "https://vito.example",
        }
    )
    server.close()
    await server.wait_closed()


@pytest.fixture
async def forms(graph: Graph, mailing: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The whole app with mails, an active campaign, and a key that may stand in its page."""
    writer = Writer("north")
    await put(graph, "summer", writer, read_body({"name": "Summer & Sun"}))
    await activate(graph, "summer", writer)
    _, secret = await create_key(
        graph, "page", Role.CHANNEL, terms=Terms(publishable=True, campaigns=("summer", "none"))
    )
    app = create_app(mailing)
    async with app.router.lifespan_context(app):
        headers = {"Authorization": f"Bearer {secret}"}
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://vito", headers=headers) as client:
            yield client


@pytest.fixture
def projector(graph: Graph, mailing: Settings, hot: HotMemory) -> Projector:
    return make_projector(graph, hot, open_confirmations(graph, mailing))


def form(**changes: Any) -> dict[str, Any]:
    fields = {"id": "f-1", "email": "Maria@Example.com", "given_name": "Maria", "cookie": "c-1", "size": "L"}
    return fields | changes


async def types(graph: Graph) -> list[str]:
    return [event["type"] for event in await graph.rows(EVENTS)]


async def test_an_address_is_verified_by_the_button_behind_the_link_and_once(
    forms: httpx.AsyncClient, graph: Graph, projector: Projector, mailbox: Mailbox
) -> None:
    for status in (201, 200):
        assert (await forms.post("/v1/forms/summer", json=form())).status_code == status
    while await projector.step():
        pass
    [mail] = mailbox.mails
    assert (mail["To"], mail["From"]) == ("maria@example.com", "Shop <shop@example.com>")
    content = mail.get_content()  # type: ignore[attr-defined]
    assert "Summer & Sun" in content
    link = LINK.search(content)
    assert link
    for method in ("GET", "HEAD", "GET"):
        looked = await forms.request(method, link[1])
    assert looked.status_code == 200
    assert "Summer &amp; Sun" in looked.text
    assert await types(graph) == ["campaign.enrolment_requested"]
    assert {assurance for _, assurance in (await holders(graph))["email:maria@example.com"]} == {"asserted"}
    token = link[1].partition("token=")[2]
    for _ in range(2):
        done = await forms.post("/confirm", content=f"token={token}")
        assert (done.status_code, "is confirmed" in done.text) == (200, True)
    assert await types(graph) == ["campaign.enrolment_requested", "campaign.enrolled"]
    first, second = await graph.rows(EVENTS)
    assert first["person"] == second["person"]
    assert (await holders(graph))["email:maria@example.com"] == {(first["person"], "verified")}


async def test_who_confirms_too_late_is_not_thanked_for_an_enrolment(
    forms: httpx.AsyncClient, graph: Graph, mailing: Settings
) -> None:
    await forms.post("/v1/forms/summer", json=form())
    await end(graph, "summer", Writer("north"))
    token = sign(Signing(mailing).secret(MEANING), "f-1", dt.datetime.now(dt.UTC))
    for _ in range(2):
        done = await forms.post("/confirm", content=f"token={token}")
        assert (done.status_code, "Thank you" in done.text) == (200, False)
        assert "maria@example.com is confirmed, but nobody can be enrolled for Summer &amp; Sun now." in done.text
    assert await types(graph) == ["campaign.enrolment_requested", "campaign.enrolment_refused"]


async def test_a_form_for_what_is_over_says_so_and_orders_no_mail(
    forms: httpx.AsyncClient, graph: Graph, projector: Projector, mailbox: Mailbox
) -> None:
    assert (await forms.post("/v1/forms/summer", json=form())).json()["warnings"] == []
    await end(graph, "summer", Writer("north"))
    for status in (201, 200):
        late = await forms.post("/v1/forms/summer", json=form(id="f-2", email="late@example.com"))
        assert late.status_code == status
        [warning] = late.json()["warnings"]
        assert warning.startswith("campaign 'summer' is ended and takes no enrolment")
    while await projector.step():
        pass
    assert mailbox.mails == [], "nor for the form that came before the end, whose mail was still on its way"
    assert await types(graph) == ["campaign.enrolment_requested", "campaign.enrolment_refused"]


async def test_a_mail_server_that_refuses_is_asked_again(
    forms: httpx.AsyncClient, graph: Graph, projector: Projector, mailbox: Mailbox
) -> None:
    mailbox.refuses = True
    await forms.post("/v1/forms/summer", json=form())
    await projector.step()
    assert (mailbox.mails, (await backlog(graph)).waiting) == ([], 1)
    mailbox.refuses = False
    await graph.run(DUE)
    await projector.step()
    assert len(mailbox.mails) == 1
    assert (await backlog(graph)).waiting == 0


async def test_a_mail_that_is_refused_for_now_is_tried_for_as_long_as_its_link_is_good(
    forms: httpx.AsyncClient, graph: Graph, projector: Projector, mailbox: Mailbox
) -> None:
    mailbox.unknown = {"maria@example.com"}
    for id, email in (("f-1", "maria@example.com"), ("f-2", "leo@example.com")):
        await forms.post("/v1/forms/summer", json=form(id=id, email=email, cookie=f"c-{id}"))
    for _ in range(MOST_ATTEMPTS + 1):
        await graph.run(DUE)
        await projector.step()
    assert [mail["To"] for mail in mailbox.mails] == ["leo@example.com"]
    assert await graph.rows(WAITING) == [{"status": "waiting", "faults": 0}]
    await graph.run(AGED, days=8)
    for _ in range(MOST_ATTEMPTS + 1):
        await graph.run(DUE)
        await projector.step()
    assert await graph.rows(WAITING) == [{"status": "dead", "faults": MOST_ATTEMPTS}]


async def test_a_form_as_a_browser_posts_it_and_a_mailbox_that_is_not_flooded(
    forms: httpx.AsyncClient, graph: Graph, projector: Projector, mailbox: Mailbox
) -> None:
    for number in range(5):
        posted = await forms.post("/v1/forms/summer", data=form(id=f"f-{number}", email="flood@example.com"))
        assert posted.status_code == 201
    while await projector.step():
        pass
    assert len(mailbox.mails) == 3
    [properties] = {event["properties"] for event in await graph.rows(EVENTS)}
    assert properties == '{"size":"L"}'


async def test_a_form_that_is_not_one_stores_nothing_and_mails_nobody(forms: httpx.AsyncClient, graph: Graph) -> None:
    page = forms.headers["authorization"]
    for fields, campaign, status in (
        (form(email="nobody"), "summer", 422),
        ({"size": "L"}, "summer", 422),
        (form(), "none", 404),
        (form(), "winter", 403),
        (form(email=7), "summer", 422),
        (form(properties=[1]), "summer", 422),
    ):
        assert (await forms.post(f"/v1/forms/{campaign}", json=fields)).status_code == status, fields
    for content, status in ((b"{", 400), (b"\xff", 400), (b"x" * 300_000, 413), (b"[]", 400)):
        assert (await forms.post("/v1/forms/summer", content=content)).status_code == status
    forms.headers["authorization"] = "Bearer nobody"
    assert (await forms.post("/v1/forms/summer", json=form())).status_code == 401
    del forms.headers["authorization"]
    assert (await forms.post("/v1/forms/summer", json=form())).status_code == 401
    assert await types(graph) == []
    assert (await backlog(graph)).waiting <= 2  # those of the campaign itself
    with_key = form(key=page.removeprefix("Bearer "))
    assert (await forms.post("/v1/forms/summer", data=with_key)).status_code == 201
    assert page.removeprefix("Bearer ") not in (await graph.rows(EVENTS))[0]["properties"]


async def test_what_is_wrong_with_a_form_is_told_of_its_fields(forms: httpx.AsyncClient, graph: Graph) -> None:
    for fields, pointer in (
        (form(email="nobody"), "/email"),
        (form(phone=7), "/phone"),
        (form(date_of_birth="2026-02-30"), "/date_of_birth"),
        (form(properties=[1]), "/properties"),
        (form(occurred_at="yesterday"), "/occurred_at"),
        ({"given_name": "Maria"}, ""),
    ):
        refused = (await forms.post("/v1/forms/summer", json=fields)).json()
        assert [one["pointer"] for one in refused["errors"]] == [pointer], fields
    assert "email, phone, cookie, session" in refused["detail"]
    warned = (await forms.post("/v1/forms/summer", json=form(phone="0000000"))).json()["warnings"]
    assert [warning.partition(":")[0] for warning in warned] == ["/phone"]


async def test_a_token_that_is_not_ours_or_no_more_confirms_nothing(
    forms: httpx.AsyncClient, graph: Graph, mailing: Settings
) -> None:
    await forms.post("/v1/forms/summer", json=form())
    secret = Signing(mailing).secret(MEANING)
    now = dt.datetime.now(dt.UTC)
    good = sign(secret, "f-1", now)
    other_meaning = jwt.encode({"alg": "HS256"}, {"sub": "f-1", "aud": "x", "exp": 2**33}, OctKey.import_key(secret))
    for token, status in (
        ("", 400),
        ("x", 400),
        (good[:-4], 400),
        (sign("another secret of somebody else", "f-1", now), 400),
        (other_meaning, 400),
        (sign(secret, "f-1", now - dt.timedelta(days=8)), 410),
        (sign(secret, "f-2", now), 404),
        ("<script>", 400),
    ):
        for answer in (
            await forms.get("/confirm", params={"token": token}),
            await forms.post("/confirm", json={"token": token}),
        ):
            assert answer.status_code == status, token
            assert "<script" not in answer.text
    assert await types(graph) == ["campaign.enrolment_requested"]


async def test_a_field_that_was_left_empty_is_none_however_the_form_is_posted(
    forms: httpx.AsyncClient, graph: Graph
) -> None:
    filled = form(phone="", family_name="", size="")
    assert (await forms.post("/v1/forms/summer", json=filled)).status_code == 201
    assert (await forms.post("/v1/forms/summer", data=filled | {"id": "f-2"})).status_code == 201
    assert sorted(await holders(graph)) == ["cookie:c-1", "email:maria@example.com"]
    first, second = await graph.rows(EVENTS)
    assert first["properties"] == second["properties"]
