"""E-mail addresses from speech: "maria dot lopez at example dot com", spelled, or as the model wrote them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import phonenumbers

from vitograph.resolver.heard.digits import spoken_digits
from vitograph.resolver.heard.stated import Stated, heard_again, stated
from vitograph.resolver.heard.tokens import plain_words
from vitograph.resolver.heard.whose import LASTING, doubts_around
from vitograph.resolver.heard.words import PUNCTUATION, Recheck, Word, vocabulary
from vitograph.resolver.values.normalize import identifier

SURE = 0.5

_SIGNS = {
    "dot": ".",
    "point": ".",
    "period": ".",
    "underscore": "_",
    "dash": "-",
    "hyphen": "-",
    "minus": "-",
    "plus": "+",
}
_STOPS = frozenset(
    vocabulary("""
    is it's its email e-mail mail address to me my on under use send write name and at the that's i'm with reach
    contact you can or okay yes so well please
""")
)
_LEADS = frozenset(vocabulary("is it's that's email's mail's address's"))
_DIRECTS = {
    "to": frozenset(vocabulary("write send it mail email that this everything contract details confirmation")),
    "at": frozenset(vocabulary("me us email e-mail mail address")),
    "on": frozenset(vocabulary("me us email e-mail mail address")),
    "under": frozenset(vocabulary("me us email e-mail mail address")),
    "email": frozenset(vocabulary("my our new")),
    "e-mail": frozenset(vocabulary("my our new")),
    "mail": frozenset(vocabulary("my our new")),
    "address": frozenset(vocabulary("my our new email e-mail mail")),
}
"""What an address begins after: a stop word, and what must stand before it. After any other it may have begun before
("smith and sons", "the boss")."""
_NO_LOCAL = frozenset(
    vocabulary("""
    hosted registered handled managed kept stored based located used available found listed hacked blocked running file
    anyone anybody whoever everyone everybody someone somebody home school login label
""")
)
"""What stands before an `at` that is none of an address: "my email is hosted at", "my address is on file at"."""
_ENDINGS = (
    frozenset(vocabulary("com org net edu gov info biz io co app dev me eu tv cat"))
    | {region.casefold() for region in phonenumbers.SUPPORTED_REGIONS}
    | {"uk"}
)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_SPELLED = re.compile(r"(?:[a-z0-9]-)+[a-z0-9]")
_CUE = re.compile(r"^e-?mails?$|^address$")
_BEGINS = re.compile(r"\bmy (?:new |own )?(?:email|e-mail|mail)(?: address)?(?: is|'s)$")
_CALLED_FOR = re.compile(r"\b(?:e-?mails?|mail|address|send|write|reach|contact)\b|\bmy\b.*(?:\bis|'s)$")
BEFORE = "it may begin before"
BESIDE = 8  # words
_SPELLS = frozenset(vocabulary("as for with"))  # "m as in mike", "with a y"
_UNSURE = frozenset(
    vocabulary("twenty thirty forty fifty sixty seventy eighty ninety hundred double triple treble no not sorry wait")
)
_TELLS = frozenset(
    vocabulary("""
    not down broken full the still already currently always often gone no on in with yours
