"""What a channel's key may say: whether it may stand in a web page, for which campaigns, how accounts are proved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

OWN = "HS256"
"""Signed with the secret that ViTo made for the key."""


@dataclass(frozen=True, slots=True)
class Identity:
    """How somebody who is logged in elsewhere proves it here: one algorithm, one issuer, one audience (RFC 7519, 8725).

    `jwks` is a JWK set (RFC 7517), `jwks_url` where one is published; neither is used with HS256.
    """

    algorithm: str = OWN
    issuer: str | None = None
    audience: str | None = None
    jwks: Mapping[str, Any] | None = None
    jwks_url: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """`publishable`: it may stand in a web page, so what it says is `asserted` at most, and at most of `campaigns`.

    `campaigns` bind other keys too, where any are named; so do `channels`, the names that it may post as. `origins` are
    the only pages that may use it, where any are named. `accounts` (`verified`, `asserted`) is how well the accounts of
    Segment's calls are known.
    """

    publishable: bool = False
    campaigns: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    accounts: str = "verified"
    identity: Identity | None = None
    channels: tuple[str, ...] = ()

    @property
    def account_assurance(self) -> str:
        return "asserted" if self.publishable else self.accounts

    @property
    def fields(self) -> dict[str, Any]:
        """As they are said of a key; `identity` only where there is one."""
        fields: dict[str, Any] = {
            "publishable": self.publishable,
            "campaigns": list(self.campaigns),
            "origins": list(self.origins),
            "accounts": self.accounts,
            "channels": list(self.channels),
        }
        if self.identity:
            fields["identity"] = {
                name: value for name in Identity.__slots__ if (value := getattr(self.identity, name)) is not None
            }
        return fields

    def to_json(self) -> str | None:
        """As stored; None when nothing differs from what all keys have."""
        return None if self == Terms() else json.dumps(self.fields, sort_keys=True)

    @classmethod
    def from_json(cls, stored: str | None) -> Self:
        if stored is None:
            return cls()
        fields = json.loads(stored)
        identity = fields.get("identity")
        return cls(
            fields["publishable"],
            tuple(fields["campaigns"]),
            tuple(fields["origins"]),
            fields["accounts"],
            Identity(**identity) if identity else None,
            tuple(fields["channels"]),
        )
