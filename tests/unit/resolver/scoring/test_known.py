"""What a pair's evidence says against strangers and against one household."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from tests.both_scorers import agreed
from vitograph.resolver.model import Address, IdentifierStatus, IdentifierUse
from vitograph.resolver.scoring.known import Score, score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import others_on

COOKIE, PHONE, EMAIL, INFO = "cookie:c1", "phone:+49301234567", "email:maria@example.com", "email:info@example.com"
MARIA, FULL = {"given": "maria"}, {"given": "maria", "family": "schmidt"}
BORN, BORN_ELSE = {"born": "1980-05-17"}, {"born": "1991-11-02"}


def pair(person: Any, left: dict[str, Any], right: dict[str, Any], *keys: str) -> tuple[Any, Any]:
    def one(view: str, said: dict[str, Any]) -> Any:
        said = dict(said)
        names = [said.pop(field, None) for field in ("given", "family", "born")]
        return person(view, *names, *keys, **said)

    return one("a", left), one("b", right)


# The table of the design: the evidence, its P(same) there, and how far from it we may be. Where we differ on purpose:
# strangers share a full name 4 times likelier than the product of its parts says (HMPPS 6.4e-6), so names alone say 2
# bits less; a mailbox known to be shared says nothing at all; near misses of a birth date have levels of their own, so
# what is left as "different" weighs less than HMPPS's "else".
TABLE = [
    ("cookie only", {}, {}, (COOKIE,), {}, 0.08, 0.01),
    ("phone only", {}, {}, (PHONE,), {}, 0.15, 0.02),
    ("e-mail only", {}, {}, (EMAIL,), {}, 0.40, 0.01),
    ("verified e-mail only", {"verified": True}, {"verified": True}, (EMAIL,), {}, 0.65, 0.01),
    ("phone and cookie", {}, {}, (PHONE, COOKIE), {}, 0.18, 0.01),
    (
        "a spouse: phone, cookie, surname",
        {"given": "anna", "family": "schmidt"},
        {"given": "peter", "family": "schmidt"},
        (PHONE, COOKIE),
        {},
        0.017,
        0.01,
    ),
    ("info@ used by 50, and phone", {}, {}, (INFO, PHONE), {INFO: 50}, 0.04, 0.01),
    ("e-mail and first name", MARIA, MARIA, (EMAIL,), {}, 0.984, 0.005),
    ("verified e-mail, first name", MARIA | {"verified": True}, MARIA | {"verified": True}, (EMAIL,), {}, 0.994, 0.002),
    ("e-mail, first name, birth dates differ", MARIA | BORN, MARIA | BORN_ELSE, (EMAIL,), {}, 0.11, 0.25),
    (
        "verified e-mail, phone, full name",
        FULL | {"verified": True},
        FULL | {"verified": True},
        (EMAIL, PHONE),
        {},
        0.9984,
        0.001,
    ),
    ("phone, full name, birth date", FULL | BORN, FULL | BORN, (PHONE,), {}, 0.9998, 0.0002),
    ("full name only", FULL, FULL, (), {}, 0.05, 0.045),
    ("full name, birth date", FULL | BORN, FULL | BORN, (), {}, 0.998, 0.008),
]


@pytest.mark.parametrize(
    ("left", "right", "keys", "holders", "expected", "within"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_the_table_of_the_design_holds(
    person: Any,
    town: Any,
    model: Model,
    left: dict[str, Any],
    right: dict[str, Any],
    keys: tuple[str, ...],
    holders: dict[str, int],
    expected: float,
    within: float,
) -> None:
    uses = {key: IdentifierUse(IdentifierStatus.EXCLUSIVE, count) for key, count in holders.items()}
    found = score(*pair(person, left, right, *keys), town(uses=uses), model)
    assert abs(found.p_same - expected) <= within


def totals_hold(found: Score) -> None:
    assert math.fsum(row.bits_stranger for row in found.evidence) == found.bits_stranger
    assert math.fsum(row.bits_household for row in found.evidence) == found.bits_household
    assert math.isclose(found.p_same + found.p_household + found.p_stranger, 1.0, abs_tol=1e-12)


def test_missing_evidence_is_a_row_of_no_bits(person: Any, town: Any, model: Model) -> None:
    found = score(person("a", "maria"), person("b", "maria", "schmidt"), town(), model)
    totals_hold(found)
    missing = {row.comparison: row for row in found.evidence if row.level == "none"}
    assert set(missing) == {"family_name", "birth_date", "gender", "address", "email", "phone"}
    assert all(row.bits_stranger == row.bits_household == 0.0 for row in missing.values())
    assert all(row.sentence.startswith("No evidence") for row in missing.values())


def test_the_json_form_holds_the_whole_waterfall(person: Any, town: Any, model: Model) -> None:
    found = score(person("a", "maria", "schmidt"), person("b", "maria", "schmidt"), town(), model)
    form = json.loads(json.dumps(found.to_json()))
    assert form["bits_stranger"] == found.bits_stranger
    assert math.fsum(row["bits_stranger"] for row in form["evidence"]) == found.bits_stranger
    assert form["calibrated"] is False
    assert Score.from_json(form) == found


def test_a_shared_mailbox_says_nothing_and_makes_company_likelier(person: Any, town: Any, model: Model) -> None:
    uses = {INFO: IdentifierUse(IdentifierStatus.SHARED, 50)}
    with_it = score(*pair(person, FULL, FULL, INFO), town(uses=uses), model)
    without = score(*pair(person, FULL, FULL), town(uses=uses), model)
    assert with_it.p_same <= without.p_same
    assert next(row for row in with_it.evidence if row.level == "shared").bits_stranger == 0.0


@pytest.mark.parametrize("key", [EMAIL, PHONE, COOKIE])
def test_a_blocked_identifier_says_what_a_shared_one_says(person: Any, town: Any, model: Model, key: str) -> None:
    shared, blocked = (
        score(*pair(person, FULL, FULL, key), town(uses={key: IdentifierUse(status, 65)}), model)
        for status in (IdentifierStatus.SHARED, IdentifierStatus.BLOCKED)
    )
    assert blocked == shared


def test_twins_with_everything_in_common_are_offered_as_a_household(person: Any, town: Any, model: Model) -> None:
    home = Address(street="5 main street", city="berlin", postal_code="10115")
    anna, hanna = ({"given": name, "family": "schmidt", "address": home} | BORN for name in ("anna", "hanna"))
    found = score(*pair(person, anna, hanna, EMAIL, PHONE, COOKIE), town(), model)
    totals_hold(found)
    assert found.p_same < 0.1 < 0.9 < found.p_household
    assert found.band == "-"
    assert any(row.comparison == "guard" for row in found.evidence)


def test_an_account_beside_a_shared_one_lifts_the_guard(person: Any, town: Any, model: Model) -> None:
    own, shared = "user_id:bank:2", "user_id:shop:1"
    uses = {shared: IdentifierUse(IdentifierStatus.SHARED, 9)}
    anna, peter = ({"given": name, "family": "schmidt"} for name in ("anna", "peter"))
    found = score(*pair(person, anna, peter, own, shared), town(uses=uses), model)
    assert {(row.comparison, row.level) for row in found.evidence} >= {("user_id", "equal"), ("user_id", "shared")}
    assert not any(row.comparison == "guard" for row in found.evidence)


def test_one_account_under_two_given_names_is_nothing_to_be_sure_of(person: Any, town: Any, model: Model) -> None:
    sure = replace(model, bands=model.bands | {"A": 0.9})
    own = ("user_id:bank:2", "email:weber@example.com!", PHONE)
    anna, peter = ({"given": name, "family": "weber"} for name in ("anna", "peter"))
    assert score(*pair(person, anna, anna, *own), town(), sure).band == "A"
    found = score(*pair(person, anna, peter, *own), town(), sure)
    assert (found.p_same >= 0.9, found.band) == (True, "B")


def test_parent_and_child_of_one_name_are_told_apart_by_their_birth_dates(person: Any, town: Any, model: Model) -> None:
    home = Address(street="5 main street", city="berlin", postal_code="10115")
    parent = {"given": "john", "family": "smith", "address": home, "born": "1958-03-07"}
    found = score(*pair(person, parent, parent | {"born": "1987-11-22"}, PHONE), town(), model)
    assert found.p_same < 0.5 < found.p_household


def test_generations_tell_parent_and_child_apart_without_birth_dates(person: Any, town: Any, model: Model) -> None:
    senior, junior = ({"given": "john", "family": f"smith {which}"} for which in ("senior", "junior"))
    found = score(*pair(person, senior, junior, PHONE), town(), model)
    assert found.p_same < 0.5


def test_one_generation_alone_speaks_against_a_household_more_than_none(person: Any, town: Any, model: Model) -> None:
    home = Address(street="5 main street", city="berlin", postal_code="10115")
    plain = {"given": "john", "family": "smith", "address": home}
    both, one = (
        score(*pair(person, {**plain, "family": family}, {**plain, "family": "smith jr"}, PHONE), town(), model)
        for family in ("smith jr", "smith")
    )
    assert one.p_same < both.p_same
    assert next(row for row in one.evidence if row.comparison == "generation").level == "different"


def test_a_garbled_name_says_less_than_another_name(person: Any, town: Any, model: Model) -> None:
    here = town()
    here.stated["given_name", "xqi"] = 1
    levels = {}
    for given in ("xqi", "ivy"):
        found = score(person("a", given, "lee"), person("b", "peter", "lee"), here, model)
        levels[given] = next(row for row in found.evidence if row.comparison == "given_name")
    assert (levels["xqi"].level, levels["ivy"].level) == ("lone", "different")
    assert levels["xqi"].bits_stranger > levels["ivy"].bits_stranger


def test_a_chinese_name_of_one_word_meets_its_parts(person: Any, town: Any, model: Model) -> None:
    found = score(person("a", full="王伟"), person("b", "wei", "wang"), town(), model)
    assert {row.level for row in found.evidence if row.group == "name"} == {"equal", "frequency"}


def test_swapped_names_are_found(person: Any, town: Any, model: Model) -> None:
    found = score(*pair(person, FULL | BORN, {"given": "schmidt", "family": "maria"} | BORN), town(), model)
    assert found.p_same > 0.5
    assert any(row.level == "swapped" for row in found.evidence)


def test_a_full_name_meets_its_parts(person: Any, town: Any, model: Model) -> None:
    for written in ("maria schmidt", "schmidt, maria"):
        found = score(person("a", full=written), person("b", "maria", "schmidt"), town(), model)
        assert {row.level for row in found.evidence if row.group == "name"} == {"equal", "frequency"}


def test_names_of_two_persons_in_one_view_are_never_mixed(person: Any, town: Any, model: Model) -> None:
    two = replace(person("a"), names=(("maria", "schmidt"), ("peter", "weber")))
    found = score(two, person("b", "maria", "weber"), town(), model)
    levels = {row.comparison: row.level for row in found.evidence if row.group == "name"}
    assert levels["given_name"] != "equal" or levels["family_name"] != "equal"


def test_two_accounts_of_an_import_are_no_evidence(person: Any, town: Any, model: Model) -> None:
    left = person("a", "maria", "schmidt", "1980-05-17", "user_id:crm:1", verified=True)
    right = person("b", "maria", "schmidt", "1980-05-17", "user_id:crm:2", verified=True)
    found = score(left, right, town(), model)
    row = next(row for row in found.evidence if row.comparison == "user_id")
    assert (row.level, row.bits_stranger, row.bits_household) == ("second", 0.0, 0.0)
    assert found.p_same > 0.9


def test_an_issuer_of_one_account_a_person_is_a_constraint(person: Any, town: Any, model: Model) -> None:
    strict = replace(model, rules=replace(model.rules, one_account_issuers=frozenset({"bank"})))
    left = person("a", "maria", "schmidt", "1980-05-17", "user_id:bank:1", verified=True)
    right = person("b", "maria", "schmidt", "1980-05-17", "user_id:bank:2", verified=True)
    found = score(left, right, town(), strict)
    totals_hold(found)
    assert found.conflict
    assert found.band == "-"


def test_a_second_agreement_of_one_kind_counts_in_part(person: Any, town: Any, model: Model) -> None:
    once = score(*pair(person, {}, {}, EMAIL), town(), model)
    twice = score(*pair(person, {}, {}, EMAIL, "email:m@example.org"), town(), model)
    assert once.bits_stranger < twice.bits_stranger < once.bits_stranger + 0.5 * (once.bits_stranger + 24)
    assert any(row.capped for row in twice.evidence if row.comparison == "email")


def test_devices_never_lift_a_pair_above_their_cap(person: Any, town: Any, model: Model) -> None:
    found = score(*pair(person, {}, {}, *(f"cookie:{number}" for number in range(9))), town(), model)
    assert found.bits_stranger <= model.rules.device_cap + 1e-9


def test_a_common_name_says_less_than_a_rare_one(person: Any, town: Any, model: Model) -> None:
    common = town()
    common.stated = {
        ("given_name", "maria"): 20_000,
        ("family_name", "schmidt"): 9_000,
        ("full_name", "maria schmidt"): 300,
    }
    pair_of = pair(person, FULL, FULL)
    assert score(*pair_of, common, model).bits_stranger < score(*pair_of, town(), model).bits_stranger - 5


def test_a_common_value_says_no_more_against_a_household_than_against_a_stranger(
    person: Any, town: Any, model: Model
) -> None:
    """Two at home have one name and one default date as often as two strangers."""
    common = town(persons=10_000)
    common.stated |= {("date_of_birth", BORN["born"]): 600, ("given_name", "maria"): 900}
    found = agreed(*pair(person, FULL | BORN, FULL | BORN, PHONE), common, model)
    rows = {row.comparison: row for row in found.evidence}
    for comparison in ("birth_date", "given_name"):
        row, equal = rows[comparison], model.comparisons[comparison].levels["equal"]
        assert row.bits_household == row.bits_stranger < equal.bits_household
    rare = agreed(*pair(person, FULL | BORN, FULL | BORN, PHONE), town(), model)
    assert rare.bits_household > found.bits_household + 4


def test_ten_persons_are_no_proof_of_a_rare_name(person: Any, town: Any, model: Model) -> None:
    tiny = town(persons=10)
    tiny.stated = {("given_name", "maria"): 2, ("family_name", "schmidt"): 2, ("full_name", "maria schmidt"): 2}
    assert score(*pair(person, FULL, FULL), tiny, model).p_same < 0.9


def test_band_a_needs_a_person_behind_the_numbers(person: Any, town: Any, model: Model) -> None:
    by_contact = score(*pair(person, FULL | {"verified": True}, FULL | {"verified": True}, EMAIL, PHONE), town(), model)
    by_birth = score(*pair(person, FULL | BORN, FULL | BORN, PHONE), town(), model)
    proven = score(*pair(person, FULL | {"verified": True}, FULL | {"verified": True}, EMAIL), town(), model)
    unproven = score(*pair(person, FULL, FULL, EMAIL, PHONE), town(), model)
    assert by_contact.p_same > 0.99
    assert by_contact.band == by_birth.band == "A"
    assert proven.band == unproven.band == "B"
    assert not by_birth.calibrated


def levels(score: Score) -> dict[str, str]:
    return {row.comparison: row.level for row in score.evidence}


def test_namesakes_at_home_wait_for_a_date_or_a_proof(person: Any, town: Any, model: Model) -> None:
    """Father and son of one name share what a home shares."""
    keys = (COOKIE, PHONE, "email:schmidt@example.com")
    alike = score(*pair(person, FULL, FULL, *keys), town(), model)
    assert alike.p_same <= 0.98
    assert levels(alike)["namesake"] == "household"
    assert math.fsum(row.bits_household for row in alike.evidence) == alike.bits_household
    assert score(*pair(person, FULL | BORN, FULL | BORN, *keys), town(), model).p_same > 0.999
    assert score(*pair(person, FULL, FULL, *keys, "user_id:shop:1"), town(), model).p_same > 0.999
    junior = FULL | {"given": "maria jr"}
    assert "namesake" not in levels(score(*pair(person, junior, junior, *keys), town(), model))


@pytest.mark.parametrize("keys", [("user_id:shop:9",), ("user_id:shop:9", EMAIL, PHONE)], ids=["account", "and more"])
@pytest.mark.parametrize(
    ("parent", "child"),
    [({"born": "1960-03-04"}, {"born": "1988-11-20"}), ({"family": "smith sr"}, {"family": "smith jr"})],
    ids=["birth dates", "generations"],
)
def test_nothing_that_they_share_makes_one_person_of_parent_and_child(
    person: Any, town: Any, model: Model, parent: dict[str, str], child: dict[str, str], keys: tuple[str, ...]
) -> None:
    one = {"given": "john", "family": "smith", "address": HOME, "verified": True}
    found = agreed(*pair(person, one | parent, one | child, *keys), town(), replace(model, prior_same=2.0))
    assert levels(found)["user_id"] == "equal"
    assert levels(found)["namesake"] == "household"
    assert found.band in ("B", "C")
    assert agreed(*pair(person, one | parent, one | parent, *keys), town(), model).band == "A"


@pytest.mark.parametrize("son", [{"given": "ali", "family": "hassan"}, {"given": "hassan", "family": "ali"}])
def test_another_decade_of_birth_is_no_typing_error(person: Any, town: Any, model: Model, son: dict[str, str]) -> None:
    """Where a birth date is unknown, father and son state 1 January."""
    father = {"given": "ali", "family": "hassan", "born": "1960-01-01", "address": HOME}
    found = agreed(*pair(person, father, father | son | {"born": "1990-01-01"}, PHONE), town(), model)
    assert levels(found)["birth_date"] == "two_parts"
    assert found.band == "B"


@pytest.mark.parametrize("child", ["1985-03-04", "1985-01-01"])
def test_swapped_digits_of_a_year_are_parent_and_child(person: Any, town: Any, model: Model, child: str) -> None:
    parent = {"given": "juan", "family": "garcia", "born": f"1958{child[4:]}", "verified": True}
    found = agreed(*pair(person, parent, parent | {"born": child}, PHONE, EMAIL), town(), model)
    assert levels(found)["birth_date"] == "two_parts"
    assert found.band == "B"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("emin", "emine"),
        ("jean paul", "jean pierre"),
        ("tamas", "tamara"),
        ("jose", "josefa"),
    ],
)
def test_one_account_of_two_like_named_people_is_for_a_person_to_look_at(
    person: Any, town: Any, model: Model, ours: str, theirs: str
) -> None:
    one, other = ({"given": given, "family": "kaya", "verified": True} for given in (ours, theirs))
    found = agreed(*pair(person, one, other, "user_id:shop:9"), town(), model)
    assert found.p_same > 0.99
    assert found.band == "B"
    assert agreed(*pair(person, one, one, "user_id:shop:9"), town(), model).band == "A"


def test_1_january_is_no_proof_of_one_person(person: Any, town: Any, model: Model) -> None:
    """Where a day is not known, and where the first of a list is taken, namesakes state it."""
    namesake = {"given": "mohammed", "family": "ahmed", "address": Address(city="malmo")}
    place = town(persons=1_000)
    place.stated |= {("given_name", "mohammed"): 30, ("family_name", "ahmed"): 20, ("full_name", "mohammed ahmed"): 3}
    usual, new_year = (
        agreed(*pair(person, *[namesake | {"born": born}] * 2, PHONE), place, model)
        for born in ("1990-05-17", "1990-01-01")
    )
    assert (usual.band, new_year.band) == ("A", "B")
    assert levels(new_year)["birth_date"] == "new_year"
    assert levels(new_year)["namesake"] == "household"
    shown = {row.comparison: row for row in usual.evidence}, {row.comparison: row for row in new_year.evidence}
    assert shown[1]["birth_date"].bits_stranger < shown[0]["birth_date"].bits_stranger - 2
    proven = agreed(
        *pair(person, *[namesake | {"born": "1990-01-01", "verified": True}] * 2, EMAIL, PHONE), place, model
    )
    assert proven.band == "A"


def test_brothers_without_a_given_name_are_not_asked_about_for_1_january(person: Any, town: Any, model: Model) -> None:
    unnamed = {"family": "ahmed"}
    found = agreed(*pair(person, *[unnamed | {"born": "1990-01-01"}] * 2, PHONE), town(), model)
    assert levels(found)["home"] == "household"
    assert found.band == "-"
    assert agreed(*pair(person, *[unnamed | {"born": "1990-05-17"}] * 2, PHONE), town(), model).band != "-"


def test_twins_a_letter_apart_are_not_told_by_their_birth_date(person: Any, town: Any, model: Model) -> None:
    aron, aaron = ({"given": given, "family": "schmidt"} | BORN for given in ("aron", "aaron"))
    found = score(*pair(person, aron, aaron, COOKIE, PHONE), town(), model)
    assert found.p_same <= 0.98
    assert found.band != "A"


def test_a_familys_mailbox_says_home_rather_than_person(person: Any, town: Any, model: Model) -> None:
    own = score(*pair(person, MARIA, MARIA, "email:maria.schmidt@example.com"), town(), model)
    family = score(*pair(person, MARIA, MARIA, "email:the.schmidt@example.com"), town(), model)
    assert levels(family)["email"] == "family"
    assert family.bits_household < own.bits_household - 2
    assert family.bits_stranger == own.bits_stranger


@pytest.mark.parametrize(
    ("ours", "theirs", "level"),
    [
        ("maria.60@example.com", "maria.66@example.net", "numbered"),
        ("the.schmidt@example.com", "the.schmidt@provider.net", "local"),
        ("maria@example.com", "maria.s@provider.net", "close"),
        ("maria.schmidt@example.com", "maria.schmidt@provider.net", "local"),
    ],
)
def test_an_address_made_of_the_name_says_no_more_than_the_name(
    person: Any, town: Any, model: Model, ours: str, theirs: str, level: str
) -> None:
    alike = score(
        person("a", "maria", "schmidt", None, f"email:{ours}"),
        person("b", "maria", "schmidt", None, f"email:{theirs}"),
        town(),
        model,
    )
    row = next(row for row in alike.evidence if row.comparison == "email")
    assert row.level == level
    assert -1 <= min(row.bits_stranger, row.bits_household) <= max(row.bits_stranger, row.bits_household) <= 0.5
    other = score(
        person("a", "anna", "weber", None, f"email:{ours}"),
        person("b", "anna", "weber", None, f"email:{theirs}"),
        town(),
        model,
    )
    assert next(one for one in other.evidence if one.comparison == "email").bits_stranger > row.bits_stranger


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("farah.alnahim@example.com", "farah.majawi@provider.net"),
        ("f.westford@example.com", "f.westton@provider.net"),
        ("the.lockley@example.com", "the.stockley@provider.net"),
    ],
)
def test_addresses_that_resemble_each_other_by_the_given_name_say_nothing_beside_it(
    person: Any, town: Any, model: Model, ours: str, theirs: str
) -> None:
    def email(given: str, family: str | None) -> Any:
        sides = (person(view, given, family, None, f"email:{one}") for view, one in (("a", ours), ("b", theirs)))
        return next(row for row in score(*sides, town(), model).evidence if row.comparison == "email")

    nameless = email("farah", None)
    assert nameless.level == "close"
    assert (nameless.bits_stranger, nameless.bits_household) == (0.0, 0.0)
    assert email("peter", "weber").bits_stranger > 2


def test_two_common_names_are_not_each_others_slip(person: Any, town: Any, model: Model) -> None:
    def family(views: int) -> str:
        crowd = town()
        crowd.stated.update({("family_name", name): views for name in ("rudowski", "rudalski")})
        found = score(person("a", "jan", "rudowski"), person("b", "jan", "rudalski"), crowd, model)
        return levels(found)["family_name"]

    assert family(2) == "typo"
    assert family(50) == "close"


TWIN = {"family": "schmidt"} | BORN
HOME = Address(street="5 main street", city="berlin", postal_code="10115")


@pytest.mark.parametrize(
    ("given", "band"),
    [("anna", "A"), ("anne", "-"), ("a", "B"), (None, "B")],
    ids=["name", "twin", "initial", "no name"],
)
def test_a_birth_date_tells_nobody_from_a_twin_without_a_given_name(
    person: Any, town: Any, model: Model, given: str | None, band: str
) -> None:
    one, other = ({"given": name, "address": HOME} | TWIN for name in ("anna", given))
    found = score(*pair(person, one, other, PHONE), town(), replace(model, prior_same=1.0))
    totals_hold(found)
    assert found.band == band


def test_swapped_names_with_an_error_may_be_a_twins(person: Any, town: Any, model: Model) -> None:
    eager = replace(model, prior_same=1.0)
    swapped, misspelt = (
        score(*pair(person, {"given": "tim"} | TWIN, {"given": "schmidt", "family": name} | BORN), town(), eager)
        for name in ("tim", "tom")
    )
    assert (swapped.band, misspelt.band) == ("A", "B")
    assert misspelt.p_same < 0.985 < swapped.p_same


def test_a_given_name_that_stands_as_family_name_is_rather_a_relative(person: Any, town: Any, model: Model) -> None:
    one, other = {"given": "schmidt", "family": "peter"}, {"given": "anna", "family": "schmidt"}
    found = score(*pair(person, one | {"address": HOME}, other | {"address": HOME}), town(), model)
    [crossed] = [row for row in found.evidence if row.level == "crossed"]
    assert crossed.bits_household == pytest.approx(-2)
    assert found.p_same < 0.05 < found.p_household


def test_the_views_of_one_person_and_one_family_are_no_strangers(person: Any, town: Any, model: Model) -> None:
    """A name that so many views state as a person has duplicates, and relatives, is nobody else's."""
    few = town(persons=2_000)
    few.stated["family_name", "schmidt"] = 8
    scored = {
        s: score(*pair(person, FULL, FULL), few, replace(model, prior_same=s, prior_household=2.0)) for s in (0.1, 5.0)
    }
    bits = {
        s: next(row.bits_stranger for row in one.evidence if row.comparison == "family_name")
        for s, one in scored.items()
    }
    assert bits[5.0] > bits[0.1] + 1


