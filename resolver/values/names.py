"""When two names may be one person's: pure, conservative, shared by attribution and scoring.

"Compatible" answers one question: does what is stated here *contradict* what is held there? A false yes lets one
person's event into another's history, a false no makes a fragment. The second is acceptable, the first is not, so every
rule below prefers the fragment: two names that are both somebody's real name are never each other's typing error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

from vitograph.resolver.values.known_names import AS_WRITTEN, KNOWN_NAMES, NICKNAMES, SPELLINGS
from vitograph.resolver.values.titles import GENERATION_WORDS, TITLES

CACHE = 4_096
"""Answers that each function keeps: two dozen functions, 20 to 30 MiB. Four times as many are no faster."""

MIN_TYPO_LETTERS = 5
"""Below this, one letter makes another name (jan/jon, lena/lina, mia/mina)."""

PARTICLES = frozenset({"al", "ben", "bin", "da", "de", "del", "den", "der", "di", "du", "el", "la", "le", "van", "von"})
"""What stands between the names of one person."""

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_THE_YOUNGER = re.compile(r"\bder (juengere|aeltere)\b")
_NOT_LETTERS = re.compile(r"[^a-z]+")
_DROPPED = TITLES | frozenset(GENERATION_WORDS)
_HAN = re.compile("[\u4e00-\u9fff]{2,3}|[\uac00-\ud7a3]{3}")
_TOLD_ONLY_IN_PART = re.compile(
    "[^\\u0590-\\u05ff\\u0600-\\u06ff\\u0750-\\u077f\\u08a0-\\u08ff\\u3400-\\u9fff\\U00020000-\\U0003ffff]"
)
"""What is not of a script that Latin letters tell in part: Hebrew and Arabic without vowels, Han by its sound alone."""
_TONES = frozenset("\u031b\u0309\u0323")
"""The horn, the hook above and the dot below of Vietnamese."""
_ONE_LETTER = str.maketrans({"ة": "ه", "ى": "ي", "ک": "ك", "ی": "ي"})
_SOUNDS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"ph", "f"),
        (r"ck|q", "k"),
        (r"c(?=[hk])h?(?=[rl])", "k"),
        (r"c(?![hiey])", "k"),
        (r"th", "t"),
        (r"dt\b", "t"),
        (r"(?<=.)z", "s"),
        (r"w", "v"),
        (r"x", "ks"),
        (r"[yj](?!\b.)", "i"),
        (r"(?<=[aeiou])h|(?<=[rgk])h", ""),
        (r"ae", "e"),
        (r"oe", "o"),
        (r"ue", "u"),
        (r"(.)\1+", r"\1"),
    )
)
"""Spelling habits that do not change a name, in order: philip/filip, eric/erik, sara/sarah, juergen/jürgen."""


_PINYIN = re.compile(
    "(?:(?!r[ae](?![no])|ri[aenu])(?:[zcs]h|[bpmfdtnlgkhjqxrzcsyw])"
    "(?:i?ao?|i?ang?|iu|iong|i?e|ing?|eng?|ei|ai|ou?|ong|u?i|u?ang?|uai|u[ao]?|u[en]|er?)){2}"
)
"""Two syllables of Chinese."""


@lru_cache(maxsize=CACHE)
def fold(name: str) -> str:
    """Letters a to z and single spaces: transliterated, umlauts as ae/oe/ue; without honorifics and generations.

    It is for finding and for likeness: two names of Han, Arabic or Hebrew letters may be one there and are not
    (`is_written_apart`), and some of these letters are none at all.
    """
    latin = anyascii(name.casefold().translate(_UMLAUTS)).lower().replace("'", "")
    words = _NOT_LETTERS.sub(" ", _THE_YOUNGER.sub(" ", latin)).split()
    if any(_own_letters(name)):
        return " ".join(words)
    return " ".join([word for word in words if word not in _DROPPED]) or " ".join(words)


@lru_cache(maxsize=CACHE)
def _own_letters(name: str) -> tuple[str, ...]:
    """Of each word the Han, Arabic and Hebrew letters, without what is often left out: points, vowels, hamza."""
    text = unicodedata.normalize("NFKD", name).translate(_ONE_LETTER)
    bare = "".join(letter for letter in text if not unicodedata.combining(letter))
    return tuple(_TOLD_ONLY_IN_PART.sub("", word) for word in bare.split())


@lru_cache(maxsize=CACHE)
def _letters(name: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The letters of a name, each with its marks."""
    found: list[tuple[str, frozenset[str]]] = []
    for letter in unicodedata.normalize("NFD", name.casefold()):
        if unicodedata.combining(letter) and found:
            found[-1] = (found[-1][0], found[-1][1] | {letter})
        elif not letter.isspace():
            found.append((letter, frozenset()))
    return tuple(found)


@lru_cache(maxsize=CACHE)
def _has_tones(name: str) -> bool:
    """A Latin letter has two marks, or one that hardly any other language has."""
    return not name.isascii() and any(
        letter.isascii() and (len(marks) > 1 or marks & _TONES) for letter, marks in _letters(name)
    )


def is_in_own_letters(name: str) -> bool:
    """Whether a name has letters, or marks, of which plain Latin letters tell a part only."""
    return any(_own_letters(name)) or _has_tones(name)


@lru_cache(maxsize=CACHE)
def is_written_apart(a: str, b: str) -> bool:
    """Both names are of such letters, and of others as far as both go: 李 and 黎 sound alike, and are two names.

    So are Hùng and Hưng, which differ by marks that both have; Hung, written without, may be either.
    """
    if (_has_tones(a) or _has_tones(b)) and _is_marked_apart(_letters(a), _letters(b)):
        return True
    left, right = _own_letters(a), _own_letters(b)
    if "".join(left) == "".join(right):
        return False
    return any(one and other and one != other for one, other in zip(left, right, strict=False))


