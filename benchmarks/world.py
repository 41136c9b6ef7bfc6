"""A small omnichannel world of our own making: what channels would post, and who it truly was.

People live in households that share a landline, a tablet and sometimes a mailbox; shops have a kiosk; a firm shares a
switchboard and a mailbox. They click ads of the campaign `summer-offer`, browse, fill in forms with nicknames and
typos, log in and out, call and chat, wipe their cookies and press "send" twice; a number that one gives up is another's
later. Everything follows from the number of people, the seed and the days.

    python -m benchmarks.world --persons 300 --seed 1 --out world      writes world.ndjson and world.truth.csv
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import orjson

from benchmarks import stating
from benchmarks.people import Firm, Registry, Someone, employ, recycle_numbers, settle
from benchmarks.stating import Body, carries

CAMPAIGN = "summer-offer"
START = dt.datetime(2025, 6, 2, tzinfo=dt.UTC)
DAYS = 84


@dataclass(frozen=True, slots=True)
class World:
    """`observations` are request bodies in time order (a repeated delivery is there twice, with one id); `truth` maps
    each observation id to the id of the person it is about, `people` each of those ids to the person. `recycled` maps
    a number to who had it and who has it now; `kiosks` are the cookies of the shops' kiosks.
    """

    observations: tuple[Body, ...]
    truth: Mapping[str, str]
    people: Mapping[str, Someone]
    firms: tuple[Firm, ...]
    recycled: Mapping[str, tuple[str, str]]
    kiosks: tuple[str, ...]


def build(persons: int = 300, seed: int = 1, start: dt.datetime = START, days: int = DAYS) -> World:
    """The world of that many people over that many days."""
    random = Random(seed)
    registry = Registry(random)
    people = settle(persons, random, registry)
    firms = employ(people, random, registry)
    recycled = recycle_numbers(people, start, dt.timedelta(days=days), random)
    diary = _Diary(random, registry, start, days)
    kiosks = [registry.cookie() for _ in range(max(1, persons // 150))]
    for someone in people:
        _live(someone, diary, random)
        if random.random() < 0.2:
            _use_kiosk(someone, random.choice(kiosks), diary)
    for home in {someone.home.id: someone.home for someone in people}.values():
        if len(home.members) > 1 and random.random() < 0.4:
            _share_a_sitting(home.members[0], home.members[1], home.tablet, diary)
    for firm in firms:
        for colleague in firm.members:
            _work(colleague, firm, diary)
    by_id = {someone.id: someone for someone in people}
    return World(*diary.close(seed), by_id, tuple(firms), recycled, tuple(kiosks))


@dataclass(slots=True)
class _Entry:
    at: dt.datetime
    who: str
    body: Body
    sent: int = 1


class _Diary:
    """What was observed so far, of whom."""

    def __init__(self, random: Random, registry: Registry, start: dt.datetime, days: int) -> None:
        self.random = random
        self.registry = registry
        self._start = start
        self._days = days
        self._entries: list[_Entry] = []

    def some_time(self) -> dt.datetime:
        """By day, seconds apart."""
        day = self._start + dt.timedelta(days=self.random.randrange(self._days))
        return day + dt.timedelta(seconds=self.random.randrange(8 * 3600, 22 * 3600))

    def see(
        self,
        who: Someone,
        at: dt.datetime,
        channel: str,
        identifiers: Sequence[Body],
        traits: Mapping[str, str],
        event: str,
        **details: Any,
    ) -> None:
        """One observation; `target` and properties in `details`. One in fifty is delivered twice, a form in thirty is
        sent again two seconds later with an id of its own.
        """
        happening: Body = {"type": event}
        if target := details.pop("target", None):
            happening["target_id"] = target
        if details:
            happening["properties"] = details
        body: Body = {"channel": channel, "identifiers": list(identifiers), "event": happening}
        if traits:
            body["traits"] = dict(traits)
        self._entries.append(_Entry(at, who.id, body, 2 if self.random.random() < 0.02 else 1))
        if channel == "web_form" and self.random.random() < 1 / 30:
            self._entries.append(_Entry(at + dt.timedelta(seconds=2), who.id, body))

    def close(self, seed: int) -> tuple[tuple[Body, ...], dict[str, str]]:
        """The entries in time order, with ids, and who each of them is about."""
        observations: list[Body] = []
        truth: dict[str, str] = {}
        for number, entry in enumerate(sorted(self._entries, key=lambda entry: entry.at)):
            id = f"w{seed}-{number:06d}"
            truth[id] = entry.who
            observations += [{"id": id, "occurred_at": entry.at.isoformat(), **entry.body}] * entry.sent
        return tuple(observations), truth


def _live(someone: Someone, diary: _Diary, random: Random) -> None:
    """A person's own contacts in time order, so that a wiped cookie stays wiped."""
    doings = [_click_and_browse, _enrol, _log_in, _call, _chat, _confirm_address]
    weights = [3, 3, 4, 2, 2, 1]
    for at in sorted(diary.some_time() for _ in range(random.randrange(1, 8))):
        if random.random() < 0.12:
            someone.cookie = diary.registry.cookie()
        random.choices(doings, weights)[0](someone, at, diary)


