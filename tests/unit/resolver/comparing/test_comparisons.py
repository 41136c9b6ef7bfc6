"""The level at which two values stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.comparing.addresses import PLACE_ONLY, REGION_ONLY, SENTENCES, WITH_STREET, address_level
from vitograph.resolver.comparing.comparisons import LADDERS, level_of
from vitograph.resolver.model import Address
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.values.full_names import parse_full_name


@pytest.mark.parametrize(
    ("ladder", "a", "b", "level"),
    [
        ("given_name", "maria", "Maria", "equal"),
        ("given_name", "m", "maria", "initial"),
        ("given_name", "katherine", "catherine", "spelling"),
        ("given_name", "bob j", "robert", "nickname"),
        ("given_name", "cristopher", "christopher", "spelling"),
        ("given_name", "mraia", "maria", "typo"),
        ("given_name", "anna maria", "maria", "part"),
        ("given_name", "anna", "hanna", "apart"),
        ("given_name", "maria", "mario", "apart"),
        ("given_name", "tyl", "tyler", "beginning"),
        ("given_name", "peter", "susanne", "different"),
        # Of these letters Latin ones tell a part: what sounds alike, or has the same consonants, is not equal.
        ("given_name", "李伟", "黎薇", "close"),
        ("family_name", "李", "黎", "close"),
        ("given_name", "李伟", "Li Wei", "equal"),
        ("given_name", "سعاد", "سعد", "close"),
        ("given_name", "أحمد", "احمد", "equal"),
        ("given_name", "عمر خالد", "خالد", "close"),
        ("given_name", "ع", "أ", "different"),
        ("given_name", "محمد علي", "محمد", "part"),
        ("given_name", "---", "???", "different"),
        ("given_name", "Иван", "Ivan", "equal"),
        ("family_name", "pries t", "priest", "equal"),
        ("family_name", "schmidt", "schmitt", "spelling"),
        ("family_name", "miller", "mliler", "typo"),
        ("family_name", "smith-jones", "jones", "part"),
        ("generation", "junior", "senior", "other"),
        ("generation", "junior", "junior", "equal"),
        ("generation", "junior", "", "different"),
        ("given_name", "morris i", "morris", "part"),
        ("given_name", "john andrew", "john a", "part"),
        ("given_name", "john a", "john b", "middle"),
        ("given_name", "anna maria", "anna lena", "middle"),
        ("given_name", "kayla", "kay", "beginning"),
        ("given_name", "jana", "jan", "apart"),
        ("given_name", "daniel", "danielle", "apart"),
        ("given_name", "victor", "victoria", "apart"),
        ("given_name", "leon", "leonie", "apart"),
        ("given_name", "philip", "philippa", "apart"),
        ("given_name", "jose maria", "maria jose", "loose"),
        ("given_name", "maria maria", "ana maria", "different"),
        ("given_name", "mari del carmen", "maria del pilar", "middle"),
        ("given_name", "anna maria luisa", "anna maria elena", "middle"),
        ("given_name", "maria del carmen", "maria carmen", "part"),
        ("given_name", "jack", "jacqueline", "different"),
        ("given_name", "margarita", "megan", "different"),
        ("given_name", "abdullah", "abdul rahman", "close"),
        ("given_name", "hùng", "hưng", "close"),
        ("given_name", "hồng", "hổng", "close"),
        ("given_name", "hùng", "hung", "equal"),
        ("given_name", "josé", "josè", "equal"),
        ("given_name", "محمد", "mohammed", "spelling"),
        ("given_name", "فاطمة", "fatima", "spelling"),
        ("family_name", "garcia lopez", "lopez garcia", "part"),
        ("family_name", "garcia garcia", "lopez garcia", "different"),
        ("family_name", "weber", "schmidt", "different"),
        ("birth_date", "1980-05-17", "1980-05-17", "equal"),
        ("birth_date", "1980-05-07", "1980-07-05", "swapped"),
        ("birth_date", "1980-05-17", "1980-05-71", "typo"),
        ("birth_date", "1880-05-17", "1980-05-17", "typo"),
        ("birth_date", "1960-01-01", "1990-01-01", "two_parts"),
        ("birth_date", "1980-05-17", "1980-05-25", "two_parts"),
        ("birth_date", "1980-05-30", "1980-06-02", "month"),
        ("birth_date", "1980-05-17", "1991-11-02", "different"),
        # An error makes another person's address of a short one, and a role is no person's.
        ("email", "tom@gmail.com", "kim@gmail.com", "different"),
        ("email", "ana@gmx.de", "eva@gmx.de", "different"),
        ("email", "info@abc.com", "info@abd.com", "different"),
        ("email", "lopez@gmx.de", "lopes@gmx.de", "typo"),
        ("email", "jo@gmail.com", "jo@gmial.com", "typo"),
        ("email", "m.s+shop@gmail.com", "ms@googlemail.com", "mailbox"),
        ("email", "maria.schmidt@example.com", "maria.schmitd@example.com", "typo"),
        ("email", "maria.schmidt1@example.com", "maria.schmidt2@example.com", "numbered"),
        ("email", "derya.95@example.com", "derya.51@example.net", "numbered"),
        ("email", "maria.schmidt@example.com", "mara.schmid@example.net", "close"),
        ("email", "maria.schmidt@example.com", "maria.schmidt@provider.net", "local"),
        ("email", "info@example.com", "info@another.net", "different"),
        ("email", "ventas@example.com", "ventas@another.net", "different"),
        ("email", "no-reply@example.com", "noreply@another.net", "different"),
        ("phone", "+49301234567", "+49301243567", "typo"),
        ("phone", "+49301234567", "01234567", "typo"),
        ("phone", "+49301234567", "+49301234568", "neighbour"),
    ],
)
def test_levels(ladder: str, a: str, b: str, level: str) -> None:
    assert level_of(ladder, a, b) == level_of(ladder, b, a) == level


WORDS = ("maria", "jose", "m", "garcia", "lopez", "del", "hùng", "hưng", "jo")
NAMES = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)


@given(NAMES, NAMES)
def test_the_level_of_names_asks_not_which_comes_first(a: str, b: str) -> None:
    for ladder in ("given_name", "family_name"):
        assert level_of(ladder, a, b) == level_of(ladder, b, a)


@pytest.mark.parametrize(
    ("a", "b", "level"),
    [
        (Address("5 Main Street", "berlin"), Address("5 main st.", "berlin"), "equal"),
        (Address("5 main street", "berlin"), Address("5 mian street", "berlni"), "typo"),
        (Address("5 main street", "berlin"), Address("71 main street", "berlin"), "street"),
        (Address("100 tower road apt 3b"), Address("100 tower road apt 17c"), "street"),
        (Address("12 main road unit 4"), Address("21 main road unit 4"), "typo"),
        (Address("5 main street", postal_code="90210"), Address("5 main street", postal_code="90210-1234"), "equal"),
        (Address("5 main street", "berlin"), Address("5 main street", "hamburg"), "street_elsewhere"),
        (Address("5 main street", postal_code="1000"), Address("9 high road", postal_code="1000"), "postal"),
        (Address("5 main street", "berlin"), Address("9 high road", "berlin"), "town"),
        (Address("5 main street", "berlin"), Address("9 high road", "köln"), "different"),
        (Address(None, "berlin"), Address("9 high road", "berlin"), "town_only"),
        (Address(None, "london"), Address(None, "lonodn"), "place_typo"),
        (Address(region="nsw"), Address(region="vic"), "region_differs"),
        (Address("5 main street"), Address(region="vic"), "none"),
    ],
)
def test_address_levels(a: Address, b: Address, level: str) -> None:
    assert address_level(a, b) == address_level(b, a) == level


def test_every_level_has_parameters_and_a_sentence(model: Model) -> None:
    for name, ladder in LADDERS.items():
        levels = set(ladder.names) - ({"equal"} if name in ("email", "phone") else set())
        assert levels <= set(model.comparisons[name].levels)
        assert all(ladder.sentence(level).endswith(".") for level in (*ladder.names, "none"))
    for comparison, levels_of in {"address": WITH_STREET, "place": PLACE_ONLY, "region": REGION_ONLY}.items():
        assert set(levels_of) == set(model.comparisons[comparison].levels)
        assert set(levels_of) <= set(SENTENCES)


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("maria schmidt", ("maria", "schmidt")),
        ("schmidt, maria luisa", ("maria luisa", "schmidt")),
        ("ludwig van beethoven", ("ludwig", "van beethoven")),
        ("boris de pfeffel johnson", ("boris de pfeffel", "johnson")),
        ("john smith jr", ("john", "smith jr")),
        ("john smith iii", ("john", "smith iii")),
        ("maria lopez phd", ("maria", "lopez")),
        ("carlos silva filho", ("carlos", "silva filho")),
        ("hans müller der jüngere", ("hans", "müller der jüngere")),
        ("neymar junior", ("neymar", "junior")),
    ],
)
def test_a_full_name_is_parsed(full: str, parts: tuple[str, str]) -> None:
    assert parse_full_name(full) == (parts,)


def test_a_single_word_may_be_either_name() -> None:
    assert parse_full_name("cher") == (("cher", ""), ("", "cher"))
    assert parse_full_name("") == ()
