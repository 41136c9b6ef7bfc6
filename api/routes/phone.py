"""Telephone calls, as Twilio's webhooks tell of them, each with its signature checked by Twilio's own library."""

from __future__ import annotations

import datetime as dt
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import APIRouter, Header, Request, Response

from vitograph.api.bodies import MOST_OBSERVATION_BYTES
from vitograph.api.errors import Problem
from vitograph.api.examples import takes
from vitograph.api.recording import record_one
from vitograph.api.state import State, StateDep
from vitograph.ingest.lenient import parse_leniently
from vitograph.ingest.phone import observation_of
from vitograph.resolver.errors import Forbidden, ServerFailed, VitoError

router = APIRouter(prefix="/v1/phone", tags=["phone"])

EXAMPLE = (
    "CallSid=CA0123456789abcdef0123456789abcdef&CallStatus=ringing&Direction=inbound"
    "&From=%2B34600100200&To=%2B34910000000"
)
NOTHING_TO_DO = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
Signature = Annotated[str, Header(alias="X-Twilio-Signature")]


@router.post("/twilio", operation_id="twilio_call", openapi_extra=takes(EXAMPLE, "application/x-www-form-urlencoded"))
async def call(request: Request, state: StateDep, signature: Signature = "") -> Response:
    """Accepts the state of a call, once each. 403 where the signature is not that of the public address and the body.

    The answer is TwiML that does nothing.
    """
    raw = await request.body()
    if len(raw) > MOST_OBSERVATION_BYTES:
        raise Problem(413, f"a body of this call may have {MOST_OBSERVATION_BYTES} bytes")
    try:
        parameters = dict(parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=200))
    except ValueError:
        raise Problem(400, "the body is no form") from None
    _require_signed(state, request, parameters, signature)
    region = state.settings.default_region
    observation = parse_leniently(observation_of(parameters), dt.datetime.now(dt.UTC), region)
    outcome = await record_one(state, observation)
    if isinstance(outcome, VitoError):  # the same state of the call told with another detail is no news
        return _twiml({"Idempotent-Replayed": "true"})
    return _twiml({"Idempotent-Replayed": "true"} if outcome.replayed else {})


def _require_signed(state: State, request: Request, parameters: dict[str, str], signature: str) -> None:
    """The address that was signed is the public one, whatever a proxy calls us."""
    settings = state.settings
    if settings.twilio_token is None or settings.public_url is None:
        raise Forbidden("VITO_TWILIO_TOKEN and VITO_PUBLIC_URL must be set before calls are taken")
    try:
        from twilio.request_validator import RequestValidator
    except ImportError:
        raise ServerFailed("telephone calls need the extra: pip install 'vitograph[phone]'") from None
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{settings.public_url.rstrip('/')}{request.url.path}{query}"
    if not RequestValidator(settings.twilio_token.get_secret_value()).validate(url, parameters, signature):
        raise Forbidden("the signature is not that of this request")


def _twiml(headers: dict[str, str]) -> Response:
    return Response(NOTHING_TO_DO, media_type="application/xml", headers=headers)
