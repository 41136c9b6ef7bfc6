"""Telephone numbers from speech: exact, or doubtful and for a specialist to read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import phonenumbers

from vitograph.resolver.heard.digits import Run, runs, unhyphenated
from vitograph.resolver.heard.stated import Stated, heard_again, stated
from vitograph.resolver.heard.tokens import plain_words
from vitograph.resolver.heard.whose import ANOTHERS, LASTING, doubts_around
from vitograph.resolver.heard.words import Recheck, Word, vocabulary
from vitograph.resolver.model import IdentifierKind
from vitograph.resolver.values.denylist import is_placeholder

LEAST = 5  # digits of what may be a mangled number
SURE = 0.5  # probability of the least sure digit of a number that was heard once
SURE_TWICE = 0.25  # and of one that was heard twice, or said twice

_CUES = frozenset(
    vocabulary("""
    number phone telephone cell cellphone mobile call reach ring text contact whatsapp landline line handy
""")
)
_OTHER = frozenset(
    vocabulary("""
    account order invoice policy reference customer card credit zip postal post pin case ticket tracking
    passport license licence social security iban born birth birthday year dated euros dollars pounds percent
    bill booking confirmation contract meter serial member membership id street apartment flat version
""")
)
EXTENDED = "it may be a fax or have an extension"
_EXTENDS = frozenset(vocabulary("ext extension fax"))
_NOT_TO_ME = re.compile(r"\b(?:called|rang|reached|texted|phoned)\b|\b(?:call|ring|reach|text) (?!me\b|us\b|back\b)")
_BEGINS = re.compile(
    r"\b(?:my (?:(?:phone|mobile|cell|telephone|new) )?(?:number|phone|mobile|cell)(?: number)?(?: is|'s)|"
    r"(?:call|reach|ring|phone|text) me (?:back )?(?:at|on))$"
)
_NUMBER = (
    r"(?:(?:new|own|current|private|personal|home|work|office|direct|mobile|cell|phone|telephone|contact|daytime|business|"
    r"main|best|usual) )*(?:number|phone|telephone|cell|cellphone|mobile|landline|line|handy|whatsapp)(?: number)?"
)
_OWN = re.compile(
    rf"\b(?:(?:my|our) {_NUMBER}(?: is|'s)|number (?:to|where you can) (?:call|reach) (?:me|us)(?: (?:at|on))? is|"
    r"(?:call|reach|ring|phone|text|contact|get|whatsapp|find) (?:me|us)\b(?: \S+){0,5} (?:at|on|under))"
    r"(?: (?:uh|um|er|erm|area|code|at|on))*$"
)
_OWN_BEHIND = re.compile(rf"^(?:and )?(?:is|that's|that is|it's|it is|this is|which is) (?:my|our) {_NUMBER}\b")
"""What says that it is the customer's own. A number, a phone, a call alone may be anybody's."""

MOST_WORDS = 14  # words of a number that is spoken digit by digit, and one more
BETWEEN, SCATTERED = 4, 9  # words between figures of one number, and how many of these make one likely
FIGURES = 4  # digits among them that make a number likely
_BEFORE, _AFTER = 9, 6  # words around a number that say what it is


def find_phones(words: Sequence[Word], rechecks: Sequence[Recheck], region: str | None) -> list[Stated]:
    """Every telephone number that was stated, once; two that differ, or one that was corrected, are all doubtful."""
    words = unhyphenated(words)
    found = [one for run in runs(words) if (one := _read(run, words, rechecks, region))]
    if not found:
        return _unread(words) or _heard_only_again(words, rechecks)
    values = {one.value for one in found}
    if len(found) > 1 and len(values) == 1 and None not in values:
        return [_said_twice(found)]
    if len(found) > 1:
        return [one.doubted("the customer said different numbers") for one in found]
    return found


def _read(run: Run, words: Sequence[Word], rechecks: Sequence[Recheck], region: str | None) -> Stated | None:
    """The number of a run of digits; None when it is another kind of number."""
    before = [_core(word) for word in words[max(0, run.first - _BEFORE) : run.first]]
    after = [_core(word) for word in words[run.last + 1 : run.last + 1 + _AFTER]]
    cue = next((word for word in reversed(before) if word in _CUES or word in _OTHER), None)
    is_other = cue in _OTHER or (cue == "number" and bool(_OTHER & set(_near(before, "number"))))
    is_phone = (
        run.plus or (cue is not None and not is_other) or bool({"number", "phone", "mobile", "cell"} & set(after))
    )
    may_be_other = is_other and bool((_CUES - {"number"}).intersection(before)) and len(run.digits) >= 7
    if (is_other and not (run.plus or may_be_other)) or len(run.digits) < (LEAST if is_phone else 7):
        return None
    own = words[run.first : run.last + 1]
    digits, repeated = _halved(run.digits)
    value, doubts = _value(digits, run.plus, region)
    doubts += run.doubts
    if not is_phone:
        doubts.append("nothing says that it is a telephone number")
    elif not (_OWN.search(" ".join(before)) or _OWN_BEHIND.search(" ".join(after))):
        doubts.append("nothing says that it is the customer's telephone number")
    if _EXTENDS & set(before[-4:] + after[:4]):
        doubts.append(EXTENDED)
    if _NOT_TO_ME.search(" ".join(before)):
        doubts.append(ANOTHERS)
    doubts += doubts_around(words, run.first, run.last)
    return _judged(stated("phone", value, own, doubts), own, rechecks, region, repeated)


def _unread(words: Sequence[Word]) -> list[Stated]:
    """Where customers begin to say their number, and what follows holds figures and is none."""
    cores = [_core(word) for word in words]
    for place in range(len(cores) - 1):
        if not _BEGINS.search(" ".join(cores[max(0, place - 3) : place + 1])):
            continue
        own = words[place + 1 : place + 1 + MOST_WORDS]
        digits = sum(len(run.digits) for run in runs(own))
        if digits >= FIGURES:
            return [stated("phone", None, own, ["it could not be read"])]
    return _scattered(words, cores)


def _scattered(words: Sequence[Word], cores: Sequence[str]) -> list[Stated]:
    """Figures with a few words between them ("oh seven, let me see, seven double oh") that may be one number."""
    first, last, digits = 0, -MOST_WORDS, 0
    for run in runs(words):
        if run.first - last > BETWEEN:
            first, digits = run.first, 0
        last, digits = run.last, digits + len(run.digits)
        if digits >= SCATTERED and not _OTHER & set(cores[max(0, first - _BEFORE) : last + 1]):
            return [stated("phone", None, words[first : last + 1], ["it could not be read"])]
    return []


def _heard_only_again(words: Sequence[Word], rechecks: Sequence[Recheck]) -> list[Stated]:
    """A passage that held hardly a figure, and a row of them when it was heard a second time."""
    for again in rechecks:
        own = [word for word in words if again.start - 0.05 <= word.start and word.end <= again.end + 0.05]
        if own and _most_digits(own) < FIGURES and _most_digits(plain_words(again.text)) >= LEAST:
            return [stated("phone", None, own, ["heard again, it was a row of figures"])]
    return []


def _most_digits(words: Sequence[Word]) -> int:
    return max((len(run.digits) for run in runs(words)), default=0)


def _judged(
    one: Stated, own: Sequence[Word], rechecks: Sequence[Recheck], region: str | None, repeated: bool
) -> Stated:
    """Doubted by what a second hearing says, and by the model's own uncertainty."""
    if one.value is None:
        return one
    again = heard_again(own, rechecks)
    agrees = any(one.value in _values(text, region) for text in again)
    doubts = []
    if again and not agrees:
        doubts.append("heard again, it was another number")
    if min(word.probability for word in own) < (SURE_TWICE if agrees or repeated else SURE):
        doubts.append("a digit was not heard clearly")
    if not (agrees or repeated) and _has_neighbours(one.value):
        doubts.append("a number with a digit more or less would be one too")
    return one.doubted(*doubts)


