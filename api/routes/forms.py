"""Web forms with double opt-in: the address stays asserted until its owner follows the link in a mail and confirms.

Following the link shows a page with a button; only the button confirms. Mail scanners follow links, and press nothing.
"""

from __future__ import annotations

import datetime as dt
import html
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from vitograph.api.examples import REPLAYED, takes
from vitograph.api.guard import Admits, from_anywhere
from vitograph.api.pointers import Places, told_of, warned_of
from vitograph.api.recording import record_one
from vitograph.api.routes.observations import answer
from vitograph.api.state import StateDep
from vitograph.api.wire.bodies import decode, plain_body
from vitograph.api.wire.errors import Problem
from vitograph.api.wiring.mailing import sends_mail
from vitograph.graph.intake.confirmations import get_request, record_request
from vitograph.graph.publishing import campaigns
from vitograph.ingest.bodies import MOST_OBSERVATION_BYTES
from vitograph.ingest.browsers import restrain
from vitograph.ingest.confirmations import MEANING, Expired, confirmation, confirmed
from vitograph.ingest.observations import parse
from vitograph.resolver.errors import Fault, InvalidInput, Unauthenticated, VitoError
from vitograph.resolver.publishing.enrolments import REQUESTED, was_refused
from vitograph.resolver.publishing.visitors import cookies_of
from vitograph.resolver.values.normalize import TRAIT_FIELDS

router = APIRouter(tags=["forms"])

IDENTIFIERS = {"email": "asserted", "phone": "asserted", "cookie": "observed", "session": "observed"}
OTHERS = ("id", "occurred_at", "properties")
EXAMPLE = {"id": "0192…", "email": "maria@example.com", "given_name": "Maria", "cookie": "c-81f", "consent": True}
NO_MAIL = "no mail asks for a confirmation: VITO_SMTP_URL, VITO_MAIL_FROM and VITO_PUBLIC_URL must be set"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@router.post(
    "/v1/forms/{campaign}",
    status_code=201,
    operation_id="post_form",
    openapi_extra=takes(EXAMPLE),
    responses=REPLAYED,
    dependencies=[Admits],
)
async def post(campaign: str, request: Request, state: StateDep) -> Response:
    """Accepts a form of a campaign, as JSON or as an HTML form posts it, and has its address asked to confirm.

    `email`, `phone`, `cookie`, `session`, traits, `id` and `occurred_at` are what they say; all else is a property.
    The enrolment itself is recorded when the link is followed; until then it is `campaign.enrolment_requested`. Once
    the campaign has ended no mail is sent: it is `campaign.enrolment_refused`, and `warnings` say so.
    """
    fields = await _fields(request)
    caller = await from_anywhere(request, state, _key(request, fields))
    body = restrain(_body(fields, campaign), caller.terms)
    await campaigns.get(state.graph, campaign)
    region, places = caller.region or state.settings.default_region, _places(body)
    with told_of(places):
        observation = parse(body, received_at=dt.datetime.now(dt.UTC), default_region=region)
    observation = warned_of(observation, places)
    sends = sends_mail(state.settings) and "email" in fields
    outcome = await record_request(state.graph, observation, sends)
    await state.visitors.forget(cookies_of([observation]))
    reply = answer(outcome)
    if not sends:
        reply.headers["Warning"] = f'299 - "{NO_MAIL}"'
    return reply


@router.get("/confirm", operation_id="show_confirmation", include_in_schema=False)
async def show(state: StateDep, token: str = "") -> HTMLResponse:
    """A page with a button. Nothing is changed by looking at it."""
    try:
        id = confirmed(state.signing.secret(MEANING), token)
        request = await get_request(state.graph, id)
    except (Expired, InvalidInput) as error:
        return _refused(error)
    if request is None:
        return _refused(None)
    words = f"Please confirm {html.escape(request.email)} for {html.escape(request.campaign_name)}."
    button = (
        f'<form method="post" action="confirm"><input type="hidden" name="token" value="{html.escape(token)}">'
        "<button>Confirm</button></form>"
    )
    return _page("Confirm your e-mail address", f"<p>{words}</p>{button}")


