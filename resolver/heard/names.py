"""Names that customers give: "my name is Maria Lopez", "this is Peter Holm speaking"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from vitograph.resolver.heard.stated import Stated, stated
from vitograph.resolver.heard.whose import CORRECTED, is_corrected
from vitograph.resolver.heard.words import PUNCTUATION, Word, core_of, vocabulary
from vitograph.resolver.values.known_names import KNOWN_NAMES
from vitograph.resolver.values.names import fold
from vitograph.resolver.values.titles import TITLES

SURE = 0.5
MOST = 3  # words of a name

_LEADS = (
    ("my", "name", "is"),
    ("my", "name's"),
    ("i", "am", "called"),
    ("i'm", "called"),
    ("this", "is"),
)
_NEEDS_END = {("this", "is")}
_ENDS = frozenset(["speaking", "calling", "here", "from"])
_NO_NAMES = frozenset(
    vocabulary("""
    not important the a an my your and i it no yes just here there great good nice fine all very really about
    for from speaking calling but spelled so on in at with to of
    what who when where why how do does can could please call yes okay bye hello hi thanks thank
    monday tuesday wednesday thursday friday saturday sunday today tomorrow christmas easter
    january february april july august september october november december
    spain germany france italy austria switzerland portugal england britain ireland america canada australia india china
    wrong right correct incorrect misspelled misspelt written still already now different unknown none new old listed
    missing every ten names spelt pronounced mister
""")
)
"""What is said of a name ("wrong in your file"), begins the next sentence, or names a day or a country."""
_COMPANIES = frozenset(vocabulary("corporation corp inc ltd llc gmbh company bank insurance telecom"))
_NAME = re.compile(r"[A-ZÀ-ÞĀ-Ž][\w'’-]+")
_PLAIN = re.compile(r"[^\W\d_][\w'’-]+")


def find_names(words: Sequence[Word]) -> list[Stated]:
    """The names that were stated as the customer's own. One word is a given name where it is known as one."""
    cores = [core_of(word.text) for word in words]
    has_capitals = any(_NAME.fullmatch(word.text.strip(PUNCTUATION)) for word in words[1:])
    found: dict[str, Stated] = {}
    for place in range(len(words)):
        for lead in _LEADS:
            if tuple(cores[place : place + len(lead)]) == lead and not _is_denied(words, place):
                one = _name(words, place + len(lead), has_capitals, lead in _NEEDS_END)
                if one and one.value:
                    found.setdefault(one.value.casefold(), one)
                break
    if len(found) > 1:
        return [one.doubted("the customer gave different names") for one in found.values()]
    return list(found.values())


def _name(words: Sequence[Word], place: int, has_capitals: bool, needs_end: bool) -> Stated | None:
    own: list[Word] = []
    pattern = _NAME if has_capitals else _PLAIN
    for word in words[place : place + MOST]:
        core = word.text.strip(PUNCTUATION)
        if core.casefold() in _COMPANIES:
            return None
        if not pattern.fullmatch(core) or core.casefold() in _NO_NAMES:
            break
        own.append(word)
        if word.text != word.text.rstrip(PUNCTUATION):
            break
    after = core_of(words[place + len(own)].text) if place + len(own) < len(words) else ""
    if not own or (needs_end and after not in _ENDS):
        return None
    value = " ".join(word.text.strip(PUNCTUATION) for word in own)
    doubts = [CORRECTED] if is_corrected(words, place, place + len(own) - 1) else []
    if not has_capitals:
        doubts.append("names were not written with capitals")
    if core_of(own[0].text).rstrip(".") in TITLES:
        doubts.append("it begins with a title")
    elif (len(own) == 1 or needs_end) and fold(core_of(own[0].text)) not in KNOWN_NAMES:
        doubts.append("it may be a family name or a company's")
    one = stated("full_name" if len(own) > 1 else "given_name", value, own)
    one = one if one.confidence >= SURE else one.doubted("it was not heard clearly")
    return one.doubted(*doubts)


def _is_denied(words: Sequence[Word], place: int) -> bool:
    """`that's not my name`, `his name is`."""
    before = [core_of(word.text) for word in words[max(0, place - 2) : place]]
    return any(word in ("not", "his", "her", "their", "your", "said", "if") or word.endswith("n't") for word in before)
