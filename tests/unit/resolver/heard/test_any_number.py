"""Whatever is typed or said as a telephone number is read exactly, or refused or doubted, and nothing breaks."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from vitograph.resolver.heard.hearing import hear
from vitograph.resolver.heard.phones import find_phones
from vitograph.resolver.heard.tokens import plain_words
from vitograph.resolver.heard.words import Recheck
from vitograph.resolver.values.normalize import identifier

E164 = re.compile(r"\+[1-9][0-9]{2,16}(;ext=[0-9]+)?", re.ASCII)
REGIONS = st.one_of(st.none(), st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS)))
BYTES = st.binary(max_size=40).map(lambda raw: raw.decode("utf-8", "surrogateescape"))
# What numbers are made of, and what looks like it: full-width and Arabic digits, no-break and bidirectional signs.
SIGNS = st.text("0123456789+()-. /;,#*xeEtT:ext=tel\u00a0\u202d\uff0b\uff11\u0663\u06f3\u2013\u200b\x00\n", max_size=40)

UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
TIMES = {2: "double", 3: "triple"}


@settings(deadline=None)
@given(st.one_of(BYTES, SIGNS), REGIONS)
@example("+1 415 555 0132 ext. 12", None)
@example("\ud800415", "US")
def test_any_text_is_a_number_in_its_one_form_or_refused(text: str, region: str | None) -> None:
    try:
        found = identifier("phone", text, region)
    except ValueError:
        return
    assert E164.fullmatch(found.value), found.value
    assert identifier("phone", found.value) == found
    assert identifier("phone", found.value, "DE") == found


@st.composite
def american(draw: st.DrawFn) -> str:
    """National digits of a number that may be in use."""
    digits = draw(st.from_regex(r"(212|305|415|512|617|702|803|917)[2-9][0-9]{6}", fullmatch=True))
    assume(phonenumbers.is_valid_number(phonenumbers.parse(digits, "US")))
    assume(len(set(digits)) > 3)  # fewer are placeholders
    return digits


@st.composite
def spoken(draw: st.DrawFn, digits: str) -> str:
    """The digits as somebody may say them, each word of it exact."""
    words: list[str] = []
    place = 0
    while place < len(digits):
        word, length = draw(st.sampled_from(list(ways(digits, place))))
        words.append(word)
        place += length
    between = draw(st.sampled_from([" ", ", ", " - ", " um ", " uh, "]))
    return between.join(words)


def ways(digits: str, place: int) -> list[tuple[str, int]]:
    """The next words, and how many digits they are."""
    first, second, following = digits[place], digits[place + 1 : place + 2], digits[place + 2 : place + 3]
    found = [(UNITS[int(first)], 1), (first, 1)]
    if first == "0" and place:
        found.append(("oh", 1))
    for n, times in TIMES.items():
        if digits[place : place + n] == first * n:
            found.append((f"{times} {UNITS[int(first)]}", n))
    if second and first == "1":
        found.append((TEENS[int(second)], 2))
    if second and first in "23456789" and second != "0":
        found.append((f"{TENS[int(first)]} {UNITS[int(second)]}", 2))
    if following:
        found.append((digits[place : place + 3], 3))
    return found


@settings(deadline=None)
@given(st.data(), american())
def test_a_number_that_was_said_is_exact_or_for_review(data: st.DataObject, digits: str) -> None:
    said = data.draw(spoken(digits))
    found = find_phones(plain_words(f"my phone number is {said}."), [], "US")
    assert found, said
    assert all(one.value == f"+1{digits}" or not one.is_clear for one in found), (said, found)


@settings(deadline=None)
@given(st.data(), american())
def test_a_number_with_a_slip_is_never_clear_and_wrong(data: st.DataObject, digits: str) -> None:
    """A digit left out, or something between the digits: whatever is not that very number is for review."""
    place = data.draw(st.integers(1, len(digits) - 1))
    words = [UNITS[int(digit)] for digit in digits]
    if data.draw(st.booleans()):
        words[place] = data.draw(st.sampled_from(["", "to", "for", "won", "tree", "hmm", "sorry"]))
    else:
        slips = ["to", "for", "ate", "tree", "sorry", "double", "plus", "no wait", "twenty", "hundred", "5"]
        words.insert(place, data.draw(st.sampled_from(slips)))
    found = find_phones(plain_words(f"call me at {' '.join(words)}"), [], "US")
    assert all(one.value == f"+1{digits}" or not one.is_clear for one in found), (words, found)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("030 901820, one more thing, I accept the offer.", None),
        ("030 901820. One more thing.", "+4930901820"),
        ("030 901820. Four weeks ago I got your letter.", "+4930901820"),
        ("030 901820. 2 of us want it.", "+4930901820"),
        ("030 9018. And then 20.", None),
        ("oh three oh nine oh one eight twenty and two of us want it.", None),
        ("oh eight nine, seven hundred and five, sixty-one, eleven.", None),
        ("oh eight nine, seven hundred five, sixty-one, eleven.", None),
        ("zero six six four, two thousand five, seven eight nine.", None),
        ("oh eight nine, seven hundred, five six, eleven.", "+49897005611"),
    ],
)
def test_where_numbers_may_be_longer_what_follows_is_no_part_of_it_or_it_is_for_review(
    said: str, value: str | None
) -> None:
    words = plain_words(f"My number is {said}")
    found = find_phones(words, [Recheck(0.0, words[-1].end, f"My number is {said}")], "DE")
    assert [one.value for one in found if one.is_clear] == ([] if value is None else [value]), found


OTHERS = [
    "double",
    "triple",
    "plus",
    "oh",
    "o",
    "ate",
    "hundred",
    "thousand",
    "to",
    "number",
    "my",
    "is",
    "sorry",
    "at",
]
VOCABULARY = [*UNITS, *TEENS, *TENS[2:], *OTHERS, "-", "+", "five-five", "+49", "0"]
HEARD = st.one_of(
    st.lists(st.sampled_from(VOCABULARY), max_size=30),
    st.text(max_size=60).map(str.split),
    st.binary(max_size=60).map(lambda raw: raw.decode("utf-8", "replace").split()),
)


@settings(deadline=None)
@given(HEARD, st.sampled_from([None, "US", "DE"]))
@pytest.mark.filterwarnings("error")
def test_any_words_are_heard_and_what_is_clear_is_a_number(words: list[str], region: str | None) -> None:
    heard = hear(plain_words(" ".join(words)), [], [], region)
    for one in (piece for piece in heard.stated if piece.kind == "phone" and piece.is_clear):
        assert one.value is not None
        assert phonenumbers.is_valid_number(phonenumbers.parse(one.value, None))
