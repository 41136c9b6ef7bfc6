"""Secrets of sinks are sealed before they reach the graph: analysts read the graph, and backups hold it.

The key is `VITO_SINK_KEY`, else the file `sink.key` in the data folder, made when it is first needed. Several keys,
separated by commas: the first seals, each opens, so a key can be replaced.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from vitograph.api.secret_files import kept_secret
from vitograph.api.settings import Settings
from vitograph.resolver.errors import ServerFailed, SinkFailed

FILE = "sink.key"


@dataclass(frozen=True, slots=True)
class Seals:
    """Seals and opens secrets. The key is looked up when it is first needed."""

    keys: str | None = field(repr=False)
    data: Path

    def seal(self, secret: str) -> str:
        """A secret as it is stored (Fernet: AES-128-CBC with HMAC-SHA-256)."""
        return self._fernet(make=True).encrypt(secret.encode()).decode()

    def open(self, sealed: str | None) -> str:
        """The secret, empty for none. SinkFailed when this process has not the key."""
        if sealed is None:
            return ""
        try:
            return self._fernet(make=False).decrypt(sealed.encode()).decode()
        except (InvalidToken, OSError):
            raise SinkFailed("its secret was sealed with another VITO_SINK_KEY: set that key, or the secret") from None

    def _fernet(self, *, make: bool) -> MultiFernet:
        path = self.data / FILE
        text = self.keys or (kept_secret(path, _new_key) if make else path.read_text().strip())
        try:
            return MultiFernet([Fernet(key.strip()) for key in text.split(",")])
        except ValueError:
            raise ServerFailed(
                "VITO_SINK_KEY must be 32 random bytes in URL-safe base64, as a key of Fernet is"
            ) from None


def seals(settings: Settings, data: Path | None = None) -> Seals:
    """As it is set. `data`: the folder of the instance that is worked on, when it is not that of the settings."""
    keys = None if settings.sink_key is None else settings.sink_key.get_secret_value()
    return Seals(keys, data or settings.data)


def _new_key() -> str:
    return Fernet.generate_key().decode()