@pytest.mark.parametrize(("status", "others"), [(IdentifierStatus.EXCLUSIVE, 0.0), (IdentifierStatus.SUSPECTED, 3.0)])
def test_holders_whom_nothing_tells_apart_are_ones_duplicates(
    model: Model, status: IdentifierStatus, others: float
) -> None:
    assert others_on(IdentifierUse(status, 5), replace(model, prior_same=3.5)) == others
    assert others_on(IdentifierUse(status, 2), model) == 0.0
    assert others_on(IdentifierUse(status, 50), model) >= 47.9


def test_what_a_home_has_in_common_asks_nobody(person: Any, town: Any, model: Model) -> None:
    """Without a given name, one line and one address may be anybody's at home."""
    home = Address(street="5 main street", city="berlin", postal_code="10115")
    maria, nameless = FULL | {"address": home}, {"family": "schmidt", "address": home}
    found = score(*pair(person, maria, nameless, PHONE), town(), replace(model, prior_same=2.0))
    totals_hold(found)
    assert found.bits_stranger > 20
    assert levels(found)["home"] == "household"
    assert found.band == "-"
    assert found.p_same < 0.5


@pytest.mark.parametrize(
    ("own", "keys"),
    [({"given": "maria"}, ()), (BORN, ()), ({}, (EMAIL,)), ({}, ("user_id:shop:1",)), ({}, (COOKIE,))],
    ids=["given name", "birth date", "mailbox", "account", "device"],
)
def test_one_thing_of_ones_own_is_enough(
    person: Any, town: Any, model: Model, own: dict[str, str], keys: tuple[str, ...]
) -> None:
    one = {"family": "schmidt"} | own
    found = score(*pair(person, one, one, PHONE, *keys), town(), replace(model, prior_same=2.0))
    assert "home" not in levels(found)


