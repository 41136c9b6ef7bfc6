"""Tokens that let a call's stream in: signed, of a channel key, valid for minutes. They travel as `<Parameter>`."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from vitograph.api.settings import Settings
from vitograph.graph.keys import Caller, Role
from vitograph.resolver.errors import Unauthenticated

AUDIENCE = "voice"
LONGEST = 3600  # seconds
_ALGORITHM = "HS256"


def sign(settings: Settings, caller: Caller, seconds: int) -> tuple[str, int]:
    """A token of this caller, and when it expires (seconds since 1970)."""
    expires = int(time.time()) + seconds
    claims = {"aud": AUDIENCE, "sub": caller.id, "name": caller.name, "exp": expires}
    if caller.region:
        claims["region"] = caller.region
    return jwt.encode({"alg": _ALGORITHM}, claims, _key(settings), algorithms=[_ALGORITHM]), expires


def verify(settings: Settings, token: str) -> Caller:
    """Whose token it is. Unauthenticated when it is none of ours, or its time is over."""
    try:
        claims = jwt.decode(token, _key(settings), algorithms=[_ALGORITHM]).claims
        registry = jwt.JWTClaimsRegistry(
            aud={"essential": True, "value": AUDIENCE}, exp={"essential": True}, sub={"essential": True}
        )
        registry.validate(claims)
    except (JoseError, ValueError):
        raise Unauthenticated("the call's token is none of ours, or its time is over") from None
    return Caller(str(claims["sub"]), str(claims.get("name", "")), Role.CHANNEL, None, claims.get("region"))


def _key(settings: Settings) -> OctKey:
    if settings.signing_key is not None:
        return OctKey.import_key(settings.signing_key.get_secret_value())
    return OctKey.import_key(_made(settings.data.resolve() / "signing.key"))


@cache
def _made(path: Path) -> str:
    """The key in the file, made by whoever comes first; only its owner can read it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    with suppress(FileExistsError):
        os.link(part, path)
    part.unlink()
    return path.read_text().strip()
