"""What the hot memory holds of a campaign: the replies to a read as ready bytes, and what decides between them.

    <version> <status> <starts_at> <ends_at> <plain, or spoken: it holds several languages>
    <the reply once it is over>
    <the reply while it is active>
    <its offers by key, with their rules>

The reply while it is active holds what is for everybody; an offer with a rule is only among the offers. The schedule
is in the head, so each read obeys it to the second and nothing has to be written when the time comes.
Version 0 says that the graph knew no such campaign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from vitograph.resolver.publishing.artifacts import RULE_KEY
from vitograph.resolver.publishing.campaigns import Artifact, ArtifactKind, Campaign, CampaignStatus, Shown, shown
from vitograph.resolver.publishing.locales import localised
from vitograph.resolver.publishing.offers import Situation, is_offered

MOST_REMEMBERED = 512
MOST_REMEMBERED_BYTES = 131_072

REPLIES = {word: orjson.dumps({"status": word.value}) for word in Shown}


@dataclass(frozen=True, slots=True)
class Ready:
    """The replies of one version of a campaign. Times are seconds of the epoch."""

    version: int
    status: CampaignStatus | None
    starts_at: float | None = None
    ends_at: float | None = None
    over: bytes = b""
    live: bytes = b""
    offers: bytes = b"{}"
    is_spoken: bool = False
    made: dict[object, Any] = field(default_factory=dict, compare=False, repr=False)  # of it, to be made but once

    def shown(self, now: float) -> Shown:
        """What the campaign shows at a moment."""
        if self.status is None:
            return Shown.UNKNOWN
        return shown(self.status, self.starts_at, self.ends_at, now)

    def state(self, now: float) -> bytes:
        """The reply that says nothing but the status."""
        return REPLIES[self.shown(now)]

    def reply(self, now: float, wants: Sequence[str] = ()) -> bytes:
        """The reply at a moment with everything a page shows, in the languages that are wanted, best first."""
        return self.told(self.shown(now), wants)

    def told(self, word: Shown, wants: Sequence[str] = ()) -> bytes:
        """The reply while the campaign shows a word; no content but while it is active."""
        match word:
            case Shown.ACTIVE:
                return self._spoken(wants) if self.is_spoken else self.live
            case Shown.ENDED:
                return self.over
            case _:
                return REPLIES[word]

    def to_bytes(self) -> bytes:
        """As it is stored. JSON as it is written here has no line break outside its strings, nor raw in them."""
        times = " ".join("-" if moment is None else repr(moment) for moment in (self.starts_at, self.ends_at))
        form = "spoken" if self.is_spoken else "plain"
        head = f"{self.version} {self.status.value if self.status else '-'} {times} {form}"
        return b"\n".join((head.encode(), self.over, self.live, self.offers))

    @classmethod
    def from_bytes(cls, stored: bytes) -> Ready | None:
        """The reverse of `to_bytes`; None for what is not ours."""
        try:
            head, over, live, offers = stored.split(b"\n")
            version, status, starts_at, ends_at, form = head.decode().split(" ")
            return cls(
                int(version),
                None if status == "-" else CampaignStatus(status),
                None if starts_at == "-" else float(starts_at),
                None if ends_at == "-" else float(ends_at),
                over,
                live,
                offers,
                form == "spoken",
            )
        except ValueError:
            return None

    def offered(self, situation: Situation, wants: Sequence[str]) -> dict[str, Any]:
        """The offers that are made to a visitor, by key. A rule that fails makes none."""
        variables = situation.variables()
        return {
            key: _said({"content": offer["content"]}, wants)
            for key, offer in orjson.loads(self.offers).items()
            if offer["when"] is None or is_offered(offer["when"], variables)
        }

    def _spoken(self, wants: Sequence[str]) -> bytes:
        whole = orjson.loads(self.live)
        whole["artifacts"] = {key: _said(artifact, wants) for key, artifact in whole["artifacts"].items()}
        return orjson.dumps(whole)


def unknown(version: int = 0) -> Ready:
    """What stands for a campaign that is not there."""
    return Ready(version, None)


def ready(campaign: Campaign) -> Ready:
    """A campaign as the hot memory holds it. Its department is nobody's business outside."""
    body = campaign.body
    over: dict[str, Any] = {"status": Shown.ENDED.value}
    if body.closing is not None:
        over["closing"] = body.closing
    shared = [one for one in campaign.artifacts if not (_is_offer(one) and RULE_KEY in one.content)]
    live = {
        "id": campaign.id,
        "status": Shown.ACTIVE.value,
        "name": body.name,
        "version": campaign.version,
        "starts_at": body.starts_at,
        "ends_at": body.ends_at,
        "artifacts": {artifact.key: {"kind": artifact.kind.value, "content": artifact.content} for artifact in shared},
    }
    offers = {
        artifact.key: {
            "when": artifact.content.get(RULE_KEY),
            "content": {name: value for name, value in artifact.content.items() if name != RULE_KEY},
        }
        for artifact in campaign.artifacts
        if _is_offer(artifact)
    }
    return Ready(
        campaign.version,
        campaign.status,
        None if body.starts_at is None else body.starts_at.timestamp(),
        None if body.ends_at is None else body.ends_at.timestamp(),
        orjson.dumps(over),
        orjson.dumps(live, option=orjson.OPT_UTC_Z),
        orjson.dumps(offers),
        any("locales" in artifact.content for artifact in shared),
    )


class Remembered:
    """Values as they were read last, so that one that has not changed is not read again."""

    def __init__(self) -> None:
        self._values: dict[str, tuple[bytes, Ready]] = {}

    def of(self, id: str, stored: bytes) -> Ready | None:
        """What is stored of a campaign; None for what is not ours."""
        held = self._values.get(id)
        if held is not None and held[0] == stored:
            return held[1]
        found = Ready.from_bytes(stored)
        if found is not None and len(stored) <= MOST_REMEMBERED_BYTES:
            if len(self._values) >= MOST_REMEMBERED:
                self._values.clear()
            self._values[id] = (stored, found)
        return found


def _is_offer(artifact: Artifact) -> bool:
    return artifact.kind is ArtifactKind.OFFER


def _said(artifact: Mapping[str, Any], wants: Sequence[str]) -> dict[str, Any]:
    """An artifact in one language, which it names when it had the choice."""
    tag, content = localised(artifact["content"], wants)
    language = {} if tag is None else {"locale": tag}
    return {**artifact, **language, "content": content}
