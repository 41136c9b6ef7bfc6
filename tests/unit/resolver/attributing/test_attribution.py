"""A1–A6, each as the design's table and examples say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import observed
from vitograph.resolver.attributing.attribution import Attribution, Rule, attribute, settle
from vitograph.resolver.attributing.holdings import Holdings
from vitograph.resolver.attributing.sittings import ends_session
from vitograph.resolver.model import IdentifierStatus, Observation, PersonKind
from vitograph.resolver.scoring.parameters_json import load_model


class World:
    """Attributes observations one after another, as the graph does."""

    def __init__(self) -> None:
        self.holdings = Holdings()
        self.log: list[tuple[Observation, Attribution]] = []

    def sees(self, *identifiers: str, **rest: object) -> Attribution:
        observation = observed(*identifiers, **rest)  # type: ignore[arg-type]
        return self.attribute(observation)

    def attribute(self, observation: Observation) -> Attribution:
        attribution = attribute(observation, self.holdings)
        settle(observation, attribution, self.holdings, load_model())
        self.log.append((observation, attribution))
        return attribution


def test_the_missions_example_makes_three_persons_and_gives_the_sitting_to_the_phones() -> None:
    world = World()
    click = world.sees("cookie:c-1?", event="ad.clicked")
    call = world.sees("phone:+34600100200?", event="call.received")
    chat = world.sees("session:s-1?", event="chat.started")
    assert (click.rule, call.rule, chat.rule) == (Rule.A3, Rule.A4, Rule.A3)
    assert len({click.person_id, call.person_id, chat.person_id}) == 3
    typed = world.sees("session:s-1?", "phone:+34600100200", event="chat.said")
    assert (typed.rule, typed.person_id) == (Rule.A1, call.person_id)
    rest = world.sees("session:s-1?", event="chat.said", minutes=2)
    assert (rest.rule, rest.person_id) == (Rule.A2, call.person_id)
    assert chat.kind is PersonKind.DEVICE


def test_a_login_after_anonymous_browsing_founds_a_known_person_beside_the_device() -> None:
    world = World()
    browsing = world.sees("cookie:c-1?")
    login = world.sees("cookie:c-1?", "user_id:app:7!")
    assert (login.rule, login.kind) == (Rule.A4, PersonKind.KNOWN)
    assert login.person_id != browsing.person_id
    assert world.sees("cookie:c-1?").person_id == browsing.person_id, "a cookie never attributes to a known person"


def test_a_device_person_is_founded_once() -> None:
    world = World()
    first, second = world.sees("cookie:c-1?"), world.sees("cookie:c-1?", "session:s-9?")
    assert first.person_id == second.person_id


def test_the_best_identifier_anchors() -> None:
    world = World()
    by_phone = world.sees("phone:+34600100200!")
    by_account = world.sees("user_id:app:7!", "email:a@example.com")
    assert world.sees("phone:+34600100200", "email:a@example.com").person_id == by_account.person_id
    assert world.sees("phone:+34600100200!", "email:a@example.com").person_id == by_phone.person_id


def test_the_holder_of_strictly_highest_assurance_wins() -> None:
    world = World()
    mother = world.sees("email:home@example.com!", given_name="maria")
    son = world.sees("email:home@example.com", given_name="jose")
    assert son.rule is Rule.A6
    assert world.sees("email:home@example.com").person_id == mother.person_id


def test_a_contradicting_name_founds_another_and_makes_the_identifier_suspected() -> None:
    world = World()
    maria = world.sees("email:home@example.com", given_name="maria")
    jose = world.sees("email:home@example.com", given_name="jose")
    assert (maria.rule, jose.rule) == (Rule.A4, Rule.A6)
    assert world.holdings.statuses["email:home@example.com"] is IdentifierStatus.SUSPECTED
    assert world.sees("email:home@example.com", given_name="maria").person_id == maria.person_id
    assert world.sees("email:home@example.com", given_name="jose").person_id == jose.person_id


@pytest.mark.parametrize(("parent", "child"), [("1960-03-02", "1991-07-30"), ("1960-01-01", "1990-01-01")])
def test_a_contradicting_birth_date_founds_another(parent: str, child: str) -> None:
    world = World()
    world.sees("phone:+34600100200", given_name="ahmad", date_of_birth=parent)
    other = world.sees("phone:+34600100200", given_name="ahmad", date_of_birth=child)
    assert other.rule is Rule.A6
    assert world.holdings.statuses["phone:+34600100200"] is IdentifierStatus.SUSPECTED


def test_two_accounts_alone_contradict_but_are_not_suspected() -> None:
    world = World()
    first = world.sees("user_id:crm:1!", "email:a@example.com", given_name="ana")
    second = world.sees("user_id:crm:2!", "email:a@example.com", given_name="ana")
    assert second.rule is Rule.A6
    assert second.person_id != first.person_id
    assert world.holdings.statuses["email:a@example.com"] is IdentifierStatus.EXCLUSIVE
    assert world.sees("user_id:shop:2!", "user_id:crm:1!").person_id == first.person_id


def test_an_account_is_no_contradiction_to_a_view_that_has_it_beside_another() -> None:
    world = World()
    first = world.sees("user_id:crm:1!")
    world.holdings.fragments[first.person_id].accounts.add("crm:2")
    assert world.sees("user_id:crm:1!").rule is Rule.A1


def test_a_shared_identifier_anchors_nothing() -> None:
    world = World()
    world.holdings.statuses["email:info@example.com"] = IdentifierStatus.SHARED
    unnamed, again = world.sees("email:info@example.com"), world.sees("email:info@example.com")
    assert (unnamed.rule, unnamed.kind) == (Rule.A5, PersonKind.UNATTRIBUTED)
    assert unnamed.person_id == again.person_id
    named, other = (world.sees("email:info@example.com", given_name="maria") for _ in range(2))
    assert (named.rule, named.kind) == (Rule.A5, PersonKind.KNOWN)
    assert named.person_id != other.person_id


def test_a_tie_is_broken_by_the_only_name_that_agrees_and_by_nothing_else() -> None:
    world = World()
    maria = world.sees("email:home@example.com", given_name="maria")
    world.sees("email:home@example.com", given_name="jose")
    assert world.sees("email:home@example.com", given_name="maria").person_id == maria.person_id
    assert world.sees("email:home@example.com").kind is PersonKind.UNATTRIBUTED
    third = world.sees("email:home@example.com", given_name="lucia")
    assert (third.rule, third.kind) == (Rule.A5, PersonKind.KNOWN)


def test_a_sitting_ends_with_a_logout_and_with_time() -> None:
    world = World()
    login = world.sees("session:s-1?", "user_id:app:7!")
    assert world.sees("session:s-1?", minutes=5).person_id == login.person_id
    assert world.sees("session:s-1?", minutes=60 * 30).rule is Rule.A3
    world.sees("session:s-1?", event="session.ended", minutes=6)
    assert world.sees("session:s-1?", minutes=7).rule is Rule.A3


def test_a_sitting_is_not_somebody_who_contradicts_what_is_stated() -> None:
    world = World()
    world.sees("session:s-1?", "user_id:app:7!", given_name="anna")
    assert world.sees("session:s-1?", given_name="peter", minutes=1).rule is Rule.A3


def test_a_second_login_in_a_sitting_takes_it_over() -> None:
    world = World()
    world.sees("session:s-1?", "user_id:app:1!")
    second = world.sees("session:s-1?", "user_id:app:2!", minutes=1)
    assert world.sees("session:s-1?", minutes=2).person_id == second.person_id


def test_what_arrives_late_is_not_of_who_logged_in_since() -> None:
    world = World()
    first = world.sees("session:s-1?", "user_id:app:1!")
    assert world.sees("session:s-1?", minutes=30).person_id == first.person_id
    world.sees("session:s-1?", event="user.logged_out", minutes=45)
    second = world.sees("session:s-1?", "user_id:app:2!", minutes=65)
    assert world.sees("session:s-1?", event="campaign.enrolled", minutes=40).rule is Rule.A3
    assert world.sees("session:s-1?", minutes=70).person_id == second.person_id


def test_a_login_that_arrives_late_is_not_whose_sitting_goes_on() -> None:
    world = World()
    world.sees("session:s-1?", "user_id:app:2!", minutes=65)
    world.sees("session:s-1?", "user_id:app:1!")
    assert world.sees("session:s-1?", event="campaign.enrolled", minutes=70).rule is Rule.A3
    again = world.sees("session:s-1?", "user_id:app:2!", minutes=75)
    assert world.sees("session:s-1?", minutes=76).person_id == again.person_id


def test_what_happened_before_a_login_is_not_of_who_logged_in() -> None:
    world = World()
    login = world.sees("session:s-1?", "user_id:app:1!", minutes=10)
    assert world.sees("session:s-1?", minutes=5).rule is Rule.A3
    assert world.sees("session:s-1?", minutes=15).person_id == login.person_id


def test_a_login_that_arrives_after_its_logout_begins_no_sitting() -> None:
    world = World()
    world.sees("session:s-1?", event="user.logged_out", minutes=10)
    world.sees("session:s-1?", "user_id:app:1!", minutes=5)
    assert world.sees("session:s-1?", event="campaign.enrolled", minutes=11).rule is Rule.A3
    again = world.sees("session:s-1?", "user_id:app:1!", minutes=15)
    assert world.sees("session:s-1?", minutes=16).person_id == again.person_id


SITTINGS = st.lists(st.sampled_from(["in 1", "in 2", "out", "out 1", "out 2", "sees"]), min_size=1, max_size=8)


@given(SITTINGS.map(lambda steps: list(enumerate(steps))).flatmap(st.permutations))
def test_no_order_of_arrival_gives_the_sitting_of_one_to_another(posted: list[tuple[int, str]]) -> None:
    """Who is told to sit there is who logged in last, of what is known by then; in the order of time, always."""
    world, persons = World(), {}
    for number, (minutes, step) in enumerate(posted):
        act, _, account = step.partition(" ")
        accounts = [f"user_id:app:{account}!"] if account else []
        event = "user.logged_out" if act == "out" else "page.viewed"
        found = world.sees("session:s-1?", *accounts, event=event, minutes=minutes)
        if account:
            persons[found.person_id] = account
        if act == "sees":
            past = [step for at, step in sorted(posted[:number]) if at < minutes and step != "sees"]
            sitting = past[-1].removeprefix("in ") if past and past[-1].startswith("in") else None
            assert found.rule is Rule.A3 or persons[found.person_id] == sitting
            assert posted != sorted(posted) or (found.rule is Rule.A2) == (sitting is not None)


IDENTIFIERS = st.sampled_from(
    [f"{kind}:{n}{mark}" for kind in ("cookie", "session") for n in "12" for mark in "?"]
    + [f"{kind}:{n}{mark}" for kind in ("email", "phone", "user_id") for n in ("x:1", "x:2") for mark in ("!", "")]
)
OBSERVATIONS = st.builds(
    lambda ids, name, minutes: (tuple({text.rstrip("!?"): text for text in ids}.values()), name, minutes),
    st.lists(IDENTIFIERS, min_size=1, max_size=4),
    st.sampled_from([None, "maria", "jose", "peter"]),
    st.integers(0, 600),
)


@given(st.lists(OBSERVATIONS, max_size=25))
def test_no_rule_ever_puts_two_given_names_on_one_person(posted: list[tuple[tuple[str, ...], str | None, int]]) -> None:
    world = World()
    for identifiers, name, minutes in posted:
        world.sees(*identifiers, given_name=name, minutes=minutes)
    for fragment in world.holdings.fragments.values():
        if fragment.kind is PersonKind.KNOWN:
            assert len(fragment.stated.given_names) <= 1


@given(st.lists(OBSERVATIONS, max_size=25))
def test_weak_identifiers_never_found_or_change_a_known_person(
    posted: list[tuple[tuple[str, ...], str | None, int]],
) -> None:
    world = World()
    for identifiers, name, minutes in posted:
        known_before = {f.id for f in world.holdings.fragments.values() if f.kind is PersonKind.KNOWN}
        attribution = world.sees(*identifiers, given_name=name, minutes=minutes)
        if all(text.startswith(("cookie", "session")) for text in identifiers):
            known_after = {f.id for f in world.holdings.fragments.values() if f.kind is PersonKind.KNOWN}
            assert known_before == known_after
            assert attribution.rule in (Rule.A2, Rule.A3)


@given(st.lists(OBSERVATIONS, max_size=25), st.integers(0, 24))
def test_attribution_is_deterministic_and_depends_on_the_past_only(
    posted: list[tuple[tuple[str, ...], str | None, int]], cut: int
) -> None:
    observations = [observed(*ids, given_name=name, minutes=minutes) for ids, name, minutes in posted]
    whole, part = World(), World()
    for observation in observations:
        whole.attribute(observation)
    for observation in observations[:cut]:
        part.attribute(observation)
    assert [a for _, a in whole.log][: len(part.log)] == [a for _, a in part.log]


def test_given_and_family_name_the_other_way_round_are_no_contradiction() -> None:
    world = World()
    alice = world.sees("email:a@example.com", given_name="alice", family_name="cooper")
    assert world.sees("email:a@example.com", given_name="cooper", family_name="alice").person_id == alice.person_id
    other = world.sees("email:a@example.com", given_name="cooper", family_name="bob")
    assert other.rule is Rule.A6
    world = World()
    world.sees("email:a@example.com", given_name="alice", family_name="cooper", date_of_birth="1960-03-02")
    swapped = {"given_name": "cooper", "family_name": "alice", "date_of_birth": "1991-07-30"}
    assert world.sees("email:a@example.com", **swapped).rule is Rule.A6


@pytest.mark.parametrize(
    ("event", "ends"),
    [
        ("logout", True),
        ("user.logged_out", True),
        ("person.logged_out", True),
        ("session.logout", True),
        ("signed_out", True),
        ("session.ended", True),
        ("session.expired", True),
        ("campaign.ended", False),
        ("page.viewed", False),
        ("user.logged_in", False),
    ],
)
def test_the_end_of_a_sitting_is_known_by_its_type(event: str, ends: bool) -> None:
    assert ends_session(event) is ends


def test_a_named_call_is_not_whoever_called_without_a_name() -> None:
    """Caller ID names a line; a typed number is a claim, as in the mission's example."""
    world = World()
    nameless = world.sees("phone:+34600100200?", event="call.received")
    assert world.sees("phone:+34600100200?", event="call.received").person_id == nameless.person_id
    typed = world.sees("phone:+34600100200", "session:s-1?", given_name="maria")
    assert (typed.rule, typed.person_id) == (Rule.A1, nameless.person_id)
    line = World()
    first = line.sees("phone:+34600100200?", event="call.received")
    maria = line.sees("phone:+34600100200?", given_name="maria", event="call.received")
    assert maria.rule is Rule.A6
    assert maria.person_id != first.person_id
    assert line.holdings.statuses.get("phone:+34600100200", IdentifierStatus.EXCLUSIVE) is IdentifierStatus.EXCLUSIVE


