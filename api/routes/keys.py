"""Keys for channels, people and programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Strict, StringConstraints

from vitograph.api.access import allow
from vitograph.api.state import GraphDep
from vitograph.graph import keys
from vitograph.graph.keys import Caller, Role
from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.normalize import country

router = APIRouter(tags=["keys"])

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")
]

Region = Annotated[str, StringConstraints(max_length=16), AfterValidator(country)]


class NewKey(BaseModel):
    """`region` (ISO 3166 alpha-2) is the country of phone numbers that name none, in what this key posts.

    `holder` names the human who holds the key: with it, nobody is a second person to themselves by another key.
    `pii`: an analyst's key that sees personal values as they are, where others see pseudonyms.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    role: Annotated[Role, Strict(False)]
    department: Name | None = None
    region: Region | None = None
    holder: Name | None = None
    pii: bool = False


class CreatedKey(BaseModel):
    """`key` is shown this once: only its hash is kept."""

    id: str
    key: str


@router.post("/v1/keys", status_code=201, operation_id="create_key")
async def create_key(body: NewKey, graph: GraphDep, caller: Annotated[Caller, allow(Role.ADMIN)]) -> CreatedKey:
    """Makes a key for a role and, where it matters, a department or a region."""
    if body.role is Role.MARKETING and body.department is None:
        raise InvalidInput([Fault("/department", "a marketing key is of a department: it reads the leads of that one")])
    if body.pii and body.role is not Role.ANALYST:
        raise InvalidInput([Fault("/pii", "only analysts' keys are told whether they see personal values")])
    id, secret = await keys.create_key(
        graph, body.name, body.role, body.department, body.region, body.holder, pii=body.pii
    )
    return CreatedKey(id=id, key=secret)
