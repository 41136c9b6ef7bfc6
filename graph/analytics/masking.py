"""Personal values as pseudonyms: one and the same for one value of one kind, so that they can be counted and joined.

A pseudonym is `~` and base64url of AES-SIV (RFC 5297) over kind and value, padded to 16 bytes. It is told apart from
what merely looks like one by its authentication, and turned back by who has the key: for keys with `pii`.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

KEY_BYTES = 64
_BLOCK = 16
_TOKEN = re.compile(r"~([A-Za-z0-9_-]{43,})")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.:-]{0,63}")
# An address, a name, a number; and the id of an imported row, which holds the account of its person.
_PERSONAL = re.compile(r"@|\s|\+\d{7}|^[\d()./-]{7,}$|^import:")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.$-]{0,63}")


class Mask:
    """Turns values into pseudonyms and back, with one key of 64 bytes."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key)
        self.fingerprint = hashlib.sha256(b"vito mask" + key).hexdigest()[:16]

    def token(self, kind: str, value: object) -> str:
        """The pseudonym of a value that JSON can hold."""
        plain = orjson.dumps([kind, value])
        plain += b" " * (-len(plain) % _BLOCK)
        return "~" + base64.urlsafe_b64encode(self._cipher.encrypt(plain, None)).decode().rstrip("=")

    def key(self, key: str) -> str:
        """The key of an identifier: its kind stays, its value does not."""
        kind, _, value = key.partition(":")
        return f"{kind}:{self.token(kind, value)}"

    def code(self, kind: str, value: str) -> str:
        """A value of a channel's vocabulary as it is; anything else as a pseudonym."""
        return value if _CODE.fullmatch(value) else self.token(kind, value)

    def id(self, kind: str, value: str) -> str:
        """An id that somebody else made, as it is; a pseudonym where it holds an address, a number or an account."""
        return self.token(kind, value) if _PERSONAL.search(value) else value

    def json(self, text: str) -> str:
        """JSON with its names, truth values and shape; every other value is a pseudonym of its name."""
        try:
            return orjson.dumps(self._masked("", orjson.loads(text))).decode()
        except (ValueError, TypeError, RecursionError):
            return self.token("text", text)

    def reveal(self, text: str) -> str:
        """The text with every pseudonym of ours turned back; inside JSON it is JSON afterwards too."""
        if "~" not in text:
            return text
        if text[:1] in ("{", "["):
            try:
                return orjson.dumps(self._revealed(orjson.loads(text))).decode()
            except orjson.JSONDecodeError:
                pass
        return _TOKEN.sub(lambda found: _shown(self._open(found.group())), text)

    def _masked(self, name: str, value: Any) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, dict):
            return {self._name(inner): self._masked(inner, one) for inner, one in value.items()}
        if isinstance(value, list):
            return [self._masked(name, one) for one in value]
        return self.token(name, value)

    def _name(self, name: str) -> str:
        return name if _NAME.fullmatch(name) else self.token("name", name)

    def _revealed(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {_shown(self._open(name)): self._revealed(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._revealed(one) for one in value]
        return self._open(value) if isinstance(value, str) else value

    def _open(self, token: str) -> Any:
        """The value of a pseudonym; what is none stays as it is."""
        if not _TOKEN.fullmatch(token):
            return token
        try:
            body = token[1:]
            plain = self._cipher.decrypt(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)), None)
        except (InvalidTag, ValueError):
            return token
        return orjson.loads(plain)[1]


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()