@router.post("/confirm", operation_id="confirm_form", include_in_schema=False)
async def confirm(request: Request, state: StateDep) -> HTMLResponse:
    """Confirms a form: its address is verified, and the enrolment is recorded, once however often this is done. Whose
    enrolment does not count, since the campaign is over, is told so.
    """
    fields = await _fields(request)
    try:
        id = confirmed(state.signing.secret(MEANING), str(fields.get("token", "")))
    except (Expired, InvalidInput) as error:
        return _refused(error)
    asked = await get_request(state.graph, id)
    if asked is None:
        return _refused(None)
    body = confirmation(asked.id, asked.email, asked.campaign, asked.traits)
    outcome = await record_one(state, parse(body, received_at=dt.datetime.now(dt.UTC), default_region=None))
    if isinstance(outcome, VitoError):
        raise outcome
    email, name = html.escape(asked.email), html.escape(asked.campaign_name)
    if was_refused(outcome.warnings):
        return _page("You are not enrolled", f"<p>{email} is confirmed, but nobody can be enrolled for {name} now.</p>")
    return _page("Thank you", f"<p>{email} is confirmed.</p>")


async def _fields(request: Request) -> dict[str, Any]:
    """The fields of a JSON object, or of a form as browsers encode it; one that was left empty is none."""
    raw = await plain_body(request, MOST_OBSERVATION_BYTES)
    if raw.lstrip()[:1] == b"{":
        return {name: value for name, value in decode(raw).items() if value != ""}
    try:
        pairs = parse_qsl(raw.decode(), strict_parsing=True, max_num_fields=200)
    except ValueError:
        raise Problem(400, "the body is neither a JSON object nor a form") from None
    return {name: value for name, value in pairs if value}


def _key(request: Request, fields: dict[str, Any]) -> str | None:
    """The key in a field, as a page without a script sends it."""
    key = fields.pop("key", None)
    if key is None or request.headers.get("authorization"):
        return None
    if not isinstance(key, str):
        raise Unauthenticated("the key is no text")
    return key


def _body(fields: dict[str, Any], campaign: str) -> dict[str, Any]:
    known = {*IDENTIFIERS, *TRAIT_FIELDS, *OTHERS}
    carried = [
        {"kind": kind, "value": fields[kind], "assurance": assurance}
        for kind, assurance in IDENTIFIERS.items()
        if kind in fields
    ]
    if not carried:
        raise InvalidInput([Fault("", f"a form says by one of these whose it is: {', '.join(IDENTIFIERS)}")])
    stated = fields.get("properties", {})
    others = {name: value for name, value in fields.items() if name not in known}
    body: dict[str, Any] = {name: fields[name] for name in ("id", "occurred_at") if name in fields}
    return {
        **body,
        "channel": "web_form",
        "identifiers": carried,
        "traits": {name: fields[name] for name in TRAIT_FIELDS if name in fields},
        "event": {
            "type": REQUESTED,
            "target_id": campaign,
            "properties": {**stated, **others} if isinstance(stated, dict) else stated,
        },
    }


def _places(body: dict[str, Any]) -> Places:
    """Where the form had what stands in its observation."""
    kinds = [one["kind"] for one in body["identifiers"]]
    values = {f"/identifiers/{place}/value": f"/{kind}" for place, kind in enumerate(kinds)}
    whole = {f"/identifiers/{place}": f"/{kind}" for place, kind in enumerate(kinds)}
    return {**values, **whole, "/identifiers": "", "/traits": "", "/event/properties": "/properties"}


def _refused(error: Exception | None) -> HTMLResponse:
    if isinstance(error, Expired):
        return _page("This link has expired", "<p>Please send the form again.</p>", 410)
    if error is None:
        return _page("There is nothing to confirm", "<p>The form was withdrawn.</p>", 404)
    return _page("This link is not whole", "<p>Please copy all of it from the mail.</p>", 400)


def _page(title: str, content: str, status: int = 200) -> HTMLResponse:
    style = "body{font:1.1rem/1.5 system-ui;max-width:34rem;margin:15vh auto}button{font:inherit;padding:.5em 2em}"
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{style}</style><main><h1>{title}</h1>{content}</main></html>"
    )
    return HTMLResponse(page, status, headers=HEADERS)
