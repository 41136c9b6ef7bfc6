"""Given names and family names: what one person's forms of a name do, and what two people's names do."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import JaroWinkler

from vitograph.resolver.comparing.ladder import CLOSE, LOOSE, Ladder, Predicate, edits
from vitograph.resolver.values import names
from vitograph.resolver.values.known_names import KNOWN_NAMES
from vitograph.resolver.values.names import PARTICLES, fold

OTHER_NAME = frozenset(
    {"a", "e", "i", "n", "o", "y", "ia", "ie", "na", "ne", "ina", "ine", "lla", "lle", "nne", "ette"}
)
"""Endings that make another person's name (jan/jana, leon/leonie, paul/pauline); by others a name was only cut off."""


def _joined(name: str) -> str:
    return fold(name).replace(" ", "")


def _is_slip(a: str, b: str) -> bool:
    """One error in a word of four letters or more, two in a word of seven or more."""
    shorter = min(len(a), len(b))
    errors = edits(a, b)
    return (errors == 1 and shorter >= 4) or (errors == 2 and shorter >= 7)


def _fits(test: Predicate, a: str, b: str) -> bool:
    """The test holds for the whole names, or for the first of several while the second ones do not disagree."""
    left, right = fold(a).split(), fold(b).split()
    if not left or not right or names.is_written_apart(a, b):
        return False
    if test("".join(left), "".join(right)):
        return True
    if len(left) == len(right) == 1 or not test(left[0], right[0]):
        return False
    return _later_agree(left, right)


def _later_agree(left: Sequence[str], right: Sequence[str]) -> bool:
    """No name after the first contradicts its counterpart; particles are none (maria del carmen, maria del pilar)."""
    ours, theirs = ([word for word in words[1:] if word not in PARTICLES] for words in (left, right))
    return all(map(names.words_compatible, ours, theirs))


def same_letters(a: str, b: str) -> bool:
    """The names are equal."""
    one, other = _joined(a), _joined(b)
    return one == other and not names.is_written_apart(a, b) and (bool(one) or a.casefold() == b.casefold())


def initial(a: str, b: str) -> bool:
    """One name is the other's initial."""
    return _fits(names.is_initial, a, b)


def spelling(a: str, b: str) -> bool:
    """The names are one name in two spellings."""
    return _fits(lambda one, other: one != other and names.is_spelling(one, other), a, b)


def nickname(a: str, b: str) -> bool:
    """One name is the other's short form."""
    return _fits(names.is_nickname, a, b)


def given_typo(a: str, b: str) -> bool:
    """The given names differ by a typing error."""
    return _fits(lambda one, other: _is_slip(one, other) and not {one, other} <= KNOWN_NAMES, a, b)


def family_typo(a: str, b: str) -> bool:
    """The family names differ by a typing error."""
    return _is_slip(_joined(a), _joined(b)) and not names.is_written_apart(a, b)


def middle(a: str, b: str) -> bool:
    """The first given names agree, the second ones differ."""
    left, right = fold(a).split(), fold(b).split()
    if min(len(left), len(right)) < 2 or not names.words_compatible(left[0], right[0]):
        return False
    return not _later_agree(left, right)


def part(a: str, b: str) -> bool:
    """One name is a part of the other: a second given name, or a double family name."""
    left, right = fold(a).split(), fold(b).split()
    if min(len(left), len(right)) == 0 or max(len(left), len(right)) < 2 or names.is_written_apart(a, b):
        return False
    fewer, more = sorted((left, right), key=len)
    if not _is_within(fewer, more):
        return False
    return any(one == other or names.is_spelling(one, other) for one in fewer for other in more)


def given_part(a: str, b: str) -> bool:
    """One name is a part of the other: a second given name."""
    left, right = fold(a).split(), fold(b).split()
    in_order = len(left) != len(right) or all(map(_is_word, left, right))
    return in_order and part(a, b)


def _is_within(fewer: Sequence[str], more: Sequence[str]) -> bool:
    """Each of the words is a different one of the others (garcia garcia is no part of garcia lopez)."""
    taken: dict[int, int] = {}

    def finds(word: int, tried: set[int]) -> bool:
        for place, other in enumerate(more):
            if place not in tried and _is_word(fewer[word], other):
                tried.add(place)
                if place not in taken or finds(taken[place], tried):
                    taken[place] = word
                    return True
        return False

    return all(finds(word, set()) for word in range(len(fewer)))


def _is_word(a: str, b: str) -> bool:
    return a == b or names.is_spelling(a, b) or names.is_initial(a, b)


def apart(a: str, b: str) -> bool:
    """The given names resemble each other, and both are known names: two people's, as with twins."""
    one, other = sorted((_joined(a), _joined(b)), key=len)
    if not {one, other} <= KNOWN_NAMES:
        return False
    if one and other.startswith(one):
        return ends_apart(one, other)
    return close(a, b) or loose(a, b)


def ends_apart(shorter: str, longer: str) -> bool:
    """What begins with the shorter word ends as another person's name, with its last letter doubled or not."""
    ending = longer[len(shorter) :]
    return ending in OTHER_NAME or (ending[:1] == shorter[-1] and ending[1:] in OTHER_NAME)


def close(a: str, b: str) -> bool:
    """The names resemble each other."""
    one, other = _joined(a), _joined(b)
    if not one or not other:
        return False
    return JaroWinkler.similarity(one, other) >= CLOSE or (edits(one, other) == 1 and min(len(one), len(other)) >= 3)


def beginning(a: str, b: str) -> bool:
    """One name is the beginning of the other, as when it was cut off."""
    shorter, longer = sorted((_joined(a), _joined(b)), key=len)
    return 2 <= len(shorter) < len(longer) and longer.startswith(shorter)


def loose(a: str, b: str) -> bool:
    """The names have much in common, as a name with several errors has."""
    one, other = _joined(a), _joined(b)
    shorter = min(len(one), len(other))
    if shorter < 4:
        return False
    return (
        JaroWinkler.similarity(one, other) >= LOOSE
        or (shorter >= 5 and edits(one, other) <= 2)
        or (shorter >= 5 and sorted(one) == sorted(other))
    )


GIVEN_NAME = Ladder(
    "given_name",
    (
        ("equal", same_letters),
        ("initial", initial),
        ("middle", middle),
        ("part", given_part),
        ("spelling", spelling),
        ("nickname", nickname),
        ("typo", given_typo),
        ("apart", apart),
        ("beginning", beginning),
        ("close", close),
        ("loose", loose),
    ),
    "The given names have nothing in common.",
    "No evidence: a given name is missing.",
)
FAMILY_NAME = Ladder(
    "family_name",
    (
        ("equal", same_letters),
        ("initial", initial),
        ("part", part),
        ("spelling", spelling),
        ("typo", family_typo),
        ("beginning", beginning),
        ("close", close),
        ("loose", loose),
    ),
    "The family names have nothing in common.",
    "No evidence: a family name is missing.",
)


def same_generation(a: str, b: str) -> bool:
    """Both names carry the same generation (junior, senior, III)."""
    return a == b != ""


def other_generation(a: str, b: str) -> bool:
    """The names carry different generations, as parent and child do (junior, senior, II)."""
    return "" not in (a, b) and a != b


GENERATION = Ladder(
    "generation",
    (("equal", same_generation), ("other", other_generation)),
    "One name carries a generation (junior, senior), the other none: parent and child may share a name.",
    "No evidence: no generation is stated.",
)
