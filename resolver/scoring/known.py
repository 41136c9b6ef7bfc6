"""A candidate link scored against two rivals: two strangers, and one household.

    L_same = log2 s      + sum of log2 m      s = expected duplicate persons per person
    L_co   = log2 c      + sum of log2 h      c = q + others on the most shared identifier that both use
    L_rand = log2(N - 1) + sum of log2 u      N = persons, never believed fewer than the model's `least_persons`

Two people of a home have one value at least as often as two strangers: where u is its own frequency, h is no less.
`score` is a pure, deterministic function of two profiles, the population and the model. Missing evidence is 0 bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, log2

from vitograph.resolver.comparing.addresses import PLACE_ONLY, SENTENCES, WITH_STREET, address_level
from vitograph.resolver.comparing.comparisons import GENDER, GIVEN_NAME, Ladder, level_of
from vitograph.resolver.model import Address, IdentifierKind, Profile
from vitograph.resolver.scoring.birth_evidence import BORN_APART, DATED, NEW_YEAR, compare_birth_dates
from vitograph.resolver.scoring.evidence import PRIOR, Evidence, Score, calibrated, posteriors
from vitograph.resolver.scoring.identifier_evidence import compare_identifiers
from vitograph.resolver.scoring.mixing import MIXED, mixed_row
from vitograph.resolver.scoring.name_evidence import AGREEING, compare_names
from vitograph.resolver.scoring.parameters import Calibration, Model
from vitograph.resolver.scoring.rates import Population, chance, expected_company, kin_at_place, persons_of

__all__ = ["Evidence", "Population", "Score", "score"]

PRIOR_SENTENCE = "Before any evidence: how rarely two persons of the graph are one, and how often a household."
GUARD_SENTENCE = "They share a name, address or identifier, but their given names are two people's: twins or spouses."
GENDER_KNOWN = "The genders agree, which agreeing given names already say."
NAMESAKE_SENTENCE = "Nothing tells them from a namesake or a twin at home: no birth date, no proof of one person."
TOLD_APART_SENTENCE = "Their birth dates or generations are two people's: parent and child may share the rest."
HOME_SENTENCE = "All that agrees is what a home has in common: nothing tells who of it they are."
GUARDS = ("guard", "namesake", "home")
"""Comparisons of rows that take back what others say: they follow from these."""
OWN_MAIL = frozenset({"equal", "verified", "family", "mailbox", "typo", "local"})
"""Levels of e-mail addresses that are one, or that one person would have; a family's by its name says too little."""
LEVEL_OF_PROOF = {"user_id": "equal", "email": "verified"}
AT_HOME = frozenset({("phone", "equal"), ("address", "equal"), ("address", "typo")})
SWAPPED = frozenset({"swapped"})
"""Levels of swapped names that tell one person from a twin: with an error in them they may be a twin's."""
TELLING = AGREEING - {"initial", "typo"}
"""Levels of given names that tell one person from the others at home: one with an error may be a twin's."""
DATED_WITH = AGREEING - {"initial", "spelling"}
"""Those beside which a birth date tells one person from a namesake; names that are merely swapped do, too."""
APART = frozenset({"different", "apart", "lone"})
UNLIKE = (frozenset(GIVEN_NAME.names) | APART) - TELLING - {"initial"}
"""Levels of given names that may be two people's on one account."""
GARBLED = frozenset({"crossed", "swapped_typo"})
"""The same of names that are swapped in part, or with an error."""
NOBODYS = APART | {"none", "middle"}
"""Levels of given names that are two people's, or that nobody stated."""
IDENTIFIERS = frozenset(IdentifierKind)
DEVICES = frozenset({IdentifierKind.COOKIE, IdentifierKind.SESSION})
SHARED = frozenset({"equal", "verified", "family", "as_email", "as_phone", "shared"})
"""Levels of an identifier that both hold."""


def score(left: Profile, right: Profile, population: Population, model: Model) -> Score:
    """The three posteriors of two views, and the waterfall whose columns add up to the bits exactly."""
    prior_stranger = log2(model.prior_same) - log2(persons_of(population, model) - 1)
    names = compare_names(left, right, population, model)
    identifiers = compare_identifiers(left, right, population, model, prior_stranger)
    company = expected_company(model, identifiers.most_others)
    prior = Evidence(
        PRIOR, PRIOR, PRIOR, PRIOR_SENTENCE, "", "", prior_stranger, log2(model.prior_same) - log2(company)
    )
    rows = [
        prior,
        *names.rows,
        compare_birth_dates(left.birth_dates, right.birth_dates, population, model),
        _gender(left.genders, right.genders, names.given in AGREEING, model),
        _address(left.addresses, right.addresses, population, model),
        *identifiers.rows,
        *mixed_row(left, right),
    ]
    return conclude(with_guards(rows, model), model, identifiers.conflict, model.calibration)


