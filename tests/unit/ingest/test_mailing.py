"""A mail server that is away, or takes no mail of ours, is no fault of a mail; one that refuses it for good is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from email.message import EmailMessage

import aiosmtplib
import pytest

from vitograph.ingest.confirmations import Mailer
from vitograph.resolver.errors import MailPutOff, MailUnavailable

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
