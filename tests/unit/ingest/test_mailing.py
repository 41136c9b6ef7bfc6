"""A mail server that is away, or takes no mail of ours, is no fault of a mail; one that refuses it for good is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from email.message import EmailMessage

import aiosmtplib
import pytest
from aiosmtplib.email import extract_recipients
from hypothesis import example, given
from hypothesis import strategies as st

from vitograph.ingest.confirmations import Mailer, mail
from vitograph.resolver.errors import MailPutOff, MailUnavailable
from vitograph.resolver.values.normalize import identifier

MAILER = Mailer("smtp://127.0.0.1:2525", "shop@example.com")
AWAY = [
    aiosmtplib.SMTPConnectError("no"),
    aiosmtplib.SMTPReadTimeoutError("no"),
    aiosmtplib.SMTPServerDisconnected("no"),
    aiosmtplib.SMTPAuthenticationError(535, "no"),
    aiosmtplib.SMTPSenderRefused(550, "no", "shop@example.com"),
    aiosmtplib.SMTPDataError(421, "closing"),
    OSError("no route"),
]
PUT_OFF = [
    aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(450, "greylisted", "a@example.com")]),
    aiosmtplib.SMTPDataError(451, "try again"),
]
REFUSED = [
    aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(550, "nobody", "a@example.com")]),
    aiosmtplib.SMTPDataError(554, "no"),
    aiosmtplib.SMTPNotSupported("no"),
]


def sending(error: Exception) -> Callable[..., Awaitable[None]]:
    async def send(*_: object, **__: object) -> None:
        raise error

    return send


@pytest.mark.parametrize("error", AWAY, ids=lambda error: type(error).__name__)
async def test_who_takes_no_mail_at_all_is_away(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiosmtplib, "send", sending(error))
    with pytest.raises(MailUnavailable):
        await MAILER.send(EmailMessage())


@pytest.mark.parametrize("error", REFUSED, ids=lambda error: type(error).__name__)
async def test_a_mail_that_is_refused_fails_by_itself(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiosmtplib, "send", sending(error))
    with pytest.raises(type(error)):
        await MAILER.send(EmailMessage())


@pytest.mark.parametrize("error", PUT_OFF, ids=lambda error: type(error).__name__)
async def test_a_mail_that_is_refused_for_now_is_put_off_until_nobody_waits_for_it(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aiosmtplib, "send", sending(error))
    with pytest.raises(MailPutOff):
        await MAILER.send(EmailMessage())
    with pytest.raises(type(error)):
        await MAILER.send(EmailMessage(), waits=False)


@given(st.text("=?_q.-+'abm038@FEu", max_size=24) | st.text(min_size=1, max_size=12))
@example("=?utf-8?q?maria?=")
@example("a.=?utf-8?q?maria?=")
@example("=?utf-8?q?maria=0D=0ABcc=3A_x?=")
def test_a_mail_goes_to_the_address_that_was_stated_or_nowhere(local: str) -> None:
    """A mail header decodes words that an address may hold as they are: whose mailbox is it then?"""
    try:
        address = identifier("email", f"{local}@example.com").value
    except ValueError:
        return
    assert extract_recipients(mail("f-1", address, "Summer", {}, "https://vito.example/confirm")) == [address]


def test_what_a_campaign_says_names_it_and_holds_the_link() -> None:
    words = {"subject": "Please confirm\r\nfor {campaign}", "text": "For {campaign}: {link}"}
    sent = mail("f-1", "maria@example.com", "Sun {link}", words, "https://vito.example/confirm")
    assert sent["Subject"] == "Please confirm for Sun {link}"
    assert sent.get_content() == "For Sun {link}: https://vito.example/confirm\n"
