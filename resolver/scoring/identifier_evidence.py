"""Evidence from identifiers: shared values weigh by who else uses them, different values by their resemblance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2

from vitograph.resolver.comparing.comparisons import EMAIL, PHONE, Ladder, level_of
from vitograph.resolver.comparing.contacts import NUMBERS_ASIDE, is_made_of
from vitograph.resolver.model import SILENT, Assurance, IdentifierKind, Profile
from vitograph.resolver.scoring.evidence import Evidence
from vitograph.resolver.scoring.name_evidence import names_of
from vitograph.resolver.scoring.one_value import Shared, is_familys, repeats, weighed_as
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import (
    Population,
    expected_strangers,
    gap_years,
    others_on,
    persons_of,
    sharing_of,
)
from vitograph.resolver.scoring.temporal import GROUP as DEVICE
from vitograph.resolver.scoring.temporal import Pair, is_one_sitting, time_rows
from vitograph.resolver.values.names import fold

SHARED_SENTENCE = {
    IdentifierKind.EMAIL: "Both use this e-mail address.",
    IdentifierKind.PHONE: "Both use this phone number.",
    IdentifierKind.COOKIE: "Both were seen on one device.",
    IdentifierKind.SESSION: "Both were seen in one session.",
    IdentifierKind.USER_ID: "Both use this account.",
}
SENTENCE = {
    "verified": "Both proved that this e-mail address is theirs.",
    "family": "Both use this e-mail address, which by its name is a family's.",
    "as_email": "Both use this account, which is an e-mail address and says no more than one.",
    "as_phone": "Both use this account, which is a phone number and says no more than one.",
}
KNOWN_SHARED = "Both use it, and it is known to be shared: no evidence."
HANDED_ON = " More than a year lies between their uses: it may have been handed on."
OF_SEVERAL_LEVELS = frozenset({"shared", "family"})
"""Levels of an identifier that several people use, as far as is known."""
LONG_GAP = 1.0
ONE_SITTING = "Seen only together with the other: one sitting counts once."
FURTHER = " A further agreement of its kind counts in part."
SECOND_ACCOUNT = "Two accounts of one issuer: how far that speaks for two people is counted in each graph."
ONE_ACCOUNT = "Two verified accounts of an issuer that gives a person exactly one: they cannot be one person."
REPEATED = "The same value as {other}, which both use: it counts once."
OF_SEVERAL = "The same value as {other}, which several people use: no evidence."
USED_BY_TWO = "Both use this account, but two accounts that a person has only one of tell them apart: no evidence."


@dataclass(frozen=True, slots=True)
class IdentifierEvidence:
    """Rows, the most other persons on an identifier that both use, and whether a constraint forbids the pair."""

    rows: tuple[Evidence, ...]
    most_others: float
    conflict: bool


def compare_identifiers(
    left: Profile, right: Profile, population: Population, model: Model, prior_stranger: float
) -> IdentifierEvidence:
    """All rows of e-mail, phone, device and account of two views."""
    equal, others = _equal(left, right, population, model)
    equal = _once_each(equal)
    rows = _contact(EMAIL, equal, left, right, model)
    rows += _contact(PHONE, equal, left, right, model)
    device = sorted((row for row in equal if row.group == DEVICE), key=_strength, reverse=True)
    shared = {row.left: (left.identifiers[row.left], right.identifiers[row.left]) for row in device}
    rows += _cap_device(_once(_discount(device, model), shared), model, prior_stranger)
    rows += time_rows((shared[row.left] for row in device if row.level != "shared"), model)
    accounts, conflict = _accounts(equal, left, right, model)
    return IdentifierEvidence(tuple(rows + accounts), others, conflict)


def _equal(left: Profile, right: Profile, population: Population, model: Model) -> tuple[list[Evidence], float]:
    """A row for every identifier that both hold, and the most other persons on one of them."""
    rows, most, persons = [], 0.0, persons_of(population, model)
    for key in left.identifiers.keys() & right.identifiers.keys():
        ours, theirs = left.identifiers[key], right.identifiers[key]
        use = population.use(key)
        others = others_on(use, model)
        most = max(most, others)
        kind, weighed = ours.identifier.kind, weighed_as(key)
        group, comparison = model.comparisons[kind].group, model.comparisons[weighed]
        if use.status in SILENT:
            rows.append(Evidence(group, kind.value, "shared", KNOWN_SHARED, key, key, 0.0, 0.0, True))
            continue
        verified = weighed is kind and ours.assurance is theirs.assurance is Assurance.VERIFIED
        gap, sharing = gap_years(ours, theirs), sharing_of(model, weighed, use, verified)
        strangers = expected_strangers(sharing, others, gap)
        level = shared_level(weighed, is_familys(key), verified)
        found = comparison.levels[level]
        bits = max(log2(found.m * (persons - 1) / strangers), 0.0)
        if weighed is not kind and level == "equal":
            level = f"as_{weighed}"
        sentence = SENTENCE.get(level, SHARED_SENTENCE[kind])
        if gap >= LONG_GAP and sharing.recycled_per_year > 0:
            sentence += HANDED_ON
        rows.append(Evidence(group, kind.value, level, sentence, key, key, bits, found.bits_household))
    return rows, most


def _once_each(rows: list[Evidence]) -> list[Evidence]:
    """One value counts once, whatever kinds it is given as; as several people's where it is known to be that."""
    if len(rows) < 2:
        return rows
    known = {row.left: Shared(row.left, row.level in OF_SEVERAL_LEVELS, *row[6:8]) for row in rows}
    counted = repeats(known.values())
    return [_repeated(row, counted[row.left]) if row.left in counted else row for row in rows]