def conclude(
    rows: list[Evidence], model: Model, conflict: bool = False, calibration: Calibration | None = None
) -> Score:
    """The score of a waterfall: each column's exact sum, the posteriors (calibrated if they can be) and the band."""
    bits_stranger = fsum([row.bits_stranger for row in rows])
    bits_household = fsum([row.bits_household for row in rows])
    if calibration is None:
        same, household, stranger = posteriors(bits_stranger, bits_household)
    else:
        same, household, stranger = calibrated(bits_stranger, bits_household, calibration)
    return Score(
        p_same=same,
        p_household=household,
        p_stranger=stranger,
        bits_stranger=bits_stranger,
        bits_household=bits_household,
        band="-" if conflict else _band(same, rows, model),
        model=model.name,
        calibrated=calibration is not None,
        evidence=tuple(rows),
        conflict=conflict,
        prior_same=model.prior_same,
    )


def _band(p_same: float, rows: list[Evidence], model: Model) -> str:
    """A needs two groups that agree, one of them person-grade; else the band below."""
    if p_same < model.bands["C"]:
        return "-"
    if p_same < model.bands["B"]:
        return "C"
    if p_same < model.bands["A"]:
        return "B"
    return "A" if model.bands["A"] < 1 and is_person_grade(rows) else "B"


def is_person_grade(rows: Sequence[Evidence]) -> bool:
    """Two evidence groups agree, and one person is behind them: one account, or both names with a birth date, or with
    an e-mail address that both proved and a phone number or postal address. Nobody else may be in the history
    of either. One account under given names that may be two people's is for a person to look at: spouses share theirs.
    So are given names a letter apart, whatever was proved: twins have such names and one birth date, and a parent's
    mailbox. Birth dates or generations of two people are nobody's proof: parent and child share accounts, too.
    """
    levels = {row.comparison: row.level for row in rows}
    if MIXED in levels or are_told_apart(levels):
        return False
    speaking = [row for row in rows if row.bits_stranger > 0 and row.group != PRIOR]
    agreeing = {row.group for row in speaking}
    named = levels.get("given_name") in TELLING and levels.get("family_name") in AGREEING
    swapped = levels.get("full_name") in SWAPPED
    proven = any(row.level == "verified" for row in rows)
    dated = levels.get("birth_date") in DATED
    at_home = any((row.comparison, row.level) in AT_HOME for row in speaking)
    unlike = levels.get("given_name") in UNLIKE or levels.get("full_name") in GARBLED
    account = _share_an_account(rows) and not unlike
    return len(agreeing) >= 2 and (account or ((named or swapped) and (dated or (proven and at_home))))


def are_told_apart(levels: Mapping[str, str]) -> bool:
    """Whether birth dates or generations, by the levels of their rows, are two people's."""
    return levels.get("birth_date") in BORN_APART or levels.get("generation") == "other"


def _share_an_account(rows: Iterable[Evidence]) -> bool:
    """Whether both use one account that is no mailbox or number and not known to be shared; they may use others."""
    return any(row.comparison == "user_id" and row.level == "equal" for row in rows)


def _nearest(ladder: Ladder, ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, str, str]:
    """The highest level that two values of a field reach, with the values."""
    if len(ours) == 1 and len(theirs) == 1:
        return level_of(ladder.name, ours[0], theirs[0]), ours[0], theirs[0]
    pairs = ((level_of(ladder.name, a, b), a, b) for a in ours for b in theirs)
    return min(pairs, key=lambda pair: ladder.names.index(pair[0]))


def _strength(row: Evidence) -> tuple[float, float]:
    return row.bits_stranger, row.bits_household


def _gender(ours: tuple[str, ...], theirs: tuple[str, ...], known: bool, model: Model) -> Evidence:
    if not ours or not theirs:
        missing = (ours[0] if ours else "", theirs[0] if theirs else "")
        return Evidence("gender", "gender", "none", GENDER.absent, *missing, 0.0, 0.0)
    level, a, b = _nearest(GENDER, ours, theirs)
    found = model.comparisons["gender"].levels[level]
    if level == "equal" and known:
        stranger, household = (bits * model.rules.gender_share for bits in (found.bits_stranger, found.bits_household))
        return Evidence("gender", "gender", level, GENDER_KNOWN, a, b, stranger, household, True)
    return Evidence("gender", "gender", level, GENDER.sentence(level), a, b, found.bits_stranger, found.bits_household)


def _address(ours: tuple[Address, ...], theirs: tuple[Address, ...], population: Population, model: Model) -> Evidence:
    """The row of the two addresses that agree best; two without a part in common hide no others that differ."""
    rows = [_address_pair(a, b, population, model) for a in ours for b in theirs]
    if not rows:
        missing = (_written(ours[0]) if ours else "", _written(theirs[0]) if theirs else "")
        return Evidence("address", "address", "none", SENTENCES["none"], *missing, 0.0, 0.0)
    return max(rows, key=lambda row: (row.level != "none", *_strength(row)))


