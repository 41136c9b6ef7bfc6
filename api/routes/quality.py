"""How good decisions and proposals are."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from vitograph.api.guard import Allowed
from vitograph.api.state import StateDep

router = APIRouter(prefix="/v1/quality", tags=["quality"])


@router.get("", operation_id="get_quality")
async def get(state: StateDep, caller: Allowed) -> dict[str, Any]:
    """Precision by band with its bound, overturned decisions, agreement, queue age, shared identifiers, drift.

    `at` says when it was counted: up to half a minute ago.
    """
    return await state.quality.get()