def _repeated(row: Evidence, counted: Shared) -> Evidence:
    level, sentence = ("shared", OF_SEVERAL) if counted.of_several else ("repeated", REPEATED)
    sentence = sentence.format(other=counted.key.partition(":")[0])
    return row._replace(level=level, sentence=sentence, bits_stranger=0.0, bits_household=0.0, capped=True)


def shared_level(kind: IdentifierKind, is_family: bool, verified: bool) -> str:
    """The level of an identifier that both hold: a family's mailbox, one that both proved to be theirs, or neither."""
    if kind is not IdentifierKind.EMAIL:
        return "equal"
    return "family" if is_family else "verified" if verified else "equal"


def _strength(row: Evidence) -> tuple[float, float, str]:
    return (min(row.bits_stranger, row.bits_household), row.bits_stranger, row.left)


def _discount(rows: list[Evidence], model: Model) -> list[Evidence]:
    """The best row of a group counts, every further one at most a share of itself (dependence)."""
    share = model.rules.further_share
    return rows[:1] + [
        row._replace(
            sentence=row.sentence + FURTHER,
            bits_stranger=row.bits_stranger * share,
            bits_household=row.bits_household * share,
            capped=True,
        )
        for row in rows[1:]
    ]


def _once(rows: list[Evidence], shared: Mapping[str, Pair]) -> list[Evidence]:
    """One co-occurrence counts once: a cookie seen only in the sitting of a session says nothing beside the session."""
    kept: list[Evidence] = []
    for row in rows:
        counted = [other for other in kept if other.bits_stranger > 0]
        if any(is_one_sitting(shared[row.left], shared[other.left]) for other in counted):
            row = row._replace(sentence=ONE_SITTING, bits_stranger=0.0, bits_household=0.0, capped=True)
        kept.append(row)
    return kept


def _contact(ladder: Ladder, equal: Iterable[Evidence], left: Profile, right: Profile, model: Model) -> list[Evidence]:
    """E-mail or phone: the shared values, or else how the two nearest values compare."""
    rows = sorted((row for row in equal if row.comparison == ladder.name), key=_strength, reverse=True)
    if rows:
        return _discount(rows, model)
    kind = IdentifierKind(ladder.name)
    ours = [held.identifier.value for held in left.identifiers.values() if held.identifier.kind is kind]
    theirs = [held.identifier.value for held in right.identifiers.values() if held.identifier.kind is kind]
    comparison = model.comparisons[ladder.name]
    if not ours or not theirs:
        missing = (min(ours, default=""), min(theirs, default=""))
        return [Evidence(comparison.group, ladder.name, "none", ladder.absent, *missing, 0.0, 0.0)]
    level, nearest = _nearest(ladder, ours, theirs)
    found = comparison.levels[level]
    bits = min(found.bits_stranger, comparison.most_stranger_bits.get(level, found.bits_stranger))
    bits_household = found.bits_household
    made = model.rules.name_made.get(level) if ladder is EMAIL else None
    own = nearest if made is None else [pair for pair in nearest if not _are_name_made(pair, level, left, right)]
    if made is not None and not own:
        bits, bits_household = min(bits, made), min(bits_household, made)
    a, b = own[0] if own else nearest[0]
    capped = bits < found.bits_stranger
    sentence = ladder.sentence(level)
    return [Evidence(comparison.group, ladder.name, level, sentence, a, b, bits, bits_household, capped)]


