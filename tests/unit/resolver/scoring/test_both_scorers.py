"""What must hold of a pair whichever scorer is asked, whichever side comes first, in whatever order values came."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from tests.both_scorers import agreed, assert_same_bits
from tests.unit.resolver.conftest import NOW
from vitograph.resolver.model import Address, Assurance, Held, Identifier, IdentifierStatus, IdentifierUse, Profile
from vitograph.resolver.scoring.evidence import Score
from vitograph.resolver.scoring.parameters import Model

PHONE = "phone:+49301234567"


def holding(profile: Profile, *keys: str) -> Profile:
    """The profile with these identifiers besides; those that end in `!` are verified."""
    when = next((held.first_seen for held in profile.identifiers.values()), NOW)
    held = {
        key.rstrip("!"): Held(
            Identifier.parse(key.rstrip("!")),
            Assurance.VERIFIED if key.endswith("!") else Assurance.ASSERTED,
            when,
            when,
        )
        for key in keys
    }
    return replace(profile, identifiers={**profile.identifiers, **held})


def strict(model: Model, *issuers: str) -> Model:
    return replace(model, rules=replace(model.rules, one_account_issuers=frozenset(issuers)))


def levels(score: Score) -> dict[str, str]:
    return {row.comparison: row.level for row in score.evidence}


@pytest.fixture
def namesakes(person: Any) -> tuple[Profile, Profile]:
    """Two views that agree in all that makes band A."""
    one, other = (person(view, "maria", "schmidt", "1980-05-17", PHONE) for view in "ab")
    return one, other


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("user_id:crm:1!",), ("user_id:crm:2!",)),
        (("user_id:crm:1!", "user_id:app:1!"), ("user_id:crm:2!", "user_id:app:2!")),
        (("user_id:crm:1!", "user_id:shop:9"), ("user_id:crm:2!", "user_id:shop:9")),
        (("user_id:crm:1!", "user_id:shop:9!"), ("user_id:crm:2!", "user_id:shop:9!")),
        (("user_id:crm:1!", "user_id:desk:1"), ("user_id:crm:2!", "user_id:desk:1")),
        (("user_id:crm:1!", "user_id:crm:2"), ("user_id:crm:2!",)),
        (("user_id:crm:1!", "user_id:crm:3!", "user_id:bank:1!"), ("user_id:crm:2!", "user_id:bank:1!")),
    ],
    ids=["alone", "others differ", "one shared", "one proven", "one silent", "one asserted", "one agrees"],
)
def test_nothing_lifts_the_constraint_of_one_account(
    namesakes: tuple[Profile, Profile], town: Any, model: Model, ours: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    uses = {"user_id:desk:1": IdentifierUse(IdentifierStatus.SHARED, 50)}
    left, right = (holding(view, *keys) for view, keys in zip(namesakes, (ours, theirs), strict=True))
    assert agreed(left, right, town(uses=uses), model).band == "A"
    found = agreed(left, right, town(uses=uses), strict(model, "crm", "bank"))
    assert (found.conflict, found.band) == (True, "-")
    assert not any(row.level == "equal" for row in found.evidence if row.comparison == "user_id")
    assert sum(row.bits_stranger for row in found.evidence if row.comparison == "user_id") == -30


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("user_id:crm:1!", "user_id:crm:2!"), ("user_id:crm:2!",)),
        (("user_id:crm:1!",), ("user_id:crm:2",)),
        (("user_id:crm:1!", "user_id:app:1!"), ("user_id:app:2!",)),
    ],
    ids=["one in common", "one unproven", "one of them only"],
)
def test_the_constraint_asks_for_two_proven_accounts(
    namesakes: tuple[Profile, Profile], town: Any, model: Model, ours: tuple[str, ...], theirs: tuple[str, ...]
) -> None:
    left, right = (holding(view, *keys) for view, keys in zip(namesakes, (ours, theirs), strict=True))
    assert not agreed(left, right, town(), strict(model, "crm")).conflict


def test_the_account_of_two_people_lifts_no_guard(person: Any, town: Any, model: Model) -> None:
    left, right = (person(view, given, "schmidt", None, PHONE) for view, given in (("a", "anna"), ("b", "peter")))
    ours, theirs = (("user_id:crm:1!", "user_id:shop:9"), ("user_id:crm:2!", "user_id:shop:9"))
    found = agreed(holding(left, *ours), holding(right, *theirs), town(), strict(model, "crm"))
    assert "guard" not in levels(agreed(holding(left, *ours), holding(right, *theirs), town(), model))
    assert levels(found)["user_id"] == "shared"
    assert found.conflict


def test_mailboxes_say_the_same_in_any_order(person: Any, town: Any, model: Model) -> None:
    """The name again says nothing, and takes nothing from two mailboxes that are more than the name."""
    keys = ("email:mlopez@a.example", "email:zappa@a.example", "email:mlopez@b.example", "email:zappa@b.example")

    def found(ours: tuple[str, ...], theirs: tuple[str, ...]) -> Score:
        left, right = (person(view, "maria", "lopez", None, *held) for view, held in (("a", ours), ("b", theirs)))
        return agreed(left, right, town(), model)

    alone = found(keys[1:2], keys[3:])
    for ours in permutations(keys[:2]):
        for theirs in permutations(keys[2:]):
            assert_same_bits(found(ours, theirs), alone)
    assert found(keys[:1], keys[2:3]).bits_stranger < alone.bits_stranger


def test_a_full_name_is_as_frequent_as_its_most_frequent_spelling(person: Any, town: Any, model: Model) -> None:
    crowd = town()
    spellings = {"josé lopez": 1, "jose lopez": 60}
    crowd.stated |= {("full_name", name): views for name, views in spellings.items()}
    crowd.stated |= {("given_name", "josé"): 1, ("given_name", "jose"): 1_000, ("family_name", "lopez"): 1_000}
    rare, common = (person(view, given, "lopez") for view, given in (("a", "josé"), ("b", "jose")))

    def frequency(left: Profile, right: Profile) -> float:
        rows = agreed(left, right, crowd, model).evidence
        return next(row.bits_stranger for row in rows if (row.comparison, row.level) == ("full_name", "frequency"))

    assert frequency(rare, common) == pytest.approx(frequency(replace(common, view_id="c"), common), abs=0.1)
    assert frequency(rare, common) == pytest.approx(frequency(common, rare))


def test_a_short_form_of_a_full_name_hides_no_other_family_name(person: Any, town: Any, model: Model) -> None:
    stated = person("a", "maria luisa", "lopez", None, PHONE)
    written = person("a", "maria", None, None, PHONE, full="maria luisa lopez")
    other = person("b", "maria", "ortega", None, PHONE)
    as_stated = agreed(stated, other, town(), model)
    found = agreed(written, other, town(), model)
    assert levels(found)["family_name"] == "different"
    assert_same_bits(found, as_stated)
    assert found.p_same < 0.15


@pytest.mark.parametrize("full", ["maria luisa lopez", "lopez, maria luisa"])
def test_the_first_word_of_a_full_name_is_no_name_of_its_own(person: Any, town: Any, model: Model, full: str) -> None:
    written = person("a", full.split()[0], None, None, PHONE, full=full)
    other = person("b", "maria elena", None, None, PHONE)
    assert levels(agreed(written, other, town(), model))["given_name"] == "middle"


def test_a_family_name_said_alone_hides_no_other_given_name(person: Any, town: Any, model: Model) -> None:
    keys = (PHONE, "email:garcia@example.com")
    maria = person("a", "maria", "lopez", None, *keys)
    once_garcia = replace(maria, family_names=("lopez", "garcia"))
    pedro = person("b", "pedro", "garcia", None, *keys)
    found = agreed(once_garcia, pedro, town(), model)
    assert levels(found)["given_name"] == "different"
    assert found.p_same < 0.1
    assert agreed(replace(maria, full_names=("garcia",)), pedro, town(), model).p_same < 0.1


def test_a_given_name_said_alone_hides_no_other_family_name(person: Any, town: Any, model: Model) -> None:
    maria = person("a", "maria", "lopez", None, PHONE)
    found = agreed(
        replace(maria, given_names=("maria", "pepa")), person("b", "pepa", "ortega", None, PHONE), town(), model
    )
    assert (levels(found)["given_name"], levels(found)["family_name"]) == ("different", "different")


def test_a_single_word_may_still_be_either_name(person: Any, town: Any, model: Model) -> None:
    word = person("a", "schmidt", None, None, PHONE, full="schmidt")
    found = agreed(word, person("b", "maria", "schmidt", None, PHONE), town(), model)
    assert (levels(found)["given_name"], levels(found)["family_name"]) == ("none", "equal")


MAIL = "email:maria.s@example.com"


@pytest.mark.parametrize(
    ("keys", "counted"),
    [
        ((MAIL, "user_id:maria.s@example.com"), MAIL),
        ((MAIL, "user_id:shop:Maria.S@Example.com!"), MAIL),
        ((MAIL, "session:maria.s@example.com"), MAIL),
        ((PHONE, "session:+49301234567"), PHONE),
        ((PHONE, "cookie:0049 30 1234567"), PHONE),
        ((PHONE, "user_id:crm:030/1234567"), PHONE),
        (("user_id:7f3a", "session:7f3a"), "user_id:7f3a"),
        ((MAIL, "user_id:maria.s@example.com", "user_id:shop:8"), MAIL),
    ],
)
def test_one_value_counts_once_whatever_kinds_it_is_given_as(
    person: Any, town: Any, model: Model, keys: tuple[str, ...], counted: str
) -> None:
    """An address or a number counts, else a strong kind before a weak one; a value is one group of evidence."""
    left, right = (holding(person(view, "maria"), *keys) for view in "ab")
    keys = tuple(key.rstrip("!") for key in keys)
    found = agreed(left, right, town(), model)
    others = tuple(key for key in keys if key == counted or ":8" in key)
    alone = agreed(*(person(view, "maria", None, None, *others) for view in "ab"), town(), model)
    assert found.bits_stranger == pytest.approx(alone.bits_stranger)
    assert found.bits_household == pytest.approx(alone.bits_household)
    assert (found.groups, found.band) == (alone.groups, alone.band)
    repeated = next(row for row in found.evidence if row.left in set(keys) - set(others))
    assert (repeated.level, repeated.capped) == ("repeated", True)
    assert repeated.sentence.startswith(f"The same value as {counted.partition(':')[0]}")


@pytest.mark.parametrize("keys", [(MAIL, "user_id:maria.j@example.com"), (PHONE, "user_id:4567"), (PHONE, MAIL)])
def test_different_values_count_each(person: Any, town: Any, model: Model, keys: tuple[str, str]) -> None:
    found = agreed(*(person(view, "maria", None, None, *keys) for view in "ab"), town(), model)
    shared = [row for row in found.evidence if row.left in keys]
    assert len(shared) == 2
    assert all(row.bits_stranger > 0 and not row.capped for row in shared)


def test_one_value_of_several_people_is_nobodys_account(person: Any, town: Any, model: Model) -> None:
    """A mailbox of a family, or one known to be shared, is no person's for being called an account, too."""
    for value, status in (("the.schmidt@example.com", "exclusive"), ("info@example.com", "shared")):
        crowd = town(uses={f"email:{value}": IdentifierUse(IdentifierStatus(status), 2)})
        views = [person(view, given, "schmidt", None, f"email:{value}") for view, given in (("a", "anna"), ("b", None))]
        found = agreed(*(holding(view, f"user_id:{value}") for view in views), crowd, model)
        assert_same_bits(found, agreed(*views, crowd, model))
        assert levels(found)["user_id"] == "shared"


