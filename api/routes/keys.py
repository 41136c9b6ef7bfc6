"""Keys for channels, people and programs."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, Strict, StringConstraints

from vitograph.api import paging
from vitograph.api.access import Allowed
from vitograph.api.paging import Cursor, Limit
from vitograph.api.state import GraphDep
from vitograph.graph import keys
from vitograph.graph.keys import Limits, Role
from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.normalize import country

router = APIRouter(prefix="/v1/keys", tags=["keys"])

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")
]

Moment = Annotated[AwareDatetime, Strict(False)]
Region = Annotated[str, StringConstraints(max_length=16), AfterValidator(country)]


class NewKey(BaseModel):
    """`region` (ISO 3166 alpha-2) is the country of phone numbers that name none, in what this key posts.

    `holder` names the human who holds the key: with it, nobody is a second person to themselves by another key.
    `pii`: the key's own Cypher shows personal values. `rate`: calls a second, else the one that is set for all.
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


class Rotation(BaseModel):
    """`overlap`: seconds for which the secret before stays good; 0 ends it at once."""

    model_config = ConfigDict(extra="forbid", strict=True)

    overlap: Annotated[int, Field(ge=0, le=90 * 86_400)] = 86_400


class CreatedKey(BaseModel):
    """`key` is shown this once: only its hash is kept."""

    id: str
    key: str


class RotatedKey(CreatedKey):
    """`until`: the end of the secret before."""

    until: str


@router.post("", status_code=201, operation_id="create_key")
async def create_key(body: NewKey, graph: GraphDep, response: Response, caller: Allowed) -> CreatedKey:
    """Makes a key for a role and, where it matters, a department or a region."""
    if body.role is Role.MARKETING and body.department is None:
        raise InvalidInput([Fault("/department", "a marketing key is of a department: it reads the leads of that one")])
    if body.pii and body.role is not Role.ANALYST:
        raise InvalidInput([Fault("/pii", "only an analyst's key shows or masks personal values")])
    response.headers["Cache-Control"] = "no-store"
    limits = Limits(_coming(body.expires_at), body.rate)
    whose = (body.name, body.role, body.department, body.region, body.holder)
    id, secret = await keys.create_key(graph, *whose, pii=body.pii, limits=limits)
    return CreatedKey(id=id, key=secret)


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