def _address_pair(a: Address, b: Address, population: Population, model: Model) -> Evidence:
    level = address_level(a, b)
    left, right = _written(a), _written(b)
    if level == "none":
        return Evidence("address", "address", level, SENTENCES[level], left, right, 0.0, 0.0)
    name = "address" if level in WITH_STREET else "place" if level in PLACE_ONLY else "region"
    found, bits = model.comparisons[name].levels[level], model.comparisons[name].levels[level].bits_stranger
    place = model.places.get(level)
    if place is not None:
        values = (getattr(a, place.part), getattr(b, place.part))
        stated = max(population.frequency(place.frequency.field, value) for value in values)
        own = (2 if values[0] == values[1] else 1) + kin_at_place(model, place.part)
        bits = log2(found.m / chance(place.frequency, stated, own, population.persons))
    return Evidence("address", name, level, SENTENCES[level], left, right, bits, found.bits_household)


def _written(address: Address) -> str:
    parts = (address.street, address.postal_code, address.city, address.region, address.country)
    return ", ".join([part for part in parts if part])


def with_guards(rows: list[Evidence], model: Model) -> list[Evidence]:
    """The waterfall with what twins, spouses, namesakes and the rest of a home take back of it."""
    for guard in (guard_apart, guard_namesakes, guard_home):
        if (held_back := guard(rows, model)) is not None:
            rows = [*rows, held_back]
    return rows


def guard_namesakes(rows: Sequence[Evidence], model: Model) -> Evidence | None:
    """Parent and child of one name, and twins a letter apart: one home has both, and all else that is compared.

    Equal names need a birth date beside them. Names in two spellings, initials, and given names that are missing or
    differ need more than that, for twins have one birth date: an account, or an e-mail address that both proved. Else
    the row takes back whatever lifts the odds against a household above `namesake_bits`. So it does, whatever was
    proved, where birth dates or generations are two people's.
    """
    levels = {row.comparison: row.level for row in rows}
    proven = any(row.level == LEVEL_OF_PROOF.get(row.comparison) for row in rows)
    told = levels.get("given_name") in DATED_WITH or levels.get("full_name") in SWAPPED
    dated = told and levels.get("birth_date") in DATED
    apart = are_told_apart(levels)
    if not apart and (proven or dated or levels.get("generation") == "equal"):
        return None
    above = fsum([row.bits_household for row in rows]) - model.rules.namesake_bits
    if above <= 0:
        return None
    sentence = TOLD_APART_SENTENCE if apart else NAMESAKE_SENTENCE
    return Evidence("name", "namesake", "household", sentence, "", "", 0.0, -above, True)


def guard_apart(rows: Sequence[Evidence], model: Model) -> Evidence | None:
    """Twins and spouses: with two given names, what a household shares anyway says nothing for one person.

    The row takes back whatever lifts the odds against a household above the prior (plus `guard_bits`).
    """
    levels = {row.comparison: row.level for row in rows}
    if levels.get("given_name") not in APART or _share_an_account(rows):
        return None
    shares = any(row.comparison in IDENTIFIERS and row.level in SHARED for row in rows)
    if not (shares or levels.get("family_name") in AGREEING or levels.get("address") in ("equal", "typo")):
        return None
    above = fsum([row.bits_household for row in rows]) - rows[0].bits_household - model.rules.guard_bits
    if above <= 0:
        return None
    return Evidence("name", "guard", "household", GUARD_SENTENCE, "", "", 0.0, -above, True)


def guard_home(rows: Sequence[Evidence], model: Model) -> Evidence | None:
    """A family name, an address, a line, a family's mailbox: all of a home have them, so they ask nobody.

    Without a given name that may be one person's, and nothing else of their own (`_is_ones_own`), the row takes back
    whatever lifts the odds against a household above `home_bits`, or, in a graph that has hardly any, above the prior
    less `few_homes_bits`.
    """
    most = max(model.rules.home_bits, rows[0].bits_household - model.rules.few_homes_bits)
    above = fsum([row.bits_household for row in rows]) - most
    if above <= 0 or _is_ones_own(rows, model):
        return None
    return Evidence("name", "home", "household", HOME_SENTENCE, "", "", 0.0, -above, True)


def _is_ones_own(rows: Sequence[Evidence], model: Model) -> bool:
    """A given name that is not another's, swapped names, a birth date, a mailbox, an account, a device that few use."""
    levels = {row.comparison: row.level for row in rows}
    if "full_name" in levels and levels["full_name"] != "frequency":
        named = levels["full_name"] != "crossed"
    else:
        named = levels.get("given_name", "none") not in NOBODYS
    mail = fsum([row.bits_household for row in rows if row.comparison == "email" and row.level in OWN_MAIL])
    born = fsum([row.bits_household for row in rows if row.comparison == "birth_date" and row.level != NEW_YEAR])
    mailed = any(row.comparison == "user_id" and row.level == "as_email" for row in rows)
    on_device = any(row.comparison in DEVICES and row.bits_stranger > 0 for row in rows)
    return named or mailed or on_device or _share_an_account(rows) or max(mail, born) >= model.rules.own_bits
