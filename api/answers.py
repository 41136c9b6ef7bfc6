"""What the most used calls answer, for the API description alone: nothing that is sent goes through it.

A field with a default may be missing: blind mode leaves out what tells a score or a verdict, an entry of the log what
does not apply. More fields may come with a later version.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, create_model
from pydantic.json_schema import models_json_schema

_REF = "#/components/schemas/"


class Accepted(BaseModel):
    """What became of an observation; `rule` says why the event is this person's."""

    event_id: str
    person_id: str
    view_id: str
    rule: str
    candidates: list[str]
    warnings: list[str]


class Page(BaseModel):
    """A page of a list; `next` is the cursor of the next one, null on the last."""

    next: str | None


class Claim(BaseModel):
    """A pair and whose turn it is; `claimed_by` has it until `claimed_until`."""

    id: str
    kind: str
    status: str
    left: str
    right: str
    version: int | str
    claimed_by: str | None
    claimed_by_name: str | None
    claimed_until: str | None
    created_at: str | None = None
    updated_at: str | None = None
    reopened_at: str | None = None
    model: str | None = None
    p_same: float | None = None
    p_household: float | None = None
    bits_stranger: float | None = None
    bits_household: float | None = None
    band: str | None = None
    proposed_as: str | None = None
    value: float | None = None
    verdict: str | None = None
    decision: str | None = None
    blind: bool = False


class CandidateItem(Claim):
    """A pair as a list shows it; `groups` are the groups of evidence that speak for one person."""

    groups: list[str] = []
    left_name: str | None
    left_identifier: str | None
    right_name: str | None
    right_identifier: str | None


class HeldIdentifier(BaseModel):
    """An identifier and who of the view holds it, how well that is known, and when it was seen."""

    kind: str
    value: str
    status: str | None = None
    since: str | None = None
    assurance: str
    count: int
    first_seen: str
    last_seen: str
    person_id: str


class Trait(BaseModel):
    """A value and the event that stated it: the one best assured, then newest, with the others."""

    value: Any
    event_id: str
    person_id: str
    channel: str
    occurred_at: Any
    assurance: str
    others: list[dict[str, Any]]


class View(BaseModel):
    """A view: its fragments, the links that decisions drew, identifiers, traits and consents by their names."""

    id: str
    view_id: str
    kind: str
    events: int
    fragments: list[dict[str, Any]]
    links: list[dict[str, Any]] = []
    identifiers: list[HeldIdentifier]
    traits: dict[str, Trait]
    consents: dict[str, dict[str, Any]]


class PersonView(View):
    """A view, every view that the fragment was in before, and devices that are likely the view's."""

    since: str | None
    history: list[dict[str, Any]]
    devices: list[dict[str, Any]]


class TimelineEvent(BaseModel):
    """An event as it was recorded, what it carried, and what is attached to it."""

    id: str
    type: str
    channel: str
    occurred_at: str
    received_at: str
    target_id: str | None
    properties: dict[str, Any]
    traits: dict[str, Any]
    rule: str | None
    person_id: str
    carries: list[dict[str, Any]]
    evidence: list[dict[str, Any]]


class Candidate(Claim):
    """A pair side by side, with the evidence that was frozen when it was scored, and what a merge would join."""

    left_person: View
    right_person: View
    waterfall: dict[str, Any]
    preview: dict[str, Any]
    why_not: list[dict[str, Any]] = []
    runner_up: list[dict[str, Any]] = []
    counterfactuals: list[dict[str, Any]] = []
    missing_bits: float | None = None
    ambiguous: bool = False
    propensity: float | None = None
    reopened: dict[str, Any] | None = None
    pending: str | None = None
    weakened_by: list[str] = []
    history: list[dict[str, Any]] = []


