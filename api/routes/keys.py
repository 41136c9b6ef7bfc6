"""Keys for channels, people and programs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Response
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    model_validator,
)

from vitograph.api import paging
from vitograph.api.access import Allowed
from vitograph.api.paging import Cursor, Limit
from vitograph.api.state import GraphDep, StateDep
from vitograph.graph import keys
from vitograph.graph.keys import Limits, Role
from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.normalize import country
from vitograph.resolver.terms import OWN, Identity, Terms

router = APIRouter(prefix="/v1/keys", tags=["keys"])

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")
]

Moment = Annotated[AwareDatetime, Strict(False)]
Region = Annotated[str, StringConstraints(max_length=16), AfterValidator(country)]


Word = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[^\x00-\x1f]+$")]


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
    origins: Annotated[list[Word], Field(max_length=100)] = []
    accounts: Literal["verified", "asserted"] = "verified"
    identity: NewIdentity | None = None

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


class Rotation(BaseModel):
    """`overlap`: seconds for which the secret before stays good; 0 ends it at once."""

    model_config = ConfigDict(extra="forbid", strict=True)

    overlap: Annotated[int, Field(ge=0, le=90 * 86_400)] = 86_400


class CreatedKey(BaseModel):
    """`key` is shown this once: only its hash is kept. `identity_secret` signs tokens (HS256) and user hashes."""

    id: str
    key: str
    identity_secret: str | None = None


class RotatedKey(BaseModel):
    """`key` is shown this once. `until`: the end of the secret before."""

    id: str
    key: str
    until: str


@router.post("", status_code=201, operation_id="create_key", response_model_exclude_none=True)
async def create_key(body: NewKey, state: StateDep, response: Response, caller: Allowed) -> CreatedKey:
    """Makes a key for a role and, where it matters, a department or a region."""
    if body.role is Role.MARKETING and body.department is None:
        raise InvalidInput([Fault("/department", "a marketing key is of a department: it reads the leads of that one")])
    if body.pii and body.role is not Role.ANALYST:
        raise InvalidInput([Fault("/pii", "only an analyst's key shows or masks personal values")])
    response.headers["Cache-Control"] = "no-store"
    limits = Limits(_coming(body.expires_at), body.rate)
    terms = body.terms()
    whose = (body.name, body.role, body.department, body.region, body.holder, terms)
    id, secret = await keys.create_key(state.graph, *whose, pii=body.pii, limits=limits)
    signs = terms.identity is not None and terms.identity.algorithm == OWN
    return CreatedKey(id=id, key=secret, identity_secret=state.signing.of_key(id) if signs else None)


@router.get("", operation_id="list_keys")
async def list_all(graph: GraphDep, caller: Allowed, limit: Limit = 50, cursor: Cursor = None) -> dict[str, Any]:
    """Keys, oldest first, revoked ones too, without their secrets. `last_used_at` is a minute old at most."""
    items = await keys.list_keys(graph, paging.decode_moment(cursor) or keys.FIRST, limit)
    last = items[-1] if items else {"created_at": "", "id": ""}
    return paging.page(items, limit, last["created_at"], last["id"])


@router.post("/{id}/rotate", status_code=201, operation_id="rotate_key")
async def rotate_key(
    id: str, graph: GraphDep, response: Response, caller: Allowed, body: Rotation | None = None
) -> RotatedKey:
    """Gives a key another secret, and lets the one before be used until its holders have changed."""
    overlap = dt.timedelta(seconds=(body or Rotation()).overlap)
    made = await keys.rotate_key(graph, id, overlap)
    response.headers["Cache-Control"] = "no-store"
    return RotatedKey(id=made["id"], key=made["key"], until=made["until"])


@router.delete("/{id}", status_code=204, operation_id="revoke_key")
async def revoke_key(id: str, graph: GraphDep, caller: Allowed) -> None:
    """Ends a key with all its secrets, within a second."""
    await keys.revoke_key(graph, id)


def _coming(moment: dt.datetime | None) -> dt.datetime | None:
    """The moment in UTC, which must be to come."""
    if moment is None:
        return None
    try:
        at = paging.utc(moment)
    except ValueError as error:
        raise InvalidInput([Fault("/expires_at", str(error))]) from None
    if at <= dt.datetime.now(dt.UTC):
        raise InvalidInput([Fault("/expires_at", "this moment is over")])
    return at
