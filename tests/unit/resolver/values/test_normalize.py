"""Identifiers have one canonical form, and traits lose what does not tell two people apart."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.model import Address, IdentifierKind
from vitograph.resolver.values.normalize import TRAIT_FIELDS, identifier, traits


@pytest.mark.parametrize(
    ("value", "canonical"),
    [
        ("Maria@Example.com", "maria@example.com"),
        (" maria@example.com\n", "maria@example.com"),
        ("MAILTO:maria@example.com", "maria@example.com"),
        ('"Maria Lopez" <Maria@Example.com>', "maria@example.com"),
        ("maria.lopez+shop@gmail.com", "maria.lopez+shop@gmail.com"),
        ("hans@m\u00fcller.com", "hans@xn--mller-kva.com"),
        ("hans@XN--mller-kva.com", "hans@xn--mller-kva.com"),
        ("j\u00f6rg@example.com", "j\u00f6rg@example.com"),
        ("jo\u0308rg@example.com", "j\u00f6rg@example.com"),
        ("\uff4daria@example.com", "maria@example.com"),
        ("a@b.test", "a@b.test"),
        ("\ufeffmaria@example.com", "maria@example.com"),
    ],
)
def test_an_email_has_one_form(value: str, canonical: str) -> None:
    assert identifier("email", value).key == f"email:{canonical}"


@pytest.mark.parametrize(
    "value",
    ["", " ", "maria", "@example.com", "maria@", "maria@@example.com", "maria@localhost", "a b@example.com",
     "maria@example..com", ".maria@example.com", "maria@-example.com", "a@b.com, c@d.com", "maria@[127.0.0.1]",
     "maria@example.com\x00", "maria\ud800@example.com", "x" * 65 + "@example.com", "x@" + "y" * 64 + ".com",
     "x" * 600, "=?utf-8?q?maria?=@example.com", "=?us-ascii?b?bWFyaWE=?=@example.com"],
)  # fmt: skip
def test_what_is_no_email_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"^it (is|contains)"):
        identifier("email", value)


@pytest.mark.parametrize(
    ("value", "region", "canonical"),
    [
        ("+1 (415) 555-0132", None, "+14155550132"),
        ("tel:+1-415-555-0132", None, "+14155550132"),
        ("\uff0b1 415 555 0132", None, "+14155550132"),
        ("415-555-0132", "us", "+14155550132"),
        ("1 415 555 0132", "US", "+14155550132"),
        ("020 7946 0958", "UK", "+442079460958"),
        ("0044 20 7946 0958", "DE", "+442079460958"),
        ("+44 20 7946 0958", "US", "+442079460958"),
        ("(0352) 655 3537", "IT", "+3903526553537"),
        ("+1-689-555-0132 x9444", None, "+16895550132;ext=9444"),
        ("+1 689 555 0132 ext. 9444", None, "+16895550132;ext=9444"),
    ],
)
def test_a_phone_has_one_form(value: str, region: str | None, canonical: str) -> None:
    assert identifier("phone", value, region).key == f"phone:{canonical}"


@pytest.mark.parametrize(
    ("value", "region"),
    [("415-555-0132", None), ("hello", "US"), ("555-0132", "US"), ("12", "US"),
     ("+99912345678", None), ("", "US"),
     ("+1 415 555 0132 0132 0132", None), ("+", None), ("415-555-0132", "USA"), ("415-555-0132", ""),
     ("1" * 300, "US")],
)  # fmt: skip
def test_what_is_no_phone_is_refused(value: str, region: str | None) -> None:
    with pytest.raises(ValueError, match=r"^(it|the region)"):
        identifier("phone", value, region)


def test_a_number_without_a_country_says_what_it_needs() -> None:
    with pytest.raises(ValueError, match="parses nowhere: write it with \\+ and a country code, or give its region"):
        identifier("phone", "415-555-0132")


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_region_and_form_of_its_numbers_give_one_value(region: str) -> None:
    for number_type in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE):
        number = phonenumbers.example_number_for_type(region, number_type)
        if number is None:
            continue
        forms = phonenumbers.PhoneNumberFormat
        e164 = phonenumbers.format_number(number, forms.E164)
        for form in (forms.E164, forms.INTERNATIONAL, forms.RFC3966):
            assert identifier("phone", phonenumbers.format_number(number, form)).value == e164
        assert identifier("phone", phonenumbers.format_number(number, forms.NATIONAL), region).value == e164


@pytest.mark.parametrize("kind", ["user_id", "session", "cookie"])
def test_an_opaque_identifier_keeps_its_case(kind: str) -> None:
    assert identifier(kind, "  c-81F\u00e9 ").value == "c-81F\u00e9"
    assert identifier(kind, "c-81Fe\u0301").value == "c-81F\u00e9"
    assert identifier(kind, "x" * 512).value == "x" * 512


@pytest.mark.parametrize(
    "value", ["", "  ", "a\x00b", "a\nb", "a\x7fb", "\ud800", "a\u2028b", "x" * 513, "\ufdfa" * 100, "\u200b"]
)
def test_what_the_graph_cannot_hold_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"^it (is|contains)"):
        identifier("cookie", value)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="one of user_id, email, phone, session, cookie"):
        identifier("twitter", "x")


@given(
    st.sampled_from(IdentifierKind),
    st.text(st.characters(), max_size=40) | st.from_regex(r"\+?[0-9 ()x-]{5,20}", fullmatch=True) | st.emails(),
    st.none() | st.sampled_from(["US", "DE", "IT", "ZZ"]),
)
def test_a_canonical_value_is_its_own_canonical_value(kind: IdentifierKind, value: str, region: str | None) -> None:
    try:
        once = identifier(kind, value, region)
    except ValueError:
        return
    assert identifier(kind, once.value) == once


def test_names_lose_what_people_write_differently() -> None:
    for given_name, family_name in (
        ("Anne-Marie", "O'Brien"),
        (" ANNE  marie ", "O\u2019BRIEN"),
        ("Dr. Anne\u2013Marie", "OBrien"),
    ):
        read = traits({"given_name": given_name, "family_name": family_name}).traits
        assert (read.given_name, read.family_name) == ("anne marie", "obrien")


@pytest.mark.parametrize(
    ("stated", "read"),
    [("Lopez, Maria", "maria lopez"), ("Mr. John Smith", "john smith"), ("John Smith, Jr.", "john smith jr"),
     ("Stra\u00dfe", "strasse"), ("\u0130pek \u00c7elik", "ipek \u00e7elik"),
     ("J. R. R. Tolkien", "j r r tolkien"), ("Dr", None), ("Mr.", None), ("Unknown Unknown", None), ("Test User", None),
     ("Dr. med. Hans Weber", "hans weber"),
     ("Señora María Gil", "maría gil"), ("Med Ali", "med ali"),
     ("Na", "na"), ("\u0939\u093f\u0928\u094d\u0926\u0940 Devi", "\u0939\u093f\u0928\u094d\u0926\u0940 devi"),
     ("Zo\u200c\u00eb", "zo\u00eb"), ("Smith, John, Esq", "smith john esq")],
)  # fmt: skip
def test_a_full_name_is_its_words_in_reading_order(stated: str, read: str | None) -> None:
    assert traits({"full_name": stated}).traits.full_name == read


@pytest.mark.parametrize(
    ("stated", "letter"),
    [("M", "m"), ("male", "m"), ("Hombre", "m"), ("F", "f"), ("weiblich", "f"), ("Kad\u0131n", "f"), ("X", "x"),
     ("non-binary", "x"), ("two-spirit", "two-spirit"), ("U", None), ("Unknown", None)],
)  # fmt: skip
def test_gender_is_a_letter_or_its_own_words(stated: str, letter: str | None) -> None:
    assert traits({"gender": stated}).traits.gender == letter


def test_an_address_is_comparable() -> None:
    stated = {
        "street": "12, Main St.",
        "city": " S\u00e3o  PAULO",
        "postal_code": "sw1a-1aa",
        "country": "GB",
        "region": "",
    }
    address = Address(street="12 main st", city="s\u00e3o paulo", postal_code="SW1A1AA", country="gb")
    assert traits(stated).traits.address == address
    assert traits({}).traits.address is None


@pytest.mark.parametrize(
    "stated", ["unknown", "N/A", "n.a.", "null", "NULL", "-", "--", "test", "none", "0", "???", "NA", "'null'"]
)
def test_a_placeholder_is_dropped_and_said(stated: str) -> None:
    for field in TRAIT_FIELDS:
        if field == "date_of_birth":
            continue
        assert list(traits({field: stated}).dropped) == [field]


@pytest.mark.parametrize(
    "stated",
    ["Valued Customer", "CUSTOMER", "Dear Customer", "Test User", "Guest 12", "Walk-in", "walk in customer",
     "Cash Sale", "First Name", "No Last Name", "FNU", "Baby Boy", "WIRELESS CALLER", "Unknown Caller",
     "Private Number", "test1", "Deleted User", "Not known", "Sin nombre", "ohne Name", "Kundin", "Cliente",
     "Neuer Kunde", "aaa", "zzzz",
     "Müşteri", "Гость", "ضيف", "客户", "未知"],
)  # fmt: skip
def test_a_name_for_whoever_it_is_is_dropped(stated: str) -> None:
    for field in ("given_name", "family_name", "full_name"):
        assert list(traits({field: stated}).dropped) == [field]


@pytest.mark.parametrize(
    "stated",
    ["Christopher Guest", "Johnny Cash", "James Last", "No Min-jun", "Jeff Gast", "Anna Kunde", "K. A.", "Baby Singh",
     "Julia Child", "Alice Private", "Kunde", "Aa", "X", "Dear Martin"],
)  # fmt: skip
def test_a_rare_name_is_none_of_these(stated: str) -> None:
    assert traits({"full_name": stated}).traits.full_name


def test_a_placeholder_date_is_dropped_and_a_bad_one_is_a_fault() -> None:
    assert list(traits({"date_of_birth": "1900-01-01"}).dropped) == ["date_of_birth"]
    assert list(traits({"date_of_birth": "unknown"}).dropped) == ["date_of_birth"]
    assert list(traits({"date_of_birth": "03/04/1990"}).faults) == ["date_of_birth"]
    assert traits({"date_of_birth": "03/04/1990"}, "%d/%m/%Y").traits.date_of_birth == "1990-04-03"


@given(st.dictionaries(st.sampled_from(TRAIT_FIELDS), st.text(st.characters(), max_size=30)))
def test_reading_traits_never_raises_and_is_stable(stated: dict[str, str]) -> None:
    once = traits(stated).traits
    again = {name: getattr(once, name) or "" for name in ("given_name", "family_name", "date_of_birth")}
    read = traits(again).traits
    assert (read.given_name, read.family_name) == (once.given_name, once.family_name)
