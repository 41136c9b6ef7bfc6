"""Evidence from names: given with family name, never mixed between two names of one view."""

from __future__ import annotations

from functools import lru_cache
from math import fsum, log2
from typing import NamedTuple

from vitograph.resolver.comparing.comparisons import FAMILY_NAME, GIVEN_NAME, Ladder, level_of
from vitograph.resolver.comparing.names import GENERATION
from vitograph.resolver.model import Profile
from vitograph.resolver.scoring.evidence import Evidence
from vitograph.resolver.scoring.parameters import Comparison, Model
from vitograph.resolver.scoring.rates import Population, chance, kin_views
from vitograph.resolver.values.full_names import PersonName, parse_full_name
from vitograph.resolver.values.known_names import KNOWN_NAMES
from vitograph.resolver.values.names import CACHE, fold, generation

AGREEING = frozenset({"equal", "initial", "spelling", "nickname", "typo", "part"})
NAMES = ("given_name", "family_name")
CERTAIN = frozenset({"equal", "spelling", "typo"})
ALIKE = CERTAIN | {"close", "loose"}
LESS = {"typo": "close", "close": "loose", "loose": "different"}
"""Levels of resemblance, and what is left of them when both names are common."""
SWAPPED = "Given and family name are swapped."
SWAPPED_TYPO = "Given and family name are swapped, with a typing error."
CROSSED = "The given name of one is the family name of the other; the rest differs."
LONE = "The names differ, and nobody else here has one of them: it may be garbled."
COMMON = "People who share one part of a name often share the other; the full name counts by its own frequency."


class NameEvidence(NamedTuple):
    """The rows of the best pair of names and the levels on which the guard looks ('none' when not compared)."""

    rows: tuple[Evidence, ...]
    given: str
    family: str
    bits_stranger: float


@lru_cache(maxsize=CACHE)
def _alternatives(
    pairs: tuple[tuple[str, str], ...], given: tuple[str, ...], family: tuple[str, ...], full: tuple[str, ...]
) -> tuple[PersonName, ...]:
    found = [PersonName(*pair) for pair in pairs]
    for stated in full:
        found.extend(name for name in parse_full_name(stated) if name not in found)
    seen_given = {name.given for name in found}
    seen_family = {name.family for name in found}
    lone_given = [name for name in given if name not in seen_given]
    lone_family = [name for name in family if name not in seen_family]
    if len(lone_given) == 1 and len(lone_family) == 1 and not found:
        return (PersonName(lone_given[0], lone_family[0]),)
    found.extend(PersonName(name, "") for name in lone_given)
    found.extend(PersonName("", name) for name in lone_family)
    return tuple(found) or (PersonName("", ""),)


def names_of(profile: Profile) -> tuple[PersonName, ...]:
    """The names of a view, each a given name with the family name it was stated with."""
    return _alternatives(profile.names, profile.given_names, profile.family_names, profile.full_names)


class Told(NamedTuple):
    """The names by which a view is compared, whether it states given and family names, and which full names say.

    A word that may be either states neither.
    """

    names: tuple[PersonName, ...]
    given: bool
    family: bool
    read: frozenset[PersonName]

    @property
    def only_words(self) -> bool:
        """Nothing is stated but words that may be given or family names."""
        return not (self.given or self.family) and bool(self.names[0].given or self.names[0].family)


def told_by(profile: Profile) -> Told:
    """The names of a view without given names that are only the first word of a name stated in full."""
    return _told(profile.names, profile.given_names, profile.family_names, profile.full_names)


@lru_cache(maxsize=CACHE)
def _told(
    pairs: tuple[tuple[str, str], ...], given: tuple[str, ...], family: tuple[str, ...], full: tuple[str, ...]
) -> Told:
    names = _alternatives(pairs, given, family, full)
    parsed = {one: parse_full_name(one) for one in full}
    either = {name for found in parsed.values() if len(found) > 1 for name in found}
    first = {name.given.split()[0] for name in names if name.given and name.family}
    first |= {one.split()[0] for one, found in parsed.items() if len(found) == 1}
    kept = tuple(name for name in names if name.family or name.given not in first)
    stated = [name for name in kept if name not in either]
    read = frozenset(name for found in parsed.values() for name in found) - {PersonName(*pair) for pair in pairs}
    return Told(kept, any(name.given for name in stated), any(name.family for name in stated), read)