def test_an_account_named_like_a_mailbox_makes_no_second_group(person: Any, town: Any, model: Model) -> None:
    keys = (MAIL, "user_id:maria.s@example.com")
    found = agreed(*(person(view, None, None, None, *keys) for view in "ab"), town(), model)
    assert found.groups == ("email",)
    assert found.band != "A"


@pytest.mark.parametrize(
    ("contact", "level"), [(MAIL, "as_email"), ("email:the.schmidt@example.com", "family"), (PHONE, "as_phone")]
)
@pytest.mark.parametrize("account", ["user_id:", "user_id:shop:"])
def test_an_account_that_is_an_address_or_a_number_weighs_as_one(
    person: Any, town: Any, model: Model, contact: str, level: str, account: str
) -> None:
    """Spouses share a mailbox under whatever name it is sent."""
    key = account + contact.partition(":")[2]
    for given in ("anna", "peter", None):
        views = [person(view, name, "schmidt", None) for view, name in (("a", "anna"), ("b", given))]
        found = agreed(*(holding(view, f"{key}!") for view in views), town(), model)
        as_contact = agreed(*(holding(view, contact) for view in views), town(), model)
        assert levels(found)["user_id"] == level
        assert found.p_same == pytest.approx(as_contact.p_same)
        assert found.band == as_contact.band


