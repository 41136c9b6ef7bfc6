"""Keys for channels, people and programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Strict, StringConstraints

from vitograph.api.access import allow
from vitograph.api.state import GraphDep
from vitograph.graph import keys
from vitograph.graph.keys import Caller, Role

router = APIRouter(tags=["keys"])

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")
]


class NewKey(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    role: Annotated[Role, Strict(False)]
    department: Name | None = None


class CreatedKey(BaseModel):
    """`key` is shown this once: only its hash is kept."""

    id: str
    key: str


@router.post("/v1/keys", status_code=201, operation_id="create_key")
async def create_key(body: NewKey, graph: GraphDep, caller: Annotated[Caller, allow(Role.ADMIN)]) -> CreatedKey:
    """Makes a key for a role and, where it matters, a department."""
    id, secret = await keys.create_key(graph, body.name, body.role, body.department)
    return CreatedKey(id=id, key=secret)