def _value(digits: str, plus: bool, region: str | None) -> tuple[str | None, list[str]]:
    """E.164, and what speaks against it; None when it is no number."""
    if not plus and region is None:
        return None, ["it names no country"]
    try:
        number = phonenumbers.parse(f"+{digits}" if plus else digits, None if plus else region)
    except phonenumbers.NumberParseException:
        return None, ["it is no telephone number"]
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not phonenumbers.is_possible_number(number):
        return None, ["it has too few or too many digits"]
    if not phonenumbers.is_valid_number(number):
        return value, ["no such number is in use in its country"]
    return value, ["it is a placeholder"] if is_placeholder(IdentifierKind.PHONE, value) else []


def _values(text: str, region: str | None) -> set[str]:
    """Every number in what was heard a second time."""
    found = set()
    for run in runs(plain_words(text)):
        for digits in {run.digits, _halved(run.digits)[0]}:
            value, doubts = _value(digits, run.plus, region)
            if value is not None and not doubts:
                found.add(value)
    return found


def _has_neighbours(value: str) -> bool:
    """Whether a dropped or an added digit would go unnoticed."""
    others = (value[:-1], f"{value}1")
    return any(phonenumbers.is_valid_number(phonenumbers.parse(other, None)) for other in others)


def _halved(digits: str) -> tuple[str, bool]:
    """A number said twice in one breath."""
    half = len(digits) // 2
    return (digits[:half], True) if half >= 7 and digits[:half] == digits[half:] else (digits, False)


def _said_twice(found: Sequence[Stated]) -> Stated:
    """Two readings of one number. What both doubt stays, and whose it is; that it was heard once does not."""
    lone = {"a digit was not heard clearly", "a number with a digit more or less would be one too"}
    shared = set.intersection(*(set(one.doubts) for one in found)) - lone
    serious = {doubt for one in found for doubt in one.doubts} & (LASTING | {EXTENDED})
    best = max(found, key=lambda one: one.confidence)
    return Stated(best.kind, best.value, max(one.confidence for one in found), (), best.said).doubted(
        *sorted(shared | serious)
    )


def _near(before: Sequence[str], word: str) -> Sequence[str]:
    """The two words in front of the last `word`."""
    place = len(before) - 1 - list(reversed(before)).index(word)
    return before[max(0, place - 2) : place]


def _core(word: Word) -> str:
    return re.sub(r"[^\w']", "", word.text.casefold())
