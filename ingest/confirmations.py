"""Double opt-in: a link that only the owner of a mailbox can follow makes the address verified.

The link holds a signed token (JWT, RFC 7519) that means one thing: the form of this id is confirmed. It expires.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

import aiosmtplib
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey

from vitograph.resolver.errors import Fault, InvalidInput, MailPutOff, MailUnavailable
from vitograph.resolver.model import ENROLLED

LASTS = dt.timedelta(days=7)
MOST_A_DAY = 3
"""Mails to one address within a day; further forms are recorded, and nobody's mailbox is flooded by them."""

MEANING = "vito/confirm-form"
PATIENCE = 8.0
"""Seconds for a mail server: less than the lease of an outbox entry, so that nobody sends the same mail meanwhile."""

# Codes of RFC 5321 (4.2.1): from which on a mail is refused for now, and for good; and what a server says that closes.
FOR_NOW, FOR_GOOD = 400, 500
CLOSING = 421

_NAMESPACE = uuid.UUID("0e7c2f5c-9c38-5a7e-8d6f-3d7a6c3c3b11")
SUBJECT = "Please confirm your e-mail address"
TEXT = """Hello,

somebody entered this address for: {campaign}

If that was you, please confirm it here:
{link}

If it was not, do nothing: without your confirmation nothing happens.
"""


class Expired(Exception):
    """The link was good once."""


def sign(secret: str, form_id: str, now: dt.datetime) -> str:
    """The token that confirms this form."""
    claims = {"sub": form_id, "aud": MEANING, "exp": int((now + LASTS).timestamp())}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))


def confirmed(secret: str, token: str) -> str:
    """The id of the form that a token confirms. Expired, or InvalidInput when it is none of ours."""
    try:
        decoded = jwt.decode(token, OctKey.import_key(secret), algorithms=["HS256"])
        jwt.JWTClaimsRegistry(
            exp={"essential": True}, sub={"essential": True}, aud={"essential": True, "value": MEANING}
        ).validate(decoded.claims)
    except ExpiredTokenError:
        raise Expired from None
    except (JoseError, ValueError, TypeError, KeyError):
        raise InvalidInput([Fault("/token", "this link is not one of ours, or it is not whole")]) from None
    return str(decoded.claims["sub"])


def confirmation(form_id: str, email: str, campaign: str, traits: Mapping[str, str]) -> dict[str, Any]:
    """The observation that a confirmed form is: the same one however often its link is followed."""
    return {
        "id": str(uuid.uuid5(_NAMESPACE, form_id)),
        "channel": "web_form",
        "identifiers": [{"kind": "email", "value": email, "assurance": "verified"}],
        "traits": dict(traits),
        "event": {"type": ENROLLED, "target_id": campaign, "properties": {"confirms": form_id}},
    }


@dataclass(frozen=True, slots=True)
class Mailer:
    """Sends through one SMTP server: `smtp://user:password@host:587` (STARTTLS where offered) or `smtps://…`."""

    url: str
    sender: str

    async def send(self, message: EmailMessage, waits: bool = True) -> None:
        """Hands a message over. MailUnavailable; MailPutOff when the server does not take this one now, unless nobody
        `waits` until it does; what aiosmtplib raises when it refuses it for good.
        """
        parts = urlsplit(self.url)
        secure = parts.scheme == "smtps"
        try:
            await aiosmtplib.send(
                message,
                hostname=parts.hostname or "127.0.0.1",
                port=parts.port or (465 if secure else 587),
                username=unquote(parts.username) if parts.username else None,
                password=unquote(parts.password) if parts.password else None,
                use_tls=secure,
                timeout=PATIENCE,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            code = _code_of_mail(error)
            if code >= (FOR_GOOD if waits else FOR_NOW) or isinstance(error, aiosmtplib.SMTPNotSupported):
                raise
            if code >= FOR_NOW:
                raise MailPutOff(f"the mail server takes this mail later: {code}") from error
            raise MailUnavailable(f"the mail server does not take mail: {type(error).__name__}") from error


def _code_of_mail(error: Exception) -> int:
    """By which code a server refused this mail; 0 where it would take no other either, as with a wrong password."""
    code = 0
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        code = max(one.code for one in error.recipients)
    elif isinstance(error, aiosmtplib.SMTPDataError):
        code = error.code
    return 0 if code == CLOSING else code


def mail(form_id: str, email: str, campaign: str, words: Mapping[str, Any], link: str) -> EmailMessage:
    """The mail that asks for a confirmation. `words` are the campaign's `subject` and `text`: `{campaign}` is its name,
    and a text without `{link}` is none.
    """
    text = words.get("text")
    if not isinstance(text, str) or "{link}" not in text:
        text = TEXT
    subject = words.get("subject")
    if not isinstance(subject, str):
        subject = SUBJECT
    message = EmailMessage()
    message["Subject"] = " ".join(subject.replace("{campaign}", campaign).split())
    message["To"] = email
    message["Date"] = format_datetime(dt.datetime.now(dt.UTC))
    # The same for each attempt, so that a mail server can tell a repetition.
    message["Message-ID"] = f"<{uuid.uuid5(_NAMESPACE, 'mail/' + form_id)}@vito.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text.replace("{link}", link).replace("{campaign}", campaign))
    return message


def link_to(base: str, token: str) -> str:
    """Where a token is confirmed, below the public address of the API."""
    return f"{base.rstrip('/')}/confirm?{urlencode({'token': token})}"
