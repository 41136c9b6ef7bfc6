"""No sieve says no to two values that a ladder finds alike: what it lets through too often costs time, no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from benchmarks.names import CULTURES, TWINS
from tests.strategies import DATES, FAMILY, GIVEN, KEYS, STREETS
from vitograph.resolver.columnar.dates import Dates
from vitograph.resolver.columnar.field_rows import letters
from vitograph.resolver.columnar.levels import Sieve
from vitograph.resolver.columnar.name_levels import NameJudge
from vitograph.resolver.columnar.shapes import Shapes
from vitograph.resolver.columnar.sieves import EmailSieve, PhoneSieve, Spelling
from vitograph.resolver.columnar.words import Forms, NameSieve
from vitograph.resolver.comparing.addresses import codes_agree, words_agree
from vitograph.resolver.comparing.comparisons import BIRTH_DATE, FAMILY_NAME, GIVEN_NAME, level_of
from vitograph.resolver.comparing.ladder import CLOSE, Ladder
from vitograph.resolver.values.known_names import KNOWN_NAMES

LETTERS = "abcehimnorst -'é"
words = st.lists(st.text(LETTERS, max_size=9), min_size=2, max_size=12)


def misspelt(word: str, random: Random) -> str:
    """The word with a letter lost, doubled, replaced or swapped."""
    if not word:
        return word
    place = random.randrange(len(word))
    head, letter, tail = word[:place], word[place], word[place + 1 :]
    return random.choice(
        (
            head + tail,
            head + letter * 2 + tail,
            head + random.choice("aeimnrst") + tail,
            head + tail[:1] + letter + tail[1:],
        )
    )


def real_names() -> list[str]:
    """Names of several cultures, as they are, misspelt, doubled and cut off."""
    random = Random(7)
    known = sorted({name for culture in CULTURES for names in culture.given.values() for name in names})
    known += sorted({name for culture in CULTURES for name in culture.family})
    known += [name for pairs in TWINS.values() for pair in pairs for name in pair] + [*GIVEN, *FAMILY]
    known += random.sample(sorted(KNOWN_NAMES), 150)
    known = [name.casefold() for name in known]
    wrong = [misspelt(name, random) for name in known]
    several = [f"{random.choice(known)} {random.choice(known)}" for _ in range(60)]
    return random.sample([*known, *wrong, *several, *(name[:3] for name in known[:60])], 420)


def missed(sieve: Sieve, values: Sequence[str], agree: Callable[[str, str], bool]) -> list[tuple[str, str]]:
    """Pairs that agree and that the sieve lets fall, at either stage."""
    codes = np.array(list(product(range(len(values)), repeat=2)), np.int64).reshape(-1, 2)
    left, right = codes[codes[:, 0] != codes[:, 1]].T
    through = sieve.may_agree(left, right) & sieve.agree(left, right)
    fallen = zip(left[~through].tolist(), right[~through].tolist(), strict=True)
    return [(values[a], values[b]) for a, b in fallen if agree(values[a], values[b])]


def unlike(ladder: str) -> Callable[[str, str], bool]:
    return lambda a, b: level_of(ladder, a, b) != "different"


@pytest.mark.parametrize("ladder", ["given_name", "family_name"])
def test_no_two_real_names_fall_through_that_are_alike(ladder: str) -> None:
    names = real_names()
    assert missed(NameSieve(Forms.of(names)), names, unlike(ladder)) == []


@given(words)
@settings(max_examples=150, deadline=None)
def test_no_two_words_fall_through_that_are_alike(drawn: list[str]) -> None:
    sieve = NameSieve(Forms.of(drawn))
    assert missed(sieve, drawn, unlike("given_name")) == []
    assert missed(sieve, drawn, unlike("family_name")) == []


@pytest.mark.parametrize("ladder", [GIVEN_NAME, FAMILY_NAME], ids=lambda ladder: str(ladder.name))
@given(drawn=words)
@settings(max_examples=100, deadline=None)
def test_names_stand_at_the_levels_of_the_ladder(ladder: Ladder, drawn: list[str]) -> None:
    """Drawn words, and real names that resemble each other."""
    names = list(dict.fromkeys([*drawn, *ALIKE]))
    judge = NameJudge(ladder, names, Forms.of(names))
    left, right = np.array(list(product(range(len(names)), repeat=2)), np.int64).T
    for level, a, b in zip(judge(left, right).tolist(), left.tolist(), right.tolist(), strict=True):
        assert ladder.names[level] == ladder.level(names[a], names[b]), (names[a], names[b])


ALIKE = (
    *("jan", "jana", "ian", "emil", "emily", "paul", "pauline", "bob", "robert", "rob", "m", "maria", "mario", "marai"),
    *("maria luisa", "lopez", "lopes", "lopez garcia", "meier", "mayer", "schmidt", "schmitd", "katherine", "---", ""),
    *("李伟", "黎薇", "li wei", "سعاد", "سعد", "عمر خالد", "خالد", "ع", "???"),
)
LOCALS = ("maria", "m.aria", "maria+shop", "mariaa", "info", "maria.s", "s.maria", "x", "mar1a12", "maria21", "hello")
HOSTS = ("example.com", "exampel.com", "gmail.com", "googlemail.com", "mail.example.org", "e.co")


@given(
    st.lists(
        st.builds("{}@{}".format, st.sampled_from(LOCALS) | st.text("abimr.1", min_size=1), st.sampled_from(HOSTS))
    )
)
@settings(max_examples=100, deadline=None)
def test_no_two_addresses_fall_through_that_are_alike(addresses: list[str]) -> None:
    assert missed(EmailSieve.of(addresses), addresses, unlike("email")) == []


@given(
    st.lists(
        st.builds("{}{}".format, st.sampled_from(("+", "", "+49", "0", "00")), st.text("0123", max_size=10)),
        max_size=12,
    )
)
@settings(max_examples=150, deadline=None)
def test_no_two_numbers_fall_through_that_are_alike(numbers: list[str]) -> None:
    assert missed(PhoneSieve.of(numbers), numbers, unlike("phone")) == []


@given(words)
@settings(max_examples=100, deadline=None)
def test_no_two_places_fall_through_that_are_alike(towns: list[str]) -> None:
    sieve = Spelling.of([letters(town) for town in towns], 2, CLOSE)
    assert missed(sieve, towns, lambda a, b: words_agree(a, b) > 0) == []
    codes = [town.replace("-", " ") for town in towns]
    assert (
        missed(Spelling.of([code.replace(" ", "") for code in codes], 1), codes, lambda a, b: codes_agree(a, b) > 0)
        == []
    )


@given(st.text(LETTERS, max_size=12), st.text(LETTERS, max_size=12))
@settings(max_examples=400, deadline=None)
def test_a_shape_never_denies_what_the_strings_say(a: str, b: str) -> None:
    shapes, left, right = Shapes.of([a, b]), np.array([0]), np.array([1])
    for edits in (0, 1, 2):
        assert shapes.within_edits(left, right, edits)[0] or OSA.distance(a, b) > edits
    for least in (0.8, 0.88):
        assert shapes.resemble(left, right, least)[0] or JaroWinkler.similarity(a, b) < least
    assert shapes.begins(left, right)[0] or not (a.startswith(b) or b.startswith(a))


days = st.dates().map(lambda day: day.isoformat())


@given(
    st.lists(
        days | st.sampled_from(DATES) | st.sampled_from(STREETS[:-1]) | st.text("0123456789-", max_size=10),
        max_size=8,
        unique=True,
    )
)
@settings(max_examples=300, deadline=None)
def test_dates_stand_at_the_levels_of_the_ladder(values: list[str]) -> None:
    places = np.array(list(product(range(len(values)), repeat=2)), np.int64).reshape(-1, 2).T
    found = Dates.of(values).levels(*places)
    for level, a, b in zip(found.tolist(), *places.tolist(), strict=True):
        assert BIRTH_DATE.names[level] == level_of("birth_date", values[a], values[b])


def test_the_keys_of_the_strategies_are_of_all_kinds() -> None:
    assert {key.partition(":")[0] for key in KEYS} == {"email", "phone", "cookie", "session", "user_id"}
