"""The secret that ViTo signs with: the one that was set, else one kept in the data folder."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from functools import cached_property
from pathlib import Path

from vitograph.api.settings import Settings


class Signing:
    """Secrets for each purpose, all made from one that nobody outside has. Made when first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def secret(self, purpose: str) -> str:
        """A secret for this purpose, in hex: the same as long as the one behind it is."""
        return hmac.new(self._root.encode(), purpose.encode(), hashlib.sha256).hexdigest()

    def of_key(self, id: str) -> str:
        """The identity secret of a key: what its holder signs tokens and user hashes with."""
        return self.secret(f"identity/{id}")

    @cached_property
    def _root(self) -> str:
        if self._settings.signing_key is not None:
            return self._settings.signing_key.get_secret_value()
        return _kept(self._settings.data.resolve() / "signing.key")


def _kept(path: Path) -> str:
    """The secret in the file; of several processes that find none, the first one makes it."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32))
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
        part.unlink()
    return path.read_text().strip()