""")
)  # what is said of an address
LEAST_WORDS, MOST_WORDS = 3, 14  # of one that is spoken or spelled


def find_emails(words: Sequence[Word], rechecks: Sequence[Recheck]) -> list[Stated]:
    """Every address that was stated, once. Where somebody speaks of theirs and it cannot be read, that is said too."""
    found: dict[str | None, Stated] = {}
    for place in range(len(words)):
        if (one := _read(words, place, rechecks)) is not None:
            known = found.get(one.value, one)
            better = known if known.is_clear else one
            found[one.value] = better.doubted(*(doubt for doubt in (*known.doubts, *one.doubts) if doubt in LASTING))
    if len(found) > 1:
        return [one.doubted("the customer said different addresses") for one in found.values()]
    return list(found.values()) or _unread(words)


def _read(words: Sequence[Word], place: int, rechecks: Sequence[Recheck]) -> Stated | None:
    """The address whose `at` or `@` is this word, if it is one."""
    core = _core(words[place])
    if "@" in core:
        return _checked(core, words[place : place + 1], doubts_around(words, place, place), rechecks)
    if core == "at" and place:
        domain, after = _domain(words, place + 1)
        if not domain:
            return None
        local, before, doubts = _local(words, place - 1)
        own = words[before:after]
        if not local:
            return stated("email", None, own, ["the part before the at could not be read"])
        doubts += doubts_around(words, before, after - 1)
        if not any(_CALLED_FOR.search(text) for text in _around(words, before, after)):
            doubts.append("nothing says that it is the customer's e-mail address")
        return _checked(f"{local}@{domain}", own, doubts, rechecks)
    if "." in core and core.rpartition(".")[2] in _ENDINGS and _LABEL.fullmatch(core.replace(".", "")):
        near = [_core(word) for word in words[max(0, place - 6) : place]]
        if any(_CUE.match(word) for word in near) and "at" not in near[-4:]:
            return stated("email", None, words[place : place + 1], ["its at was not heard"])
    return None


def _around(words: Sequence[Word], first: int, after: int) -> tuple[str, str]:
    """The words before and after it."""
    before, behind = words[max(0, first - BESIDE) : first], words[after : after + BESIDE]
    return " ".join(map(_core, before)), " ".join(map(_core, behind))


def _unread(words: Sequence[Word]) -> list[Stated]:
    """Where customers begin to say their address, and what follows is none."""
    cores = [_core(word) for word in words]
    for place in range(1, len(cores) - LEAST_WORDS):
        if _BEGINS.search(" ".join(cores[max(0, place - 3) : place + 1])) and cores[place + 1] not in _TELLS:
            return [stated("email", None, words[place + 1 : place + 1 + MOST_WORDS], ["it could not be read"])]
    return []


def _checked(value: str, own: Sequence[Word], doubts: list[str], rechecks: Sequence[Recheck]) -> Stated:
    try:
        canonical = identifier("email", value).value
    except ValueError:
        return stated("email", None, own, ["it is no e-mail address"])
    one = stated("email", canonical, own, doubts)
    again = heard_again(own, rechecks)
    if again and not any(canonical == other.value for text in again for other in find_emails(plain_words(text), ())):
        one = one.doubted("heard again, it was another address")
    return one if one.confidence >= SURE else one.doubted("it was not heard clearly")


def _domain(words: Sequence[Word], place: int) -> tuple[str, int]:
    """The site that begins at a word, and the first word after it; '' when none does."""
    text, after = "", place
    while after < len(words):
        core = _core(words[after])
        if core in ("dot", "point"):
            text += "."
        elif text and not text.endswith(".") and not core.startswith("."):
            break
        elif core.strip(".") and all(_LABEL.fullmatch(label) for label in core.strip(".").split(".")):
            text += core
        else:
            break
        after += 1
        is_over = re.search(r"[?!,;]$|\.$", words[after - 1].text)
        if is_over and "." in text and _follows_no_dot(words, after):
            break
    labels = text.split(".")
    return (text, after) if len(labels) > 1 and all(labels) and labels[-1] in _ENDINGS else ("", place)


def _follows_no_dot(words: Sequence[Word], place: int) -> bool:
    return place >= len(words) or _core(words[place]) not in ("dot", "point")


def _local(words: Sequence[Word], place: int) -> tuple[str, int, list[str]]:
    """The part before the at, read backwards; where it begins; and what could be read otherwise."""
    parts: list[tuple[str, bool]] = []  # text, and whether it is a letter, a digit or a sign
    doubts: list[str] = []
    while place >= 0:
        core = _core(words[place])
        if core in _SPELLS or core in _UNSURE:
            doubts = ["it is spelled, corrected or counted in words"]
        if core in _SIGNS:
            parts.append((_SIGNS[core], True))
        elif core in _STOPS and not (parts and parts[-1][0] in "._-+"):
            if not _may_begin(words, place):
                doubts.append(BEFORE)
            break
        elif _SPELLED.fullmatch(core):
            parts.append((core.replace("-", ""), True))
        elif (digits := spoken_digits(core)) is not None and core != "o":
            parts.append((digits, True))
        elif re.fullmatch(r"[a-z0-9._+-]+", core):
            parts.append((core, len(core) == 1))
        else:
            break
        if words[place].text.endswith((",", "?", "!", ":")) and len(core) > 1 and len(parts) > 1:
            parts.pop()
            doubts.append(BEFORE)
            break
        place -= 1
    parts.reverse()
    if len(parts) == 1 and parts[0][0] in _NO_LOCAL:
        doubts.append("what stands before the at may be no name")
    return "".join(text for text, _ in parts), place + 1, doubts + _ambiguities(parts)


def _may_begin(words: Sequence[Word], place: int) -> bool:
    """Whether an address begins after the stop word that stands here."""
    core, before = _core(words[place]), _core(words[place - 1]) if place else ""
    return words[place].text.endswith((".", "?", "!")) or core in _LEADS or before in _DIRECTS.get(core, ())


def _ambiguities(parts: Sequence[tuple[str, bool]]) -> list[str]:
    """Two words side by side may be one, or have a sign between them that was not said."""
    for (left, left_is_sign), (right, right_is_sign) in pairwise(parts):
        if not left_is_sign and not right_is_sign:
            return ["two words stand side by side in it"]
        if left_is_sign != right_is_sign and left not in "._-+" and right not in "._-+" and not right.isdigit():
            return ["a letter stands beside a word in it"]
    return []


def _core(word: Word) -> str:
    return word.text.strip(PUNCTUATION.replace(".", "")).rstrip(".").casefold()
