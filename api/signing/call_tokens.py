"""Tokens that let a call's stream in: signed, of a channel key, valid for minutes. They travel as `<Parameter>`."""

from __future__ import annotations

import time

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from vitograph.api.settings import Settings
from vitograph.api.signing.secret import Signing
from vitograph.resolver.errors import Unauthenticated

AUDIENCE = "voice"
LONGEST = 3600  # seconds
_ALGORITHM = "HS256"


def sign(settings: Settings, key_id: str, seconds: int) -> tuple[str, int]:
    """A token of this key, and when it expires (seconds since 1970)."""
    expires = int(time.time()) + seconds
    claims = {"aud": AUDIENCE, "sub": key_id, "exp": expires}
    return jwt.encode({"alg": _ALGORITHM}, claims, _key(settings), algorithms=[_ALGORITHM]), expires


def verify(settings: Settings, token: str) -> str:
    """The id of the key that it is of. Unauthenticated when it is none of ours, or its time is over."""
    try:
        claims = jwt.decode(token, _key(settings), algorithms=[_ALGORITHM]).claims
        registry = jwt.JWTClaimsRegistry(
            aud={"essential": True, "value": AUDIENCE}, exp={"essential": True}, sub={"essential": True}
        )
        registry.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError):
        raise Unauthenticated("the call's token is none of ours, or its time is over") from None
    return str(claims["sub"])


def _key(settings: Settings) -> OctKey:
    return OctKey.import_key(Signing(settings).secret("call-token"))
