"""Telephone calls, as Twilio's webhooks tell of them, each with its signature checked by Twilio's own library."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request, Response

from vitograph.api.examples import takes
from vitograph.api.recording import record_one
from vitograph.api.signing.twilio_signatures import require_signed_call
from vitograph.api.state import StateDep
from vitograph.api.wire.errors import Problem
from vitograph.ingest.bodies import MOST_OBSERVATION_BYTES
from vitograph.ingest.lenient import parse_leniently
from vitograph.ingest.phone import observation_of
from vitograph.resolver.errors import VitoError

router = APIRouter(prefix="/v1/phone", tags=["phone"])

EXAMPLE = (
    "CallSid=CA0123456789abcdef0123456789abcdef&CallStatus=ringing&Direction=inbound"
    "&From=%2B34600100200&To=%2B34910000000"
)
NOTHING_TO_DO = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


@router.post("/twilio", operation_id="twilio_call", openapi_extra=takes(EXAMPLE, "application/x-www-form-urlencoded"))
async def call(request: Request, state: StateDep) -> Response:
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
    require_signed_call(state.settings, request, parameters)
    region = state.settings.default_region
    observation = parse_leniently(observation_of(parameters), dt.datetime.now(dt.UTC), region)
    outcome = await record_one(state, observation)
    if isinstance(outcome, VitoError):  # the same state of the call told with another detail is no news
        return _twiml({"Idempotent-Replayed": "true"})
    return _twiml({"Idempotent-Replayed": "true"} if outcome.replayed else {})


def _twiml(headers: dict[str, str]) -> Response:
    return Response(NOTHING_TO_DO, media_type="application/xml", headers=headers)