def test_who_proved_a_number_keeps_its_calls() -> None:
    world = World()
    proven = world.sees("phone:+34600100200!", event="phone.confirmed")
    assert world.sees("phone:+34600100200?", given_name="maria").person_id == proven.person_id


@pytest.mark.parametrize("between", [{"given_name": "m"}, {"given_name": "---"}, {"full_name": "m lopez"}])
@pytest.mark.parametrize("form", ["given_name", "full_name"])
def test_an_initial_lets_nobody_in_whom_the_name_contradicts(between: dict[str, str], form: str) -> None:
    """Maria, M. and Mario of one mailbox are two persons, as they are without M."""
    world = World()
    maria = world.sees("email:home@example.com!", given_name="maria", family_name="lopez")
    assert world.sees("email:home@example.com", **between).person_id == maria.person_id
    mario = {"given_name": "mario"} if form == "given_name" else {"full_name": "mario lopez"}
    found = world.sees("email:home@example.com", **mario)
    assert (found.rule, found.person_id == maria.person_id) == (Rule.A6, False)
    assert world.sees("email:home@example.com!", given_name="maria").person_id == maria.person_id
    assert world.holdings.statuses["email:home@example.com"] is IdentifierStatus.SUSPECTED


@pytest.mark.parametrize("form", ["given_name", "full_name"])
def test_a_nickname_lets_nobody_in_whom_the_name_contradicts(form: str) -> None:
    """Alexander, Alex and Alexandra of one mailbox are two persons, as they are without Alex; so are their sisters."""
    for name, nickname, another in (("alexander", "alex", "alexandra"), ("christopher", "chris", "christina")):
        world = World()
        last = " lopez" if form == "full_name" else ""
        first = world.sees("email:home@example.com!", **{form: name + last})
        assert world.sees("email:home@example.com", **{form: nickname + last}).person_id == first.person_id
        assert world.sees("email:home@example.com", **{form: another + last}).rule is Rule.A6
        assert world.sees("email:home@example.com!", **{form: name + last}).person_id == first.person_id


def test_a_nickname_alone_is_whoever_it_may_stand_for() -> None:
    world = World()
    first = world.sees("email:a@example.com!", given_name="alex")
    assert world.sees("email:a@example.com", given_name="alexandra").person_id == first.person_id
    assert world.sees("email:a@example.com", given_name="alex").person_id == first.person_id
    assert world.sees("email:a@example.com", given_name="alexander").rule is Rule.A6


def test_an_initial_alone_is_whoever_it_may_stand_for() -> None:
    world = World()
    first = world.sees("email:a@example.com!", given_name="m")
    assert world.sees("email:a@example.com", given_name="maria").person_id == first.person_id
    assert world.sees("email:a@example.com", given_name="m").person_id == first.person_id
    assert world.sees("email:a@example.com", given_name="mario").rule is Rule.A6