def compare_names(left: Profile, right: Profile, population: Population, model: Model) -> NameEvidence:
    """The best pair of names of two views: the rows for given, family and full name.

    What both views state is compared, given names before family names: a name that leaves a part out hides no
    contradiction of that part. Of two words of which each may be a given or a family name, none hides that they differ.
    """
    ours, theirs = told_by(left), told_by(right)
    pairs = [(a, b) for a in ours.names for b in theirs.names]
    parts = (ours.given and theirs.given, ours.family and theirs.family)
    most = max(_stated(a, b, *parts) for a, b in pairs)
    compared = [
        _compare(a, b, population, model, read=a in ours.read and b in theirs.read)
        for a, b in pairs
        if _stated(a, b, *parts) == most
    ]
    if ours.only_words and theirs.only_words:
        return max(compared, key=lambda found: (found.given != "none" or found.family in AGREEING, *_strength(found)))
    return max(compared, key=_strength)


def _stated(a: PersonName, b: PersonName, given: bool, family: bool) -> tuple[bool, bool]:
    """Whether two names both have a given name, and both a family name, where that is asked."""
    return bool(a.given and b.given) or not given, bool(a.family and b.family) or not family


def _strength(evidence: NameEvidence) -> tuple[float, float]:
    return evidence.bits_stranger, fsum([row.bits_household for row in evidence.rows])


def _compare(a: PersonName, b: PersonName, population: Population, model: Model, *, read: bool) -> NameEvidence:
    """`read`: both names were read off full ones, whose last word may be a given name."""
    given, given_chance = _part(GIVEN_NAME, a.given, b.given, population, model)
    family, family_chance = _part(FAMILY_NAME, a.family, b.family, population, model)
    if read and family.level == "typo":
        family = _less(family, family_chance, model)
    bits = given.bits_stranger + family.bits_stranger
    agree = given.level in AGREEING and family.level in AGREEING
    if not agree and a.given and a.family and b.given and b.family:
        swapped = _swapped(a, b, model)
        if swapped is not None and swapped.bits_stranger > bits:
            return NameEvidence((swapped,), "swapped", "swapped", swapped.bits_stranger)
    if not agree:
        rows = (given, family, *_generation(a, b, given.level, model))
        return NameEvidence(rows, given.level, family.level, bits + fsum([row.bits_stranger for row in rows[2:]]))
    both = _both(a, b, given_chance * family_chance, population, model)
    rows = (given, family, *_generation(a, b, given.level, model), both)
    return NameEvidence(rows, given.level, family.level, bits + fsum([row.bits_stranger for row in rows[2:]]))


def _generation(a: PersonName, b: PersonName, given: str, model: Model) -> tuple[Evidence, ...]:
    """A row when given names agree and one of the names carries a generation: parent and child share the rest."""
    ours, theirs = (generation(name.given) or generation(name.family) for name in (a, b))
    if given not in AGREEING or not (ours or theirs):
        return ()
    level = level_of("generation", ours, theirs)
    found = model.comparisons["generation"].levels[level]
    sentence = GENERATION.sentence(level)
    return (Evidence("name", "generation", level, sentence, ours, theirs, found.bits_stranger, found.bits_household),)


