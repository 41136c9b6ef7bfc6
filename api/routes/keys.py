"""Keys for channels, people and programs."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, Strict, StringConstraints, model_validator

from vitograph.api.access import allow
from vitograph.api.state import StateDep
from vitograph.graph import keys
from vitograph.graph.keys import Caller, Role
from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.normalize import country
from vitograph.resolver.terms import OWN, Identity, Terms

router = APIRouter(tags=["keys"])

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")
]

Region = Annotated[str, StringConstraints(max_length=16), AfterValidator(country)]


Word = Annotated[str, StringConstraints(min_length=1, max_length=512, pattern=r"^[^\x00-\x1f]+$")]


class NewIdentity(BaseModel):
    """How a logged-in user proves it: the algorithm of the tokens and whose they are. See docs/channels.md."""

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
    Of a channel: `publishable` keys may stand in web pages, of `origins` if any are named, and target only `campaigns`;
    `accounts` is how well the accounts of Segment's calls are known; `identity` how a login is proved.
    `pii`: an analyst's key that sees personal values as they are, where others see pseudonyms.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    role: Annotated[Role, Strict(False)]
    department: Name | None = None
    region: Region | None = None
    holder: Name | None = None
    publishable: bool = False
    campaigns: Annotated[list[Word], Field(max_length=100)] = []
    origins: Annotated[list[Word], Field(max_length=100)] = []
    accounts: Literal["verified", "asserted"] = "verified"
    identity: NewIdentity | None = None
    pii: bool = False

    def terms(self) -> Terms:
        """What a channel's key may say. InvalidInput where that is said of another role."""
        identity = Identity(**self.identity.model_dump()) if self.identity else None
        terms = Terms(self.publishable, tuple(self.campaigns), tuple(self.origins), self.accounts, identity)
        if self.role is not Role.CHANNEL and terms != Terms():
            raise InvalidInput([Fault("/role", "publishable, campaigns, origins, accounts, identity are a channel's")])
        if terms.campaigns and not terms.publishable:
            raise InvalidInput([Fault("/campaigns", "only a publishable key is bound to campaigns")])
        return terms


class CreatedKey(BaseModel):
    """`key` is shown this once: only its hash is kept. `identity_secret` signs tokens (HS256) and user hashes."""

    id: str
    key: str
    identity_secret: str | None = None


@router.post("/v1/keys", status_code=201, operation_id="create_key", response_model_exclude_none=True)
async def create_key(body: NewKey, state: StateDep, caller: Annotated[Caller, allow(Role.ADMIN)]) -> CreatedKey:
    """Makes a key for a role and, where it matters, a department or a region."""
    if body.role is Role.MARKETING and body.department is None:
        raise InvalidInput([Fault("/department", "a marketing key is of a department: it reads the leads of that one")])
    if body.pii and body.role is not Role.ANALYST:
        raise InvalidInput([Fault("/pii", "only analysts' keys are told whether they see personal values")])
    terms = body.terms()
    id, secret = await keys.create_key(
        state.graph, body.name, body.role, body.department, body.region, body.holder, terms, pii=body.pii
    )
    signs = terms.identity is not None and terms.identity.algorithm == OWN
    return CreatedKey(id=id, key=secret, identity_secret=state.signing.of_key(id) if signs else None)
