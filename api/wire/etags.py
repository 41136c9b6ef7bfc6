"""Versions as ETags (RFC 9110 §8.8): what was read is what is decided on."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Annotated

from fastapi import Header

from vitograph.api.wire.errors import Problem

IfMatch = Annotated[str | None, Header(alias="If-Match", description="the ETag of what was read")]

# A proxy that packs an answer makes its tag a weak one: who may not decide without a tag could then not decide at all.
_ETAG = re.compile(r'^(?:W/)?"(\d{1,18})"$')
_EVERY = range(1, 2**63)
_TAG = re.compile(r'(W/)?"([^"]*)"')
_VERSION = re.compile(r"[1-9][0-9]{0,17}")


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


def matching(header: str) -> Container[int]:
    """The versions that an If-Match lets be written over (§13.1.1): every one there is by `*`, none by a weak tag."""
    if header.strip() == "*":
        return _EVERY
    tags = _TAG.findall(header)
    return {int(tag) for weak, tag in tags if not weak and _VERSION.fullmatch(tag)}