def _part(ladder: Ladder, a: str, b: str, population: Population, model: Model) -> tuple[Evidence, float]:
    """The row of one part of a name, and the chance that strangers state the more frequent of the two values."""
    if not a or not b:
        return Evidence("name", ladder.name, "none", ladder.absent, a, b, 0.0, 0.0), 1.0
    comparison = model.comparisons[ladder.name]
    frequency = comparison.frequency
    assert frequency is not None
    level = level_of(ladder.name, a, b)
    persons = population.persons
    ours, theirs = population.frequency(frequency.field, a), population.frequency(frequency.field, b)
    if a != b and is_common(ours, theirs, model):
        level = LESS.get(level, level)
    if level == "different":
        lone = (ours == 1 and is_unknown(a)) or (theirs == 1 and is_unknown(b))
        level, sentence = ("lone", LONE) if lone else (level, ladder.otherwise)
        found = comparison.levels[level]
        return Evidence("name", ladder.name, level, sentence, a, b, found.bits_stranger, found.bits_household), 1.0
    own = (2 if a == b else 1) + kin_views(model, comparison.levels["equal"])
    rate = chance(frequency, max(ours, theirs), own, persons)
    found = comparison.levels[level]
    bits = _weigh(comparison, level, rate)
    bits_household = min(found.bits_household, bits) if level in frequency.exact else found.bits_household
    return Evidence("name", ladder.name, level, ladder.sentence(level), a, b, bits, bits_household), rate


def _less(row: Evidence, rate: float, model: Model) -> Evidence:
    """The row of family names a level less: Wang Fang and Wang Feng may be twins."""
    comparison, level = model.comparisons[row.comparison], LESS[row.level]
    bits, household = _weigh(comparison, level, rate), comparison.levels[level].bits_household
    sentence = FAMILY_NAME.sentence(level)
    return row._replace(level=level, sentence=sentence, bits_stranger=bits, bits_household=household)


def is_common(ours: int, theirs: int, model: Model) -> bool:
    """So many views stated either of two names that the rarer is not the other with an error: a level less."""
    rarer = min(ours, theirs) - 1
    return rarer >= model.rules.common_views and rarer >= model.rules.slip_share * max(ours, theirs)


def is_unknown(name: str) -> bool:
    """The name stands in no list of names."""
    return fold(name).replace(" ", "") not in KNOWN_NAMES


def _weigh(comparison: Comparison, level: str, rate: float) -> float:
    """Bits against a stranger: log2(m/u) and, of log2(u/tf), the whole where equal and a share where alike."""
    found, frequency = comparison.levels[level], comparison.frequency
    assert frequency is not None
    if level in frequency.exact:
        return log2(found.m / rate)
    if level in frequency.fuzzy_levels:
        return found.bits_stranger + frequency.fuzzy * log2(frequency.mean / rate)
    return found.bits_stranger


def _swapped(a: PersonName, b: PersonName, model: Model) -> Evidence | None:
    """Both parts swapped, one of them perhaps misspelt; or one part standing where the other has its counterpart."""
    one, other = level_of("family_name", a.given, b.family), level_of("family_name", a.family, b.given)
    if one == other == "equal":
        level, sentence = "swapped", SWAPPED
    elif (one in CERTAIN and other in ALIKE) or (other in CERTAIN and one in ALIKE):
        level, sentence = "swapped_typo", SWAPPED_TYPO
    elif one in CERTAIN or other in CERTAIN:
        level, sentence = "crossed", CROSSED
    else:
        return None
    found = model.comparisons["full_name"].levels[level]
    left, right = f"{a.given} {a.family}", f"{b.given} {b.family}"
    return Evidence("name", "full_name", level, sentence, left, right, found.bits_stranger, found.bits_household)


def _both(a: PersonName, b: PersonName, product: float, population: Population, model: Model) -> Evidence:
    """The row that takes back what the parts count twice: the full name is more frequent than their product."""
    comparison = model.comparisons["full_name"]
    mean = min(product * model.rules.name_correlation, 1.0)
    left, right = f"{a.given} {a.family}", f"{b.given} {b.family}"
    bits = log2(product / mean)
    equal = level_of("given_name", a.given, b.given) == level_of("family_name", a.family, b.family) == "equal"
    if equal and comparison.frequency is not None:
        own = (2 if a == b else 1) + kin_views(model, *(model.comparisons[name].levels["equal"] for name in NAMES))
        stated = max(population.frequency(comparison.frequency.field, name) for name in (left, right))
        bits = min(log2(product * (population.persons + 1 / mean) / (max(stated - own, 0.0) + 1)), bits)
    return Evidence("name", "full_name", "frequency", COMMON, left, right, min(bits, 0.0), 0.0, True)