def test_addresses_without_a_part_in_common_hide_no_contradiction(person: Any, town: Any, model: Model) -> None:
    berlin, vic = Address("5 main street", "berlin", "be"), Address("9 high road", "köln", "nrw")
    bare = Address("7 low lane")
    views = [person(view, "maria", "schmidt", address=address) for view, address in (("a", berlin), ("b", vic))]
    apart = agreed(*views, town(), model)
    assert levels(apart)["address"] == "different"
    city = replace(views[0], addresses=(Address(country="de"), berlin))
    street = replace(views[1], addresses=(bare, vic))
    found = agreed(city, street, town(), model)
    assert levels(found).get("address") == "different"
    assert found.bits_stranger == pytest.approx(apart.bits_stranger)
    only = replace(views[0], addresses=(Address(country="de"),))
    assert levels(agreed(only, replace(views[1], addresses=(bare,)), town(), model))["address"] == "none"


@pytest.mark.parametrize("phone", [True, False], ids=["at home", "moved out"])
def test_twins_a_letter_apart_are_not_recommended_by_their_birth_date_or_a_parents_mailbox(
    person: Any, town: Any, model: Model, phone: bool
) -> None:
    crowd = town()
    crowd.stated |= {("given_name", name): 1 for name in ("tjarvin", "tjarvik")}
    keys = (PHONE,) if phone else ()
    one, other = (person(v, name, "schmidt", "1980-05-17", *keys) for v, name in (("a", "tjarvin"), ("b", "tjarvik")))
    found = agreed(one, other, crowd, model)
    assert levels(found)["given_name"] == "typo"
    assert found.p_same > model.bands["A"]
    assert found.band == "B"
    proven = [holding(view, "email:zappa@example.com!") for view in (one, other)]
    assert agreed(*proven, crowd, model).band == "B"
    assert agreed(one, replace(one, view_id="c"), crowd, model).band == "A"
