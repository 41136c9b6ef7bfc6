"""Who was erased is known by keyed hashes only: enough to refuse what comes late, too little to tell who it was.

A tombstone is HMAC-SHA-256 (RFC 2104) over a kind and a text, under a key that the graph does not hold. Whoever has the
graph, or a backup of it, cannot try addresses out against it; whoever has the key alone has nothing to try.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from dataclasses import dataclass
from enum import StrEnum


class Sealed(StrEnum):
    """What a tombstone stands for: the same text of two kinds has two tombstones."""

    EVENT = "event"
    PERSON = "person"
    IDENTIFIER = "identifier"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Seal:
    """The key of the tombstones of one graph."""

    key: bytes

    def of(self, kind: Sealed, text: str) -> str:
        """The tombstone of a text, in hex."""
        return hmac.new(self.key, f"{kind}\0{text}".encode(), hashlib.sha256).hexdigest()

    @property
    def check(self) -> str:
        """Tells this key from another one; the graph keeps it."""
        return hmac.new(self.key, b"check", hashlib.sha256).hexdigest()

    def apart(self, key: str, other: str) -> str:
        """The tombstone of a verdict that kept the holders of two identifiers apart, either way round."""
        return self.of(Sealed.APART, "\0".join(sorted((key, other))))


@dataclass(frozen=True, slots=True)
class Buried:
    """A tombstone of an identifier. `suppressed`: nothing is taken in about it ever again."""

    at: dt.datetime
    suppressed: bool = False

    def refuses(self, occurred_at: dt.datetime) -> bool:
        """Whether what happened then is late, so that it would bring the erased person back."""
        return self.suppressed or occurred_at <= self.at