def test_a_graph_with_hardly_a_household_holds_nothing_back(person: Any, town: Any, model: Model) -> None:
    nameless = {"family": "schmidt"}
    alone = replace(model, prior_same=0.8, prior_household=0.02)
    assert score(*pair(person, FULL, nameless, PHONE), town(), alone).p_same > 0.5


@pytest.mark.parametrize("home", [PHONE, "email:the.schmidt@example.com"], ids=["phone", "family's mailbox"])
def test_a_history_that_others_may_be_in_is_not_recommended(person: Any, town: Any, model: Model, home: str) -> None:
    def seen(count: int, *keys: str, **more: Any) -> Any:
        return person("b", "maria", "schmidt", BORN["born"], home, *keys, count=count, **more)

    other = person("a", "maria", "schmidt", BORN["born"])
    assert score(other, seen(1), town(), model).band == "A"
    found = score(other, seen(2), town(), model)
    totals_hold(found)
    assert found.band == "B"
    assert next(row for row in found.evidence if row.comparison == "history")[4:] == ("", home, 0.0, 0.0, True)
    assert score(other, seen(2, "user_id:shop:1", verified=True), town(), model).band == "A"


@pytest.mark.parametrize(
    ("rows", "calls", "band"),
    [(1, 0, "A"), (1, 1, "B"), (2, 0, "A"), (2, 1, "B"), (5, 1, "B")],
    ids=["a row", "a row and a call", "a row twice", "and a call", "and a call to many"],
)
def test_the_number_of_a_row_proves_nothing_of_who_calls(
    person: Any, town: Any, model: Model, rows: int, calls: int, band: str
) -> None:
    """A row of an import holds an account of its own (`crm:17`, verified), as `ingest.csv_import` writes it."""
    row = person("b", "maria", "schmidt", BORN["born"], "user_id:crm:17", verified=True, count=rows)
    called = person("b", None, None, None, PHONE, count=rows + calls)
    imported = replace(row, identifiers={**row.identifiers, **called.identifiers})
    found = agreed(person("a", "maria", "schmidt", BORN["born"]), imported, town(), model)
    assert found.band == band
    assert ("history" in levels(found)) == (calls > 0)


def test_two_rows_of_one_person_state_a_number_once_each(person: Any, town: Any, model: Model) -> None:
    accounts = person("b", "maria", "schmidt", BORN["born"], "user_id:crm:17", "user_id:shop:4", verified=True)
    number = person("b", None, None, None, PHONE, count=2)
    joined = replace(accounts, identifiers={**accounts.identifiers, **number.identifiers})
    assert agreed(person("a", "maria", "schmidt", BORN["born"]), joined, town(), model).band == "A"
