"""What is done and what is done to the servers in a round, drawn from a seed: the same seed, the same plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from random import Random
from typing import Any, Self

from benchmarks.people import Registry, Someone, settle
from tests.chaos.leavers import household

LASTS = 3.0  # seconds in which everything of a round begins
CHANNELS = ("web", "phone", "chat", "crm")
SPECIALISTS = ("ana", "ben", "eve")
PEOPLE = 16
FIRST_DAY = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does. `patient`: again and again until it is answered; else once, whatever comes of it."""

    at: float  # seconds of the round
    who: str
    what: str
    about: Body = field(default_factory=dict)
    patient: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to a server, and for how many seconds before it is mended."""

    at: float
    kind: str
    victim: str
    lasts: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.kind} {self.victim}".strip()


@dataclass(frozen=True, slots=True)
class Round:
    """A round of a run."""

    number: int
    acts: tuple[Act, ...]
    faults: tuple[Fault, ...]

    def to_json(self) -> Body:
        return asdict(self)

    @classmethod
    def of_json(cls, raw: Body) -> Self:
        return cls(
            raw["number"], tuple(Act(**one) for one in raw["acts"]), tuple(Fault(**one) for one in raw["faults"])
        )


class Planner:
    """Draws the rounds of a seed. Each fault comes once before any comes twice: they are dealt from a shuffled deck."""

    def __init__(self, seed: int, deck: Sequence[tuple[str, str]], posts: int = 40) -> None:
        self._seed = seed
        self._deck = tuple(deck)
        self._posts = posts
        chance = Random(f"{seed} people")
        self._people = settle(PEOPLE, chance, Registry(chance))

    def round(self, number: int) -> Round:
        """Round by its number, from 0."""
        chance = Random(f"{self._seed} round {number}")
        acts = [*self._observing(number, chance), *_deciding(chance), *_campaigning(number, chance), *_reading(chance)]
        acts += _leaving(self._seed, number)
        if number:
            acts += _coming_late(self._seed, number - 1)
        return Round(number, tuple(sorted(acts, key=lambda act: act.at)), tuple(self._faults(number, chance)))

    def _faults(self, number: int, chance: Random) -> list[Fault]:
        """Two a round, the second one often while the first one lasts."""
        faults = []
        for place in (2 * number, 2 * number + 1):
            turn, card = divmod(place, len(self._deck))
            order = Random(f"{self._seed} deck {turn}").sample(self._deck, len(self._deck))
            kind, victim = order[card]
            faults.append(Fault(round(chance.uniform(0.2, 2.0), 3), kind, victim, round(chance.uniform(0.3, 2.5), 3)))
        return sorted(faults, key=lambda fault: fault.at)

    def _observing(self, number: int, chance: Random) -> list[Act]:
        acts = []
        bodies: list[Body] = []
        for place in range(self._posts):
            body = _observation(f"o-{self._seed}-{number}-{place}", chance, self._people, number)
            kind = chance.random()
            if bodies and kind < 0.2:
                body = chance.choice(bodies)  # a duplicate, perhaps at the same moment
            elif bodies and kind < 0.28:
                body = _altered(chance.choice(bodies), place)
            bodies.append(body)
            acts.append(_act(chance, chance.choice(CHANNELS), "post", body))
        lines = chance.sample(bodies, 4) + [
            _observation(f"b-{self._seed}-{number}-{place}", chance, self._people, number) for place in range(6)
        ]
        chance.shuffle(lines)
        acts.append(_act(chance, "import", "batch", {"lines": lines}))
        acts.append(_act(chance, "phone", "attach", {"seed": chance.randrange(2**32)}))
        return acts


def _act(chance: Random, who: str, what: str, about: Body) -> Act:
    return Act(round(chance.uniform(0, LASTS), 3), who, what, about, chance.random() < 0.85)


def _observation(id: str, chance: Random, people: Sequence[Someone], number: int) -> Body:
    someone = chance.choice(people)
    known: list[Body] = [
        {"kind": "email", "value": chance.choice(someone.emails), "assurance": chance.choice(["verified", "asserted"])},
        {"kind": "phone", "value": someone.mobile, "assurance": "asserted"},
        {"kind": "user_id", "value": someone.accounts[0], "assurance": "verified"},
        {"kind": "cookie", "value": someone.cookie, "assurance": "observed"},
        {"kind": "cookie", "value": someone.home.tablet, "assurance": "observed"},
    ]
    event: Body = {"type": chance.choice(["page.viewed", "form.sent", "person.identified"])}
    if chance.random() < 0.2:
        event = {"type": "campaign.enrolled", "target_id": f"c-{max(0, number - chance.randrange(3))}-0"}
    traits = {
        "given_name": someone.given,
        "family_name": someone.family,
        "date_of_birth": someone.born.isoformat(),
        "city": someone.home.city,
    }
    return {
        "id": id,
        "channel": chance.choice(CHANNELS),
        "occurred_at": _moment(chance),
        "identifiers": chance.sample(known, chance.choice([1, 1, 2])),
        "traits": traits if chance.random() < 0.8 else {},
        "event": {**event, "properties": {"nonce": f"{id} {chance.random()}"}},
    }


def _moment(chance: Random) -> str:
    """Long ago and in no order: what arrives late is as good as what arrives at once."""
    return (FIRST_DAY + dt.timedelta(seconds=chance.randrange(365 * 86_400))).isoformat()


def _altered(body: Body, place: int) -> Body:
    """The same id, another payload."""
    return {**body, "event": {**body["event"], "properties": {"nonce": f"{body['id']} altered {place}"}}}


def _deciding(chance: Random) -> list[Act]:
    acts = []
    for who in SPECIALISTS:
        for _ in range(3):
            what = chance.choice(["decide", "decide", "decide", "retract", "confirm"])
            verdict = chance.choice(["same", "same", "same", "different", "household", "unsure"])
            acts.append(_act(chance, who, what, {"choice": chance.randrange(1000), "verdict": verdict}))
    return acts


def _campaigning(number: int, chance: Random) -> list[Act]:
    acts = [_act(chance, "north", "launch", {"id": f"c-{number}-{place}"}) for place in range(2)]
    ended = max(0, number - chance.randrange(3))
    return [*acts, _act(chance, "north", "end", {"id": f"c-{ended}-{chance.randrange(2)}"})]


def _reading(chance: Random) -> list[Act]:
    places = [chance.choice(["", "/status"]) for _ in range(8)]
    return [_act(chance, "page", "read", {"choice": chance.randrange(1000), "part": part}) for part in places]


def _leaving(seed: int, number: int) -> list[Act]:
    """A household is observed and greeted; one of them is erased meanwhile, and every second time the other one too."""
    chance = Random(f"{seed} leaving {number}")
    acts = []
    for leaver in household(seed, number):
        bodies = [leaver.said(str(place), chance, _moment(chance), f"c-{number}-0") for place in range(5)]
        posts = [_act(chance, chance.choice(CHANNELS), "post", body) for body in (*bodies, chance.choice(bodies))]
        acts += [replace(posts[0], patient=True), *posts[1:]]  # somebody is there to be erased, sooner or later
        acts += [_act(chance, "page", "greet", {"cookie": leaver.cookie}) for _ in range(2)]
    for leaver in household(seed, number)[: 1 + number % 2]:
        at = round(chance.uniform(0.8, LASTS), 3)
        acts.append(Act(at, "admin", "erase", {"word": leaver.word, "email": leaver.email}))
    return acts


def _coming_late(seed: int, number: int) -> list[Act]:
    """What was said of the household of an earlier round is said once more, and something that nobody had said yet."""
    earlier = [act.about for act in _leaving(seed, number) if act.what == "post"]
    chance = Random(f"{seed} late {number}")
    new = [one.said("late", chance, _moment(chance), f"c-{number}-0") for one in household(seed, number)]
    return [_act(chance, chance.choice(CHANNELS), "post", body) for body in (*chance.sample(earlier, 3), *new)]