def _nearest(ladder: Ladder, ours: list[str], theirs: list[str]) -> tuple[str, list[tuple[str, str]]]:
    """The highest level that two values reach, and all pairs of values that reach it, in their order.

    The best of a group counts: of several pairs that reach it, one that is more than the name again is not weakened by
    others that are no more.
    """
    levels = {(a, b): level_of(ladder.name, a, b) for a in ours for b in theirs}
    level = min(levels.values(), key=ladder.names.index)
    return level, sorted(pair for pair, reached in levels.items() if reached == level)


def _are_name_made(pair: tuple[str, str], level: str, left: Profile, right: Profile) -> bool:
    return _is_name_made(pair[0], level, left) and _is_name_made(pair[1], level, right)


def _is_name_made(address: str, level: str, profile: Profile) -> bool:
    """Whether an address repeats a name of the view: its resemblance was counted with the name then."""
    aside = level in NUMBERS_ASIDE
    return any(
        is_made_of(address, fold(name.given), fold(name.family), numbers_aside=aside) for name in names_of(profile)
    )


def _cap_device(rows: list[Evidence], model: Model, prior_stranger: float) -> list[Evidence]:
    """Cookie and session together lift the odds against a stranger to the cap at most, prior included."""
    room = model.rules.device_cap - prior_stranger
    capped = []
    for row in rows:
        bits = min(row.bits_stranger, max(room, 0.0))
        room -= bits
        capped.append(row if bits == row.bits_stranger else row._replace(bits_stranger=bits, capped=True))
    return capped


def _accounts(equal: Iterable[Evidence], left: Profile, right: Profile, model: Model) -> tuple[list[Evidence], bool]:
    """User ids. Two verified ids of one issuer say nothing by default.

    An import gives every row of a source its own verified id, and the duplicates inside one source are what must be
    found; so the spec's constraint holds only for issuers named in the model's `one_account_issuers`. Nothing lifts it:
    an account that two people use is a shared one.
    """
    rows = sorted((row for row in equal if row.comparison == "user_id"), key=_strength, reverse=True)
    mine, other = _verified_accounts(left), _verified_accounts(right)
    both = sorted(mine.keys() & other.keys())
    for issuer in both:
        if issuer in model.rules.one_account_issuers and mine[issuer].isdisjoint(other[issuer]):
            bits = model.rules.conflict_bits
            pair = (min(mine[issuer]), min(other[issuer]))
            conflict = Evidence("account", "user_id", "conflict", ONE_ACCOUNT, *pair, bits, bits)
            return [conflict, *map(_of_two, rows)], True
    if rows or not both:
        return _discount(rows, model), False
    found, pair = model.comparisons["user_id"].levels["second"], (min(mine[both[0]]), min(other[both[0]]))
    return [
        Evidence("account", "user_id", "second", SECOND_ACCOUNT, *pair, found.bits_stranger, found.bits_household)
    ], False


def _of_two(row: Evidence) -> Evidence:
    """The row of an account that both use although a constraint says that they are two people: it says nothing."""
    return row._replace(level="shared", sentence=USED_BY_TWO, bits_stranger=0.0, bits_household=0.0, capped=True)


def _verified_accounts(profile: Profile) -> dict[str, set[str]]:
    """Issuer -> the keys of the verified user ids of it."""
    accounts: dict[str, set[str]] = {}
    for key, held in profile.identifiers.items():
        if held.identifier.kind is IdentifierKind.USER_ID and held.assurance is Assurance.VERIFIED:
            accounts.setdefault(held.identifier.issuer, set()).add(key)
    return accounts
