"""Signatures of Twilio (X-Twilio-Signature), checked by Twilio's own library against the public address.

Source: Twilio's documentation "Webhooks security" and, of streams, "Media Streams": the upgrade of a socket is signed
as a request without parameters, over its wss:// address.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import HTTPConnection

from vitograph.api.settings import Settings
from vitograph.resolver.errors import Forbidden, ServerFailed

HEADER = "X-Twilio-Signature"


def require_signed_call(settings: Settings, request: HTTPConnection, parameters: Mapping[str, str]) -> None:
    """A webhook is Twilio's. Forbidden where it is not, or nothing is set by which to tell."""
    if settings.twilio_token is None or settings.public_url is None:
        raise Forbidden("VITO_TWILIO_TOKEN and VITO_PUBLIC_URL must be set before calls are taken")
    _require(settings, request, parameters)


def require_signed_stream(settings: Settings, socket: HTTPConnection) -> None:
    """A stream that says it is Twilio's is; Forbidden else. One that says nothing need not be, unless that is set.

    What lets a stream in is its token; a program of one's own has no signature to show.
    """
    is_set = settings.twilio_token is not None and settings.public_url is not None
    if settings.twilio_signed_streams or (is_set and HEADER in socket.headers):
        require_signed_call(settings, socket, {})


def _require(settings: Settings, connection: HTTPConnection, parameters: Mapping[str, str]) -> None:
    """The address that was signed is the public one, whatever a proxy calls us."""
    assert settings.twilio_token is not None
    try:
        from twilio.request_validator import RequestValidator
    except ImportError:
        raise ServerFailed("signatures of Twilio need the extra: pip install 'vitograph[phone]'") from None
    public = (settings.public_url or "").rstrip("/")
    if connection.scope["type"] == "websocket":
        public = public.replace("http", "ws", 1)
    query = f"?{connection.url.query}" if connection.url.query else ""
    signature = connection.headers.get(HEADER, "")
    validator = RequestValidator(settings.twilio_token.get_secret_value())
    if not validator.validate(f"{public}{connection.url.path}{query}", dict(parameters), signature):
        raise Forbidden("the signature is not that of this request")
