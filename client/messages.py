"""What is sent and what is answered, as values."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["user_id", "email", "phone", "session", "cookie"]
Assurance = Literal["verified", "asserted", "observed"]


class Refused(Exception):
    """ViTo does not accept it (RFC 9457); sending it again would not help. `errors` point into what was sent.

    Status 500: ViTo took the others of its batch, and failed at this one each time.
    """

    def __init__(self, problem: Mapping[str, Any], status: int | None = None) -> None:
        # What stands in front of ViTo may answer with JSON of another form.
        said, errors = problem.get("status"), problem.get("errors")
        self.status = status or (said if isinstance(said, int) else 0)
        self.detail = str(problem.get("detail") or problem.get("title") or "")
        self.errors: list[dict[str, str]] = [
            one for one in (errors if isinstance(errors, list) else []) if isinstance(one, dict)
        ]
        faults = "".join(f"; {one.get('pointer', '')}: {one.get('detail', '')}" for one in self.errors)
        super().__init__(f"{self.status}: {self.detail}" if not faults else f"{self.status}{faults}")


class Unavailable(Exception):
    """ViTo did not answer within all attempts. The same observations can be sent again: none is accepted twice."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """`region` (ISO 3166 alpha-2) is the country of a phone number that names none."""

    kind: Kind
    value: str
    assurance: Assurance | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    type: str
    target_id: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Observation:
    """What a channel saw. `id` is what makes a retry harmless: one is made here, and kept for as long as this is."""

    channel: str
    identifiers: Sequence[Identifier]
    traits: Mapping[str, str] = field(default_factory=dict)
    event: Event | None = None
    occurred_at: dt.datetime | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def to_json(self) -> dict[str, Any]:
        """The body of `POST /v1/observations`. ValueError for a time without its zone."""
        body: dict[str, Any] = {
            "id": self.id,
            "channel": self.channel,
            "identifiers": [_stated(one, "kind", "value", "assurance", "region") for one in self.identifiers],
        }
        if self.traits:
            body["traits"] = dict(self.traits)
        if self.event is not None:
            body["event"] = _stated(self.event, "type", "target_id", "properties")
        if self.occurred_at is not None:
            if self.occurred_at.tzinfo is None:
                raise ValueError("occurred_at needs a time zone")
            body["occurred_at"] = self.occurred_at.isoformat()
        return body


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of an observation. `replayed`: it had been accepted before (not told of those in a batch)."""

    event_id: str
    person_id: str
    view_id: str
    rule: str
    candidates: tuple[str, ...]
    warnings: tuple[str, ...]
    replayed: bool = False

    @classmethod
    def from_json(cls, body: Mapping[str, Any], replayed: bool = False) -> Accepted:
        return cls(
            body["event_id"],
            body["person_id"],
            body["view_id"],
            body["rule"],
            tuple(body["candidates"]),
            tuple(body["warnings"]),
            replayed,
        )


def _stated(value: object, *names: str) -> dict[str, Any]:
    found = {name: getattr(value, name) for name in names}
    return {name: stated for name, stated in found.items() if stated is not None and stated != {}}
