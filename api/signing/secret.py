"""The secret that ViTo signs with: the one that was set, else one kept in the data folder."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cached_property, partial

from vitograph.api.secret_files import kept_secret
from vitograph.api.settings import Settings

SIGNING = "signing.key"
"""The file in the data folder."""


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
        return kept_secret(self._settings.data.resolve() / SIGNING, partial(secrets.token_urlsafe, 32))