def _click_and_browse(someone: Someone, at: dt.datetime, diary: _Diary) -> None:
    device = stating.device(someone, diary.random)
    diary.see(someone, at, "ads", [carries("cookie", device)], {}, "ad.clicked", target=CAMPAIGN, ad="sunrise-video")
    _browse(someone, at, [carries("cookie", device), carries("session", diary.registry.session())], diary)


def _browse(someone: Someone, at: dt.datetime, identifiers: Sequence[Body], diary: _Diary) -> dt.datetime:
    for path in diary.random.sample(
        ["/", "/offers", "/offers/summer", "/prices", "/help"], diary.random.randrange(1, 4)
    ):
        at += dt.timedelta(seconds=diary.random.randrange(5, 120))
        diary.see(someone, at, "web", identifiers, {}, "page.viewed", path=path)
    return at


def _enrol(someone: Someone, at: dt.datetime, diary: _Diary) -> None:
    """The campaign's form: an address, often a phone number, a name as people type names."""
    random = diary.random
    identifiers = [carries("cookie", stating.device(someone, random)), carries("session", diary.registry.session())]
    at = _browse(someone, at, identifiers, diary)
    identifiers.append(carries("email", stating.mailbox(someone, random), "asserted"))
    if random.random() < 0.5:
        identifiers.append(stating.phone(someone, at, random) | {"assurance": "asserted"})
    traits = stating.name(someone, random) | (stating.address(someone) if random.random() < 0.4 else {})
    if random.random() < 0.4:
        traits["date_of_birth"] = someone.born.isoformat()
    plan = random.choice(["silver", "gold"])
    diary.see(
        someone,
        at + dt.timedelta(seconds=40),
        "web_form",
        identifiers,
        traits,
        "campaign.enrolled",
        target=CAMPAIGN,
        plan=plan,
    )


def _log_in(someone: Someone, at: dt.datetime, diary: _Diary) -> None:
    sitting = [carries("cookie", stating.device(someone, diary.random)), carries("session", diary.registry.session())]
    at = _sign_in_and_out(someone, at, sitting, diary)
    if diary.random.random() < 0.3:
        _browse(someone, at, sitting[:1], diary)


def _sign_in_and_out(someone: Someone, at: dt.datetime, sitting: Sequence[Body], diary: _Diary) -> dt.datetime:
    """A login names the account and its confirmed address; then pages and maybe an order; mostly a logout."""
    random = diary.random
    account = random.randrange(len(someone.accounts))
    proof = [
        carries("user_id", someone.accounts[account], "verified"),
        carries("email", someone.emails[account % len(someone.emails)], "verified"),
    ]
    traits = {"given_name": someone.given, "family_name": someone.family}
    diary.see(someone, at, "web", [*proof, *sitting], traits, "user.logged_in")
    at = _browse(someone, at, sitting, diary)
    if random.random() < 0.3:
        at += dt.timedelta(seconds=30)
        amount = random.randrange(10, 200)
        diary.see(someone, at, "web", [proof[0], *sitting], {}, "order.placed", amount=amount, currency="USD")
    at += dt.timedelta(seconds=20)
    if random.random() < 0.7:
        diary.see(someone, at, "web", sitting, {}, "user.logged_out")
    return at


