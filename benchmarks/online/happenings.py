"""What happened to somebody who is in the graph: the rows of their events, as observations leave them.

The first event carries and states all that is known; then pages, by account and cookie; the last one is an enrolment.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from random import Random
from typing import IO

from benchmarks.online.town import Resident
from vitograph.resolver.model import Carried

CAMPAIGNS = 50
DEPARTMENT = "north"
YEAR = 365 * 86_400
HEADERS = {
    "events": "id:ID(Event)\ttype\tchannel\toccurred_at:datetime\treceived_at:datetime\ttarget_id\tproperties\ttraits\t"
    "birth_date\trule\tanchor\tbody_hash\treply",
    "of": ":START_ID(Event)\t:END_ID(Person)",
    "carries": ":START_ID(Event)\t:END_ID(Identifier)\tassurance",
    "targets": ":START_ID(Event)\t:END_ID(Campaign)",
}
OWNED = {
    "campaigns": "id:ID(Campaign)\tname\tstatus\tdepartment\tversion:long\tcreated_at:datetime\twritten_at:datetime",
    "departments": "id:ID(Department)",
    "owns": ":START_ID(Department)\t:END_ID(Campaign)",
}
NODES = {"Event": "events", "Campaign": "campaigns", "Department": "departments"}
LINKS = {"OF": "of", "CARRIES": "carries", "TARGETS": "targets", "OWNS": "owns"}

Span = tuple[dt.datetime, dt.datetime, int]
"""When something was carried first and last, and how often."""


def campaign_id(number: int) -> str:
    return f"c-{number % CAMPAIGNS}"


def write_campaigns(files: Mapping[str, IO[str]], at: dt.datetime) -> None:
    """The campaigns that events are about, a year older than any, and whose they are."""
    made = (at - dt.timedelta(days=400)).isoformat()
    files["departments"].write(f"{DEPARTMENT}\n")
    for number in range(CAMPAIGNS):
        id = campaign_id(number)
        files["campaigns"].write(f"{id}\tOffer {number}\tactive\t{DEPARTMENT}\t2\t{made}\t{made}\n")
        files["owns"].write(f"{DEPARTMENT}\t{id}\n")


def write_events(
    files: Mapping[str, IO[str]], person: str, resident: Resident, count: int, until: dt.datetime
) -> dict[str, Span]:
    """So many events of a person in the year before; what they carried, by key."""
    random = Random(person)
    moments = sorted(until - dt.timedelta(seconds=random.randrange(YEAR)) for _ in range(count))
    account, cookie = resident.carried[0], resident.carried[-1]
    spans: dict[str, Span] = {}
    for place, at in enumerate(moments):
        id = str(uuid.UUID(int=random.getrandbits(128), version=4))
        carried = resident.carried if place == 0 else (account, cookie)
        target = campaign_id(random.randrange(CAMPAIGNS)) if place == count - 1 else None
        _write(files, _row(id, person, resident, place, at, target))
        _link(files, id, person, carried, target)
        for one in carried:
            first, _, often = spans.get(one.identifier.key, (at, at, 0))
            spans[one.identifier.key] = (first, at, often + 1)
    return spans


def _row(id: str, person: str, resident: Resident, place: int, at: dt.datetime, target: str | None) -> Sequence[str]:
    is_first = place == 0
    rule = "A4" if is_first else "A1"
    traits = resident.traits
    stated = {"given_name": traits.given_name, "family_name": traits.family_name, "date_of_birth": traits.date_of_birth}
    reply = {"event_id": id, "person_id": person, "view_id": person, "rule": rule, "candidates": [], "warnings": []}
    return (
        id,
        "form.sent" if is_first else "campaign.enrolled" if target else "page.viewed",
        "web_form" if is_first else "web",
        at.isoformat(),
        at.isoformat(),
        target or "",
        _quoted({} if is_first else {"page": f"/offers/{place}"}),
        _quoted({name: value for name, value in stated.items() if value} if is_first else {}),
        traits.date_of_birth or "" if is_first else "",
        rule,
        "" if is_first else resident.carried[0].identifier.key,
        hashlib.sha256(id.encode()).hexdigest(),
        _quoted(reply),
    )


def _write(files: Mapping[str, IO[str]], row: Sequence[str]) -> None:
    files["events"].write("\t".join(row) + "\n")


def _link(files: Mapping[str, IO[str]], id: str, person: str, carried: Sequence[Carried], target: str | None) -> None:
    files["of"].write(f"{id}\t{person}\n")
    files["carries"].writelines(f"{id}\t{one.identifier.key}\t{one.assurance.label}\n" for one in carried)
    if target:
        files["targets"].write(f"{id}\t{target}\n")


def _quoted(value: object) -> str:
    return '"' + json.dumps(value, sort_keys=True).replace('"', '""') + '"'
