"""Versions as ETags (RFC 9110 §8.8): what was read is what is decided on."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import Header

from vitograph.api.wire.errors import Problem

IfMatch = Annotated[str | None, Header(alias="If-Match", description="the ETag of what was read")]

_ETAG = re.compile(r'^(?:W/)?"(\d{1,18})"$')


def etag(version: int) -> str:
    return f'"{version}"'


def required_version(header: str | None) -> int:
    """The version that an If-Match names. 428 without one, 412 for one that cannot be ours."""
    if header is None:
        raise Problem(428, "send If-Match with the ETag of what you read")
    found = _ETAG.match(header.strip())
    if found is None:
        raise Problem(412, "If-Match names no version of this; read it again")
    return int(found.group(1))