def _call(someone: Someone, at: dt.datetime, diary: _Diary) -> None:
    """Caller ID is only observed; the name is what an agent heard."""
    random = diary.random
    caller = {"kind": "phone", "value": random.choice([someone.mobile_at(at)] * 2 + [someone.home.landline])}
    heard = stating.name(someone, random) if random.random() < 0.8 else {}
    if heard and random.random() < 0.3:
        heard = {"full_name": f"{heard['given_name']} {heard['family_name']}"}
    minutes = random.randrange(1, 20)
    diary.see(someone, at, "phone", [caller | {"assurance": "observed"}], heard, "call.received", minutes=minutes)


def _chat(someone: Someone, at: dt.datetime, diary: _Diary) -> None:
    """Anonymous at first; then they type a phone number or an address; then they go on."""
    random = diary.random
    sitting = [carries("session", diary.registry.session())]
    if random.random() < 0.7:
        sitting.append(carries("cookie", stating.device(someone, random)))
    typed = random.choice([stating.phone(someone, at, random), carries("email", stating.mailbox(someone, random))]) | {
        "assurance": "asserted"
    }
    name = {"given_name": stating.given_name(someone, random)} if random.random() < 0.6 else {}
    for step, (identifiers, traits) in enumerate([(sitting, {}), ([*sitting, typed], name), (sitting, {})]):
        diary.see(someone, at + dt.timedelta(seconds=45 * step), "chat", identifiers, traits, "chat.message", turn=step)


def _confirm_address(someone: Someone, at: dt.datetime, diary: _Diary) -> None:
    """Double opt-in: the link in the letter was followed."""
    address = carries("email", diary.random.choice(someone.emails), "verified")
    diary.see(someone, at, "email", [address, carries("cookie", someone.cookie)], {}, "email.confirmed")


def _work(someone: Someone, firm: Firm, diary: _Diary) -> None:
    """A letter from the firm's mailbox, a call through its switchboard, or a form that names both."""
    random = diary.random
    mailbox = carries("email", firm.mailbox, "asserted")
    switchboard = carries("phone", firm.switchboard, "asserted")
    for at in [diary.some_time() for _ in range(random.randrange(1, 3))]:
        channel, event, identifiers = random.choice(
            [
                ("email", "email.received", [mailbox]),
                ("phone", "call.received", [switchboard | {"assurance": "observed"}]),
                ("web_form", "quote.requested", [mailbox, switchboard]),
            ]
        )
        diary.see(someone, at, channel, identifiers, stating.name(someone, random), event)


def _use_kiosk(someone: Someone, kiosk: str, diary: _Diary) -> None:
    sitting = [carries("cookie", kiosk), carries("session", diary.registry.session())]
    at = _sign_in_and_out(someone, diary.some_time(), sitting, diary)
    diary.see(someone, at + dt.timedelta(seconds=5), "kiosk", sitting, {}, "user.logged_out")


def _share_a_sitting(first: Someone, second: Someone, tablet: str, diary: _Diary) -> None:
    """A, then B, then A again, on one cookie and in one session."""
    sitting = [carries("cookie", tablet), carries("session", diary.registry.session())]
    at = diary.some_time()
    for someone in (first, second, first):
        at = _sign_in_and_out(someone, at, sitting, diary) + dt.timedelta(seconds=60)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--persons", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("world"), help="writes OUT.ndjson and OUT.truth.csv")
    told = parser.parse_args()
    world = build(told.persons, told.seed)
    told.out.with_suffix(".ndjson").write_bytes(b"".join(orjson.dumps(body) + b"\n" for body in world.observations))
    with told.out.with_suffix(".truth.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("observation_id", "person"), *world.truth.items()])
    print(f"{len(world.observations)} observations of {len(world.people)} people")


if __name__ == "__main__":
    main()
