"""Birth dates from speech: "the second of March nineteen ninety"."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from vitograph.resolver.heard.digits import spoken_digits
from vitograph.resolver.heard.stated import Stated, stated
from vitograph.resolver.heard.whose import ANOTHERS, CORRECTED, is_anothers, is_corrected
from vitograph.resolver.heard.words import Word, core_of, vocabulary
from vitograph.resolver.values.dates import PlaceholderDate, parse_date

SURE = 0.4
LONGEST = 9  # words of a date

_SAYS = r"(?:born(?: on)?|birthday is|date of birth(?: is)?|birth date(?: is)?|dob(?: is)?)(?: the)? ?$"
_CUE = re.compile(rf"\b{_SAYS}")
_OWN = re.compile(
    rf"(?:^(?:(?:and|so|yes|well|okay|sure|um|uh|it's|it is) )*|\bmy (?:own |full )?|\b(?:i (?:was|am|got)|i'm) |"
    rf"\bmy name(?: is|'s)(?: \S+){{1,3}}? (?:and )?){_SAYS}"
)
"""Theirs, or nobody's at the beginning of a sentence. "The date of birth" may be anybody's."""
_ORDINALS = {
    word: number
    for number, word in enumerate(
        vocabulary("""
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
"""),
        start=1,
    )
} | {"thirtieth": 30}
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
_MONTHS = frozenset(
    vocabulary("""
    january february march april may june july august september october november december
""")
)


def find_birth_dates(words: Sequence[Word], today: dt.date | None = None) -> list[Stated]:
    """The birth dates that were stated; one that can be read in two ways is doubtful and has no value."""
    found: list[Stated] = []
    cores = [core_of(word.text) for word in words]
    for place in range(1, len(words)):
        begins = _CUE.search(" ".join(cores[:place][-6:])) and not _CUE.search(" ".join(cores[: place + 1][-6:]))
        if begins and (one := _read(words, place, today)):
            found.append(one)
    if len({one.value for one in found}) > 1:
        return [one.doubted("the customer gave different dates") for one in found]
    return found[:1]


def _read(words: Sequence[Word], place: int, today: dt.date | None) -> Stated | None:
    """The longest date that begins at a word."""
    own = words[place : place + LONGEST]
    texts = [core_of(word.text) for word in own]
    if not any(text in _MONTHS or any(c.isdigit() for c in text) for text in texts):
        return None
    why = "it is no date"
    for length in range(len(own), 0, -1):
        try:
            value = parse_date(written(texts[:length]), today=today)
        except PlaceholderDate:
            return None
        except ValueError as error:
            why = str(error) if length == len(own) or "more than one" in str(error) else why
            continue
        one = stated("date_of_birth", value, own[:length])
        one = one if one.confidence >= SURE else one.doubted("it was not heard clearly")
        return one.doubted(*_doubts(words, place, place + length - 1))
    return stated("date_of_birth", None, own, [why.partition(";")[0]])


def _doubts(words: Sequence[Word], first: int, last: int) -> list[str]:
    """Whether it is said to be another's, or is corrected."""
    begins = next((place + 1 for place in range(first - 1, -1, -1) if words[place].text.endswith((".", "?", "!"))), 0)
    begun = " ".join(core_of(word.text) for word in words[begins:first])
    doubts = [] if _OWN.search(begun) and not is_anothers(words, first) else [ANOTHERS]
    return [*doubts, CORRECTED] if is_corrected(words, first, last) else doubts


def written(texts: Sequence[str]) -> str:
    """Spoken parts of a date as figures: `second of march nineteen ninety` → `2 of march 1990`."""
    parts: list[str] = []
    place = 0
    while place < len(texts):
        year, taken = _year(texts, place)
        if taken:
            parts.append(year)
            place += taken
            continue
        text, following = texts[place], texts[place + 1] if place + 1 < len(texts) else ""
        tens, _, unit = text.partition("-")
        if tens in ("twenty", "thirty") and (unit or following) in _ORDINALS:
            parts.append(str(_TENS[tens] + _ORDINALS[unit or following]))
            place += 1 if unit else 2
            continue
        parts.append(str(_ORDINALS[text]) if text in _ORDINALS else spoken_digits(text) or text)
        if not re.search(r"[a-z]", text) and "/" in text:
            parts[-1] = text
        place += 1
    return " ".join(part for part in parts if part not in ("the", "of"))


def _year(texts: Sequence[str], place: int) -> tuple[str, int]:
    """`nineteen ninety`, `nineteen eighty five`, `nineteen oh four`, `two thousand and four`; and its words."""
    first = texts[place]
    rest = list(texts[place + 1 : place + 4])
    if first in ("nineteen", "twenty") and rest:
        century = 1900 if first == "nineteen" else 2000
        if rest[0] == "oh" and len(rest) > 1 and (digit := spoken_digits(rest[1])):
            return str(century + int(digit)), 3
        tens, _, unit = rest[0].partition("-")
        if tens in _TENS:
            unit_word = unit or (rest[1] if len(rest) > 1 else "")
            digit = spoken_digits(unit_word) if unit_word.isalpha() else None
            is_unit = digit is not None and len(digit) == 1 and digit != "0"
            return str(century + _TENS[tens] + (int(digit) if is_unit and digit else 0)), 2 + (is_unit and not unit)
        if first == "nineteen" and (digits := spoken_digits(rest[0])) and len(digits) == 2:
            return str(century + int(digits)), 2
    if texts[place : place + 2] == ["two", "thousand"]:
        after = [text for text in texts[place + 2 : place + 4] if text != "and"]
        digits = spoken_digits(after[0]) if after else None
        skipped = 1 if "and" in texts[place + 2 : place + 3] else 0
        return (str(2000 + int(digits)), 3 + skipped) if digits and len(digits) <= 2 else ("2000", 2)
    return "", 0
