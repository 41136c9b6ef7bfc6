"""The mails that ask for a confirmation, as the worker sends them: at least once, and later when the server is away."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from vitograph.api.settings import Settings
from vitograph.api.signing.secret import Signing
from vitograph.graph.driver import Graph
from vitograph.graph.intake.confirmations import get_request
from vitograph.ingest.confirmations import LASTS, MEANING, MOST_A_DAY, Mailer, link_to, mail, sign


@dataclass(frozen=True, slots=True)
class Confirmations:
    """Sends the mail of a form; nothing where the form is gone, its campaign is over, or its address gets too many.

    A mail that is refused for now is tried for as long as its link would have been good.
    """

    graph: Graph
    mailer: Mailer
    base: str
    secret: str

    async def project(self, key: str, version: int) -> None:
        request = await get_request(self.graph, key)
        if request is None or request.is_over or request.recent > MOST_A_DAY:
            return
        now = dt.datetime.now(dt.UTC)
        link = link_to(self.base, sign(self.secret, request.id, now))
        message = mail(request.id, request.email, request.campaign_name, request.copy, link)
        message["From"] = self.mailer.sender
        await self.mailer.send(message, waits=now < request.received_at + LASTS)


def sends_mail(settings: Settings) -> bool:
    """Whether everything is set that a mail needs."""
    return None not in (settings.smtp_url, settings.mail_from, settings.public_url)


def open_confirmations(graph: Graph, settings: Settings) -> Confirmations | None:
    """What sends them, None where it is not set how."""
    if settings.smtp_url is None or settings.mail_from is None or settings.public_url is None:
        return None
    mailer = Mailer(settings.smtp_url.get_secret_value(), settings.mail_from)
    return Confirmations(graph, mailer, settings.public_url, Signing(settings).secret(MEANING))
