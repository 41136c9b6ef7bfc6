"""What a key is asked for with, over HTTP and from the command line alike, and the making of it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    model_validator,
)

from vitograph.api.signing.secret import Signing
from vitograph.api.wire.moments import Moment, utc
from vitograph.graph.access import keys
from vitograph.graph.access.keys import Limits, Role
from vitograph.graph.driver import Graph
from vitograph.ingest.issuers import is_trustworthy, public_keys
from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.terms import OWN, Identity, Terms
from vitograph.resolver.values.normalize import country

PORTS = {"https": 443, "http": 80}

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")
]

Region = Annotated[str, StringConstraints(max_length=16), AfterValidator(country)]


Word = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[^\x00-\x1f]+$")]


def _origin(text: str) -> str:
    """An origin as browsers write it (RFC 6454): scheme, host and a port that is not the scheme's own."""
    parts = urlsplit(text.strip().lower())
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("an origin is https://shop.example, without a path")
    if parts.username is not None or "*" in parts.netloc:
        raise ValueError("an origin is one address, without a wildcard or a user")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = "" if parts.port in (None, PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


Origin = Annotated[Word, AfterValidator(_origin)]


class NewIdentity(BaseModel):
    """How a logged-in user proves it: the algorithm of the tokens and whose they are. See docs/guides/channels.md."""

    model_config = ConfigDict(extra="forbid", strict=True)

    algorithm: Literal["HS256", "RS256", "ES256", "EdDSA"] = "HS256"
    issuer: Word | None = None
    audience: Word | None = None
    jwks: dict[str, Any] | None = None
    jwks_url: Annotated[Word, StringConstraints(pattern=r"^https?://")] | None = None

    @model_validator(mode="after")
    def has_its_keys(self) -> Self:
        given = (self.jwks is not None) + (self.jwks_url is not None)
        if given != (self.algorithm != OWN):
            raise ValueError("HS256 takes no keys, each other algorithm takes either jwks or jwks_url")
        if self.jwks_url is not None and not is_trustworthy(self.jwks_url):
            raise ValueError("jwks_url must be an https:// address: keys that come otherwise could be anybody's")
        if self.jwks is not None and not _holds_a_key(self.jwks):
            raise ValueError("jwks holds no public key that could verify a signature")
        return self


class NewKey(BaseModel):
    """`region` (ISO 3166 alpha-2) is the country of phone numbers that name none, in what this key posts.

    `holder` names the human who holds the key: with it, nobody is a second person to themselves by another key.
    `pii`: the key's own Cypher shows personal values. `rate`: calls a second, else the one that is set for all.
    Of a channel: `publishable` keys may stand in web pages, of `origins` if any are named; what it says is of these
    `campaigns` and `channels` only; `accounts`: how well those of Segment's calls are known; `identity`: how a login
    is proved.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    role: Annotated[Role, Strict(False)]
    department: Name | None = None
    region: Region | None = None
    holder: Name | None = None
    pii: bool = False
    expires_at: Moment | None = None
    rate: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    publishable: bool = False
    campaigns: Annotated[list[Word], Field(max_length=100)] = []
    channels: Annotated[list[Word], Field(max_length=100)] = []
    origins: Annotated[list[Origin], Field(max_length=100)] = []
    accounts: Literal["verified", "asserted"] = "verified"
    identity: NewIdentity | None = None

    def require_sound(self) -> None:
        """InvalidInput where the role has no use for what is asked, or lacks what it needs."""
        if self.role is Role.MARKETING and self.department is None:
            raise InvalidInput(
                [Fault("/department", "a marketing key is of a department: it reads the leads of that one")]
            )
        if self.pii and self.role is not Role.ANALYST:
            raise InvalidInput([Fault("/pii", "only an analyst's key shows or masks personal values")])

    def terms(self) -> Terms:
        """What a channel's key may say. InvalidInput where that is said of another role."""
        identity = Identity(**self.identity.model_dump()) if self.identity else None
        bounds = (tuple(self.campaigns), tuple(self.origins))
        terms = Terms(self.publishable, *bounds, self.accounts, identity, tuple(self.channels))
        if self.role is not Role.CHANNEL and terms != Terms():
            raise InvalidInput(
                [Fault("/role", "publishable, campaigns, channels, origins, accounts, identity are a channel's")]
            )
        return terms


class CreatedKey(BaseModel):
    """`key` is shown this once: only its hash is kept. `identity_secret` signs tokens (HS256) and user hashes."""

    id: str
    key: str
    identity_secret: str | None = None


async def make_key(graph: Graph, signing: Signing, new: NewKey) -> CreatedKey:
    """Makes a key, with the secret by which its logins are proved where it is ours. InvalidInput."""
    new.require_sound()
    limits = Limits(_coming(new.expires_at), new.rate)
    terms = new.terms()
    whose = (new.name, new.role, new.department, new.region, new.holder, terms)
    id, secret = await keys.create_key(graph, *whose, pii=new.pii, limits=limits)
    signs = terms.identity is not None and terms.identity.algorithm == OWN
    return CreatedKey(id=id, key=secret, identity_secret=signing.of_key(id) if signs else None)


def _holds_a_key(jwks: dict[str, Any]) -> bool:
    return isinstance(jwks.get("keys"), list) and bool(public_keys(jwks))


def _coming(moment: dt.datetime | None) -> dt.datetime | None:
    """The moment in UTC, which must be to come."""
    if moment is None:
        return None
    try:
        at = utc(moment)
    except ValueError as error:
        raise InvalidInput([Fault("/expires_at", str(error))]) from None
    if at <= dt.datetime.now(dt.UTC):
        raise InvalidInput([Fault("/expires_at", "this moment is over")])
    return at
