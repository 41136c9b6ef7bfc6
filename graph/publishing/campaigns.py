"""Campaigns: every write is one transaction — lock, read, check, write, outbox entry — so no change goes unprojected.

A campaign belongs to the department that made it. Persons are nowhere near it (I9): leads are found through events.
These are told by the campaign's id, which they bear. Those that came before it are linked to it afterwards, in parts,
so nothing here follows such links.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Container
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from vitograph.graph import outbox
from vitograph.graph.driver import WALL_CLOCK, Graph, Row, Transaction
from vitograph.graph.failures import Vanished
from vitograph.graph.people.consents import list_refusing
from vitograph.graph.queries import load
from vitograph.graph.reach import Reach
from vitograph.resolver.errors import Fault, Forbidden, InvalidInput, StaleVersion, UnknownThing, WrongState
from vitograph.resolver.model import ENROLLED
from vitograph.resolver.publishing.campaigns import (
    MOST_ARTIFACTS,
    Artifact,
    ArtifactKind,
    Campaign,
    CampaignBody,
    CampaignStatus,
    activated,
    check_id,
    check_open,
    ended,
)
from vitograph.resolver.publishing.consent import MARKETING

UPSERT_CAMPAIGN = load("campaign/upsert_campaign")
LOCK_CAMPAIGN = load("campaign/lock_campaign")
GET_CAMPAIGN = load("campaign/get_campaign")
RECORD_CAMPAIGN = load("campaign/record_campaign")
RECORD_OWNER = load("campaign/record_owner")
RECORD_TARGETS = load("campaign/record_targets")
MARK_LINKED = load("campaign/mark_linked")
UPSERT_ARTIFACT = load("campaign/upsert_artifact")
LIST_IMAGE_CONTENTS = load("campaign/list_image_contents")
LIST_IDS = load("campaign/list_ids")
LIST_CAMPAIGNS = load("campaign/list_campaigns")
LIST_LEADS = load("campaign/list_leads")
COUNT_FUNNEL = load("campaign/count_funnel")

T = TypeVar("T")

AGGREGATE = "campaign"
# Bytes of JSON. The hot memory holds every artifact of a campaign in one value.
MOST_CONTENT = 32_768
MOST_TOGETHER = 16 * MOST_CONTENT
# Types of events that a funnel tells of.
MOST_STEPS = 100
# Enrolments that one statement walks.
MOST_WALKED = 5_000
# Events that one transaction links to a campaign, and for how many seconds all of them may take.
LINKED_AT_ONCE = 2_000
LINKED_WITHIN = 600.0
BEFORE_ALL = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Writer:
    """On whose behalf a campaign is written. `read`: the versions that may be written over, None for any or none."""

    department: str
    read: Container[int] | None = None


@dataclass(frozen=True, slots=True)
class Lead:
    """A view that enrolled, by its first enrolment. `person_id` is the fragment that did."""

    view_id: str
    person_id: str
    kind: str
    event_id: str
    channel: str
    enrolled_at: dt.datetime
    enrolments: int


@dataclass(frozen=True, slots=True)
class Step:
    """A type of event by which views met a campaign: how many views, and how many events."""

    type: str
    persons: int
    events: int


async def put(graph: Graph, id: str, writer: Writer, body: CampaignBody) -> tuple[Campaign, bool]:
    """Makes a draft, or says anew what a campaign that has not ended is; whether there was none."""
    check_id(id)

    async def work(tx: Transaction) -> tuple[Campaign, bool]:
        await tx.run(UPSERT_CAMPAIGN, id=id)
        row = await tx.one(GET_CAMPAIGN, id=id)
        if row is None:  # it was discarded before it could be locked
            raise Vanished
        if is_new := row["version"] == 0:
            if writer.read is not None:
                raise StaleVersion("campaign", id)
            campaign = Campaign(id, CampaignStatus.DRAFT, writer.department, 0, body)
            await tx.run(RECORD_OWNER, id=id, department=writer.department, at=dt.datetime.now(dt.UTC))
        else:
            campaign = _campaign(row)
            _check(campaign, writer)
            check_open(campaign)
        return await record(tx, campaign, campaign.status, body), is_new

    written = await graph.write(work)
    await _link(graph, id)
    return written


async def put_artifact(graph: Graph, id: str, writer: Writer, artifact: Artifact) -> Campaign:
    """Writes one artifact of a campaign that has not ended, beside or over what was under its key."""

    async def work(tx: Transaction, campaign: Campaign) -> Campaign:
        check_open(campaign)
        if len({held.key for held in campaign.artifacts} | {artifact.key}) > MOST_ARTIFACTS:
            raise WrongState(f"campaign {id!r} has {MOST_ARTIFACTS} artifacts, which is as many as one can have")
        content = _stored(artifact)
        beside = sum(len(_stored(held).encode()) for held in campaign.artifacts if held.key != artifact.key)
        if beside + len(content.encode()) > MOST_TOGETHER:
            raise WrongState(f"campaign {id!r} would hold over {MOST_TOGETHER} bytes; keep what is large elsewhere")
        await tx.run(UPSERT_ARTIFACT, id=id, key=artifact.key, kind=artifact.kind.value, content=content)
        return await record(tx, campaign, campaign.status, campaign.body)

    return await change(graph, id, writer, work)


async def activate(graph: Graph, id: str, writer: Writer) -> Campaign:
    """Makes a draft active; one that is active stays as it is, so a repeated call is harmless."""

    async def work(tx: Transaction, campaign: Campaign) -> Campaign:
        return await _step(tx, campaign, activated(campaign, dt.datetime.now(dt.UTC)))

    campaign = await change(graph, id, writer, work)
    await _link(graph, id, anew=True)  # also what was recorded while the campaign was
    return campaign


async def end(graph: Graph, id: str, writer: Writer) -> Campaign:
    """Ends an active campaign, for good; one that has ended stays as it is."""

    async def work(tx: Transaction, campaign: Campaign) -> Campaign:
        return await _step(tx, campaign, ended(campaign))

    return await change(graph, id, writer, work)


async def get(graph: Graph, id: str, wall_clock: float = WALL_CLOCK) -> Campaign:
    """A campaign with its artifacts."""
    rows = await graph.rows(GET_CAMPAIGN, wall_clock, id=id)
    if not rows:
        raise UnknownThing("campaign", id)
    return _campaign(rows[0])


async def list_campaigns(graph: Graph, department: str | None, after: str, limit: int) -> list[Campaign]:
    """Campaigns of a department (None: of all), without their artifacts, in the order of their ids, from one on."""
    rows = await graph.rows(LIST_CAMPAIGNS, department=department, after=after, limit=limit)
    return [_campaign(row) for row in rows]


async def list_ids(graph: Graph, after: str = "", limit: int = 1_000) -> list[str]:
    """Ids of campaigns in their order, from one on."""
    return [row["id"] for row in await graph.rows(LIST_IDS, after=after, limit=limit)]


async def list_images(graph: Graph) -> set[str]:
    """The SHA-256 of every image that an artifact names, in hex."""
    return {str(orjson.loads(row["content"])["sha256"]) for row in await graph.rows(LIST_IMAGE_CONTENTS)}


async def leads(graph: Graph, id: str, reach: Reach, after: tuple[dt.datetime, str] | None, limit: int) -> list[Lead]:
    """Who enrolled, of those in reach: each view once, by first enrolment, `after` the time and event of the last.

    Whoever withdrew their consent to `marketing` is passed over: fewer than `limit` are left when there are no more.
    As many enrolments are walked as leads are wanted, and more at a time while few of them are leads to show.
    """
    (at, event), walk = after or (BEFORE_ALL, ""), limit
    willing: list[Lead] = []
    while True:
        which: dict[str, Any] = {"id": id, "type": ENROLLED, "reach": reach.parameter}
        [row] = await graph.rows(LIST_LEADS, after_at=at, after_id=event, most=walk, **which)
        read = [Lead(**lead | {"enrolled_at": _native(lead["enrolled_at"])}) for lead in row["leads"]]
        refusing = await list_refusing(graph, (lead.view_id for lead in read), MARKETING)
        willing += [lead for lead in read if lead.view_id not in refusing]
        if row["walked"] < walk or len(willing) >= limit:
            return willing[:limit]
        at, event, walk = _native(row["last_at"]), row["last_id"], min(4 * walk, MOST_WALKED)


async def funnel(graph: Graph, id: str) -> list[Step]:
    """How many views met a campaign by each type of event, the most common first; each view once."""
    return [Step(**row) for row in await graph.rows(COUNT_FUNNEL, id=id, limit=MOST_STEPS)]


async def _link(graph: Graph, id: str, *, anew: bool = False) -> None:
    """Links the events that targeted a campaign before it was there, unless that was done; repeated, it goes on."""
    await graph.ensure(RECORD_TARGETS, LINKED_WITHIN, id=id, anew=anew, most=LINKED_AT_ONCE)
    await graph.write(lambda tx: tx.run(MARK_LINKED, id=id, at=dt.datetime.now(dt.UTC)))


async def change(graph: Graph, id: str, writer: Writer, work: Callable[[Transaction, Campaign], Awaitable[T]]) -> T:
    """Locks a campaign, sees that the writer may, and does `work` on it in the same transaction."""

    async def locked(tx: Transaction) -> T:
        await tx.run(LOCK_CAMPAIGN, id=id)
        row = await tx.one(GET_CAMPAIGN, id=id)
        if row is None:
            raise UnknownThing("campaign", id)
        campaign = _campaign(row)
        _check(campaign, writer)
        return await work(tx, campaign)

    return await graph.write(locked)


def _check(campaign: Campaign, writer: Writer) -> None:
    if campaign.department != writer.department:
        raise Forbidden(f"campaign {campaign.id!r} belongs to another department")
    if writer.read is not None and campaign.version not in writer.read:
        raise StaleVersion("campaign", campaign.id)


async def _step(tx: Transaction, campaign: Campaign, status: CampaignStatus) -> Campaign:
    if status is campaign.status:
        return campaign
    return await record(tx, campaign, status, campaign.body)


async def record(tx: Transaction, campaign: Campaign, status: CampaignStatus, body: CampaignBody) -> Campaign:
    """Writes a locked campaign as its next version, and notes it for the projections."""
    properties = {
        "name": body.name,
        "status": status.value,
        "department": campaign.department,
        "starts_at": body.starts_at,
        "ends_at": body.ends_at,
        "closing": body.closing,
    }
    written = await tx.one(RECORD_CAMPAIGN, id=campaign.id, properties=properties)
    row = await tx.one(GET_CAMPAIGN, id=campaign.id)
    if written is None or row is None:
        raise UnknownThing("campaign", campaign.id)
    await outbox.record(tx, AGGREGATE, campaign.id, written["version"])
    return _campaign(row)


def _stored(artifact: Artifact) -> str:
    content = orjson.dumps(artifact.content, option=orjson.OPT_SORT_KEYS)
    if len(content) > MOST_CONTENT:
        raise InvalidInput([Fault("/content", f"is longer than {MOST_CONTENT} bytes; keep what is large elsewhere")])
    return content.decode()


def _campaign(row: Row) -> Campaign:
    starts_at, ends_at = row["starts_at"], row["ends_at"]
    return Campaign(
        row["id"],
        CampaignStatus(row["status"]),
        row["department"],
        row["version"],
        CampaignBody(
            row["name"],
            None if starts_at is None else _native(starts_at),
            None if ends_at is None else _native(ends_at),
            row["closing"],
        ),
        tuple(
            Artifact(item["key"], ArtifactKind(item["kind"]), orjson.loads(item["content"]), item["version"])
            for item in row["artifacts"]
        ),
    )


def _native(moment: Any) -> dt.datetime:
    native: dt.datetime = moment.to_native()
    return native.astimezone(dt.UTC)
