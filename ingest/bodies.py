"""The JSON of what channels send, whichever way it comes."""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

MOST_OBSERVATION_BYTES = 256 << 10
MOST_DEPTH = 64

_LONG_NUMBER = re.compile(rb"[0-9]{19}")
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
_NOT_BRACKET = re.compile(rb"[^\[\]{}]+")


def decode(raw: bytes) -> Any:
    """JSON as RFC 8259 has it: orjson refuses NaN, lone surrogates and broken UTF-8. ValueError otherwise, a sentence.

    Integers stay integers, however large: orjson makes floats of those that 64 bits do not hold, and two bodies that
    differ in such a number would be one.
    """
    if is_too_deep(raw):
        raise ValueError(f"the body is nested more than {MOST_DEPTH} deep")
    try:
        value = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"the body is not JSON: {error}") from None
    try:
        return json.loads(raw) if has_long_number(raw) else value
    except (RecursionError, ValueError):
        raise ValueError("the body is nested too deeply, or holds a number too long to read") from None


def has_long_number(raw: bytes) -> bool:
    """Whether a number may be there that 64 bits do not hold: orjson would make another of it."""
    return _LONG_NUMBER.search(raw) is not None


def is_too_deep(raw: bytes) -> bool:
    """Whether arrays and objects lie in one another more than 64 deep; what parses it never sees such a text."""
    if raw.count(b"[") + raw.count(b"{") <= MOST_DEPTH:
        return False
    depth = 0
    for bracket in _NOT_BRACKET.sub(b"", _TEXT.sub(b"", raw)):
        depth += 1 if bracket in b"[{" else -1
        if depth > MOST_DEPTH:
            return True
    return False
