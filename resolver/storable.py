"""What JSON and the graph can both hold, and how a place in a document is called whatever its keys hold."""

from __future__ import annotations

import math
import re

LONGEST_TOKEN = 100
"""Characters of a key that a pointer repeats; one request must not turn into megabytes of complaints."""

_UNSTORABLE = re.compile("[\\x00\ud800-\udfff]")
_INT64 = range(-(2**63), 2**63)


def why_unstorable(value: object) -> str | None:
    """Why a value cannot be held, None when it can; what an object or a list contains is asked for by itself."""
    if isinstance(value, str):
        return _why_unstorable_text(value)
    match value:
        case None | bool() | dict() | list():
            return None
        case int():
            return None if value in _INT64 else "it is an integer outside the 64-bit range"
        case float():
            return None if math.isfinite(value) else "it is not a finite number"
        case _:
            return "it is not a JSON value"


def escaped(key: object) -> str:
    """A key as a reference token of a JSON pointer (RFC 6901), short and safe to encode whatever it holds."""
    text = str(key)
    short = text if len(text) <= LONGEST_TOKEN else text[:LONGEST_TOKEN] + "…"
    safe = short.encode("utf-8", "backslashreplace").decode().replace("\0", "\\u0000")
    return safe.replace("~", "~0").replace("/", "~1")


def _why_unstorable_text(text: str) -> str | None:
    found = None if text.isascii() and "\0" not in text else _UNSTORABLE.search(text)
    if found is None:
        return None
    if found[0] == "\0":
        return "it contains NUL (U+0000)"
    return "it contains a lone surrogate, which is not Unicode text"
