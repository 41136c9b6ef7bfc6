"""Observations that read as sentences: `observed("email:maria@example.com!", given_name="Maria")`.

An identifier is written as its key and how well it is known: `!` verified, none asserted, `?` observed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
from typing import Any

from vitograph.resolver.model import Assurance, Carried, Happening, Identifier, Observation, Traits

_numbers = itertools.count(1)
NOON = dt.datetime(2026, 11, 24, 12, 0, tzinfo=dt.UTC)


def carried(text: str) -> Carried:
    assurance = {"!": Assurance.VERIFIED, "?": Assurance.OBSERVED}.get(text[-1], Assurance.ASSERTED)
    return Carried(Identifier.parse(text.rstrip("!?")), assurance)


def observed(
    *identifiers: str,
    id: str | None = None,
    event: str = "page.viewed",
    target: str | None = None,
    minutes: float = 0.0,
    properties: dict[str, Any] | None = None,
    **traits: Any,
) -> Observation:
    id = id or f"o-{next(_numbers)}"
    body = repr((id, identifiers, event, target, minutes, sorted(traits.items(), key=str)))
    return Observation(
        id=id,
        channel="web_form",
        occurred_at=NOON + dt.timedelta(minutes=minutes),
        carried=tuple(carried(text) for text in identifiers),
        traits=Traits(**traits),
        stated={name: str(value) for name, value in traits.items() if isinstance(value, str)},
        event=Happening(event, target, properties or {}),
        body_hash=hashlib.sha256(body.encode()).hexdigest(),
    )