class Decision(BaseModel):
    """An entry of the log with its `state`: pending, lapsed, applied, superseded or retracted; or a second look, which
    is `reviewed` and in no log.
    """

    id: str
    at: str
    entry: str
    verdict: str
    state: str
    actor: str
    actor_name: str
    seq: int | None = None
    actor_role: str | None = None
    prev_hash: str | None = None
    hash: str | None = None
    candidate_id: str | None = None
    left: str | None = None
    right: str | None = None
    reason: str | None = None
    note: str | None = None
    identifiers: list[str] | None = None
    concerns: list[str] = []
    holder: str | None = None
    model: str | None = None
    evidence_hash: str | None = None
    text_hash: str | None = None
    blind: bool | None = None
    batch: str | None = None
    erased: str | None = None
    parted: str | None = None
    keeps: str | None = None
    acknowledges: str | None = None
    replaces: str | None = None
    report_hash: str | None = None
    supersedes: str | None = None
    confirms: str | None = None
    keep_apart: bool | None = None


class Retraction(Decision):
    """The entry that took a decision back, and every decision that it took back with it."""

    retracted: list[str]


class CampaignHead(BaseModel):
    """A campaign; `shows` is what its pages are told now."""

    id: str
    status: str
    shows: str
    department: str
    version: int
    name: str
    starts_at: str | None
    ends_at: str | None
    closing: str | None


class Campaign(CampaignHead):
    """A campaign with its artifacts, and how it stands at its sinks."""

    artifacts: list[dict[str, Any]]
    sinks: list[dict[str, Any]] = []


class Lead(BaseModel):
    """A view with an enrolment that targets the campaign, by its first."""

    view_id: str
    person_id: str
    kind: str
    event_id: str
    channel: str
    enrolled_at: str
    enrolments: int


class Erasure(BaseModel):
    """How far an erasure is, and how much it took."""

    id: str
    status: str
    at: str
    disk: str
    waiting: list[dict[str, Any]]
    actor: str | None
    actor_name: str | None
    persons: int | None
    identifiers: int | None
    events: int | None
    evidence: int | None
    suppressed: bool | None
    entry: str | None


_CAMPAIGN = ("get_campaign", "put_campaign", "put_artifact", "delete_artifact", "activate_campaign", "end_campaign")
_SHAPED = {"retract_decision": ("201",)}  # a dry run answers otherwise


def _page(item: type[BaseModel]) -> type[Page]:
    name = f"{item.__name__.removesuffix('Item')}Page"
    return create_model(name, __base__=Page, __doc__="A page of a list.", items=(list[item], ...))  # type: ignore[valid-type]


ANSWERS: dict[str, type[BaseModel]] = {
    "observe": Accepted,
    "list_candidates": _page(CandidateItem),
    "get_candidate": Candidate,
    "claim_next": Candidate,
    "decide_candidate": Decision,
    "confirm_decision": Decision,
    "retract_decision": Retraction,
    "list_decisions": _page(Decision),
    "find_persons": _page(View),
    "get_person": PersonView,
    "get_timeline": _page(TimelineEvent),
    "list_campaigns": _page(CampaignHead),
    "list_leads": _page(Lead),
    **dict.fromkeys(_CAMPAIGN, Campaign),
    **dict.fromkeys(("erase_person", "get_erasure"), Erasure),
}


def describe(call: dict[str, Any]) -> None:
    """Writes into the description of a call what it answers when all is well, where that is known."""
    if call["operationId"] == "observe_batch":
        line = {"description": "of each line", "anyOf": [_ref("Accepted"), _ref("Problem")]}
        call["responses"]["200"]["content"] = {"application/x-ndjson": {"schema": line}}
    model = ANSWERS.get(call["operationId"])
    for status, response in call["responses"].items():
        if model is not None and status in _SHAPED.get(call["operationId"], ("200", "201", "202")):
            response["content"] = {"application/json": {"schema": _ref(model.__name__)}}


def schemas() -> dict[str, Any]:
    """The schemas of all these answers, by name."""
    models = sorted(set(ANSWERS.values()), key=lambda model: model.__name__)
    _, every = models_json_schema([(model, "validation") for model in models], ref_template=_REF + "{model}")
    return dict(every["$defs"])


def _ref(name: str) -> dict[str, str]:
    return {"$ref": _REF + name}