def _is_marked_apart(left: Sequence[tuple[str, frozenset[str]]], right: Sequence[tuple[str, frozenset[str]]]) -> bool:
    """The names have the same letters, and one of these has a mark in each that it lacks in the other."""
    if [letter for letter, _ in left] != [letter for letter, _ in right]:
        return False
    return any(ours - theirs and theirs - ours for (_, ours), (_, theirs) in zip(left, right, strict=True))


def han_name(word: str) -> tuple[str, str] | None:
    """Given and family name of a Chinese or Korean name of one word: the family name is its first character."""
    return (word[1:], word[0]) if _HAN.fullmatch(word) else None


def bare(text: str) -> str:
    """Case-folded, umlauts as ae/oe/ue, without other marks."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_UMLAUTS))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


@lru_cache(maxsize=CACHE)
def generation(name: str) -> str:
    """`senior` (or a last word I), `junior` (II, der Jüngere, Filho), `iii`, `iv`, `neto`, `sobrinho`; '' for none.

    The first word says none: Senior is a family name, Junior a given one.
    """
    words = _NOT_LETTERS.sub(" ", bare(name)).split()
    if len(words) > 1 and words[-1] == "i":
        return "senior"
    return next((GENERATION_WORDS[word] for word in reversed(words[1:]) if word in GENERATION_WORDS), "")


@lru_cache(maxsize=CACHE)
def sound(folded: str) -> str:
    """The spelling-independent form of one folded word: `katherine` and `catherine` have one, `jan` and `ian` two."""
    if folded in AS_WRITTEN:
        return folded
    head = folded[:1]
    for pattern, replacement in _SOUNDS:
        folded = pattern.sub(replacement, folded)
    return folded if head not in "jy" else head + folded[1:]


@lru_cache(maxsize=CACHE)
def is_spelling(a: str, b: str) -> bool:
    """Two folded words are one name in two spellings or transliterations."""
    if a == b or sound(a) == sound(b):
        return True
    return a in SPELLINGS and SPELLINGS[a] == SPELLINGS.get(b)


def spelling_group(word: str) -> int | None:
    """The number of the list of spellings that a folded word is in; beside its sound, all that `is_spelling` asks."""
    return SPELLINGS.get(word)


def nicknames_of(word: str) -> frozenset[str]:
    """The words of which a folded word is the short form, or that are its short forms."""
    return NICKNAMES.get(word, frozenset())


@lru_cache(maxsize=CACHE)
def is_nickname(a: str, b: str) -> bool:
    """One folded word is the short form of the other (bob, robert); two short forms of one name are not enough."""
    return b in NICKNAMES.get(a, ())


@lru_cache(maxsize=CACHE)
def is_initial(a: str, b: str) -> bool:
    """One folded word is a single letter with which the other begins."""
    return min(len(a), len(b)) == 1 and a[:1] == b[:1]


@lru_cache(maxsize=CACHE)
def is_typo(a: str, b: str) -> bool:
    """One typing error inside the word parts two folded words, and they are not both known names.

    The first letter and a last vowel are kept apart: anna/hanna, maria/mario, martin/martina, julian/juliana. So are
    two Chinese names in Latin letters: Xiaomei and Xiaowei are brother and sister, who share the first syllable.
    """
    if min(len(a), len(b)) < MIN_TYPO_LETTERS or a[:1] != b[:1] or OSA.distance(a, b, score_cutoff=1) != 1:
        return False
    if (a in KNOWN_NAMES and b in KNOWN_NAMES) or (_PINYIN.fullmatch(a) and _PINYIN.fullmatch(b)):
        return False
    return not _ending_differs(a, b)


def _ending_differs(a: str, b: str) -> bool:
    """The error is in the ending, where it tells a man's name from a woman's (or christian from christina)."""
    shared = len(a) == len(b) and a[-1] == b[-1]
    longer, shorter = sorted((a, b), key=len, reverse=True)
    if shared or (len(a) != len(b) and longer[-1] == shorter[-1]):
        return False
    return longer[-1] in "aeiou" or shorter[-1] in "aeiou"


def words_compatible(a: str, b: str) -> bool:
    """Two folded words may be one given name: equal, another spelling, short form, initial or typing error."""
    return a == b or is_initial(a, b) or is_spelling(a, b) or is_nickname(a, b) or is_typo(a, b)


@lru_cache(maxsize=CACHE)
def given_names_compatible(a: str, b: str) -> bool:
    """May the two given names be one person's? Equal, nickname, initial, another spelling, one typing error.

    Of several names the first ones must agree and no later one may disagree: `maria` fits `maria luisa`, which does not
    fit `maria elena`; `anna maria` is not `maria`. A name without a letter (empty, `---`) contradicts nothing.
    """
    if is_written_apart(a, b):
        return False
    left, right = fold(a).split(), fold(b).split()
    if not left or not right or "".join(left) == "".join(right):
        return True
    if len(left) != len(right) and words_compatible("".join(left), "".join(right)):
        return True
    return all(map(words_compatible, _without_particles(left), _without_particles(right)))


def _without_particles(words: Sequence[str]) -> list[str]:
    """Given names without what joins them: maria del carmen is maria carmen, and not maria del pilar."""
    return [word for place, word in enumerate(words) if word not in PARTICLES or place in (0, len(words) - 1)]
