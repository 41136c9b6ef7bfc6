"""E-mail addresses, phone numbers and accounts of many pairs, as `identifier_evidence.compare_identifiers` reads them.

What a device says depends on the order in time of its uses, so a pair that shares a cookie or a session is left to
`score`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from vitograph.resolver.columnar.contact_rows import Contacts
from vitograph.resolver.columnar.crossing import Crossed, best, cross, distinct, starts_of, where
from vitograph.resolver.columnar.frame import Bools, Column, Floats, Frame, Ints
from vitograph.resolver.columnar.repeating import silence_repeats
from vitograph.resolver.columnar.rows import NONE, Rows
from vitograph.resolver.columnar.words import Names
from vitograph.resolver.comparing.comparisons import EMAIL, PHONE
from vitograph.resolver.model import SILENT, Assurance, Identifier, IdentifierKind, IdentifierStatus, IdentifierUse
from vitograph.resolver.scoring.identifier_evidence import shared_level
from vitograph.resolver.scoring.one_value import is_familys, weighed_as
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import (
    DAYS_PER_YEAR,
    Population,
    expected_strangers,
    others_on,
    persons_of,
    sharing_of,
)

KINDS = tuple(IdentifierKind)
EMAILS, PHONES, ACCOUNTS = (
    KINDS.index(kind) for kind in (IdentifierKind.EMAIL, IdentifierKind.PHONE, IdentifierKind.USER_ID)
)
_WEAK = np.array([not kind.is_strong for kind in KINDS])
_DAY = 86_400_000_000
_STATUSES = {status: place for place, status in enumerate(IdentifierStatus)}
_USE = [
    ("strangers", "f8"), ("recycled", "f8"), ("most_recycled", "f8"), ("m", "f8"), ("household", "f8"),
    ("others", "f8"), ("shared", "?"), ("proven", "?"), ("family", "?"),
]  # fmt: skip


class Shared(NamedTuple):
    """Identifiers that both views of a pair hold, pair by pair: its kind, bits, and its place in the order of keys.

    One that is known to be shared by many, or repeats another, is `silent`; `proven` is an e-mail address that both
    proved to be theirs; `account` is one that is no address or number, `own` that or a mailbox.
    """

    pair: Ints
    kind: Ints
    account: Bools
    own: Bools
    proven: Bools
    stranger: Floats
    household: Floats
    key: Ints
    silent: Bools


@dataclass(frozen=True, slots=True)
class IdentifierRows:
    """The rows of each kind, the most other persons on a shared identifier, and what is left to `score`."""

    email: Rows
    phone: Rows
    account: Rows
    same_account: Bools
    own_account: Bools
    """An account, or one that is a mailbox of one's own."""
    same_phone: Bools
    proven: Bools
    most_others: Floats
    shares: Bools
    conflict: Bools
    shares_device: Bools


@dataclass(slots=True)
class Identifiers:
    """The identifiers of a frame under one model."""

    frame: Frame
    population: Population
    model: Model
    names: Names
    kinds: Ints = field(init=False)
    weighed: Ints = field(init=False)
    held_by_several: Column = field(init=False)
    places: Ints = field(init=False)
    contacts: dict[int, Contacts] = field(init=False)
    accounts: _Accounts = field(init=False)

    def __post_init__(self) -> None:
        frame = self.frame
        self.kinds = frame.once(KINDS, lambda: _kinds_of(frame.identifiers.values))
        self.weighed = frame.once(weighed_as, lambda: _weighed(frame.identifiers.values, self.kinds))
        self.held_by_several, self.places = frame.once(Shared, lambda: _by_several(frame.identifiers))
        self.contacts = {
            kind: Contacts(self.kinds == kind, ladder, frame, self.names, self.model)
            for kind, ladder in ((EMAILS, EMAIL), (PHONES, PHONE))
        }
        self.accounts = _Accounts(self.frame, self.kinds, self.model)

    def compare(self, left: Ints, right: Ints) -> IdentifierRows:
        size = len(left)
        shared, most_others, shares, shares_device = self._shared(left, right)
        email, phone, account = (self._sum(shared, kind, size) for kind in (EMAILS, PHONES, ACCOUNTS))
        self.contacts[EMAILS].add_nearest(email, left, right)
        self.contacts[PHONES].add_nearest(phone, left, right)
        heard = ~shared.silent
        same_account, own_account, same_phone, proven = (
            np.bincount(shared.pair[which & heard], minlength=size) > 0
            for which in (shared.account, shared.own, shared.kind == PHONES, shared.proven)
        )
        conflict = self.accounts.add_second(account, left, right)
        same = (same_account & ~conflict, own_account & ~conflict, same_phone, proven)
        return IdentifierRows(email, phone, account, *same, most_others, shares, conflict, shares_device)

    def most_others(self, left: Ints, right: Ints) -> Floats:
        """The most other persons on an identifier that both views of a pair hold; 0 where they share none."""
        return self._shared(left, right)[1]

    def _meet(self, left: Ints, right: Ints) -> Crossed:
        """The identifiers that both views of a pair hold."""
        crossed, codes = cross(self.held_by_several, left, right), self.held_by_several.codes
        hits = np.flatnonzero(codes[crossed.left] == codes[crossed.right])
        return Crossed(crossed.pair[hits], crossed.left[hits], crossed.right[hits])

    def _shared(self, left: Ints, right: Ints) -> tuple[Shared, Floats, Bools, Bools]:
        frame, size = self.frame, len(left)
        met = self._meet(left, right)
        pair, code = met.pair, self.held_by_several.codes[met.left]
        ours, theirs = self.places[met.left], self.places[met.right]
        shares, shares_device = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        shares[pair] = True
        shares_device[pair[_WEAK[self.kinds[code]]]] = True

        first_seen, last_seen = frame.held["first_seen"], frame.held["last_seen"]
        verified = np.minimum(frame.held["assurance"][ours], frame.held["assurance"][theirs]) == Assurance.VERIFIED
        verified &= self.weighed[code] == self.kinds[code]
        used = self._uses(code, verified)
        days = np.maximum(
            (first_seen[theirs] - last_seen[ours]) // _DAY,
            (first_seen[ours] - last_seen[theirs]) // _DAY,
        )
        gap = np.maximum(days, 0) / DAYS_PER_YEAR
        strangers = used["strangers"] + np.minimum(used["recycled"] * gap, used["most_recycled"])
        others = persons_of(self.population, self.model) - 1
        with np.errstate(divide="ignore"):
            bits = np.maximum(np.log2(used["m"] * others / strangers), 0.0)
        stranger = np.where(used["shared"], 0.0, bits)
        most_others = np.zeros(size)
        np.maximum.at(most_others, pair, used["others"])
        told = ~_WEAK[self.kinds[code]]
        kinds, weighed, order = self.kinds[code], self.weighed[code], self._order(pair, code)
        account = weighed == ACCOUNTS
        own = account | ((kinds == ACCOUNTS) & (weighed == EMAILS) & ~used["family"])
        found = Shared(pair, kinds, account, own, used["proven"], stranger, used["household"], order, used["shared"])
        found = Shared(*(part[told] for part in found))
        return self._once_each(found, code[told], used["family"][told]), most_others, shares, shares_device

    def _once_each(self, shared: Shared, code: Ints, family: Bools) -> Shared:
        keys, bits = self.frame.identifiers.values, (shared.stranger, shared.household)
        repeated = silence_repeats(
            shared.pair, shared.kind == ACCOUNTS, lambda at: keys[code[at]], shared.silent | family, bits
        )
        return shared._replace(silent=shared.silent | repeated)

    def _uses(self, code: Ints, verified: Bools) -> np.ndarray:
        """What the population and the model say of identifiers."""
        uses, inverse = distinct(code)
        keys = self.frame.identifiers.values
        found = [self.population.use(keys[use]) for use in uses.tolist()]
        status = np.array([_STATUSES[use.status] for use in found], np.int64)[inverse]
        holders = np.array([use.holders for use in found], np.int64)[inverse]
        most = int(holders.max(initial=0)) + 1
        family = np.array([is_familys(keys[use]) for use in uses.tolist()], np.bool_)[inverse]
        alike = (((self.weighed[code] * 2 + family) * 2 + verified) * len(_STATUSES) + status) * most + holders
        kinds, which = distinct(alike)
        told = [self._use(*divmod(kind, most)) for kind in kinds.tolist()]
        return np.array(told, _USE)[which]

    def _use(self, alike: int, holders: int) -> tuple[float | int, ...]:
        """The same of one kind, status and number of holders."""
        rest, status = divmod(alike, len(_STATUSES))
        kind, family, verified = KINDS[rest // 4], bool(rest // 2 % 2), bool(rest % 2)
        use = IdentifierUse(list(_STATUSES)[status], holders)
        level = shared_level(kind, family, verified)
        found = self.model.comparisons[kind.value].levels[level]
        sharing = sharing_of(self.model, kind.value, use, verified)
        shared = use.status in SILENT
        household = 0.0 if shared else found.bits_household
        strangers = expected_strangers(sharing, others := others_on(use, self.model), 0.0)
        handed_on = (strangers, sharing.recycled_per_year, sharing.most_recycled)
        return (*handed_on, found.m, household, others, shared, level == "verified", level == "family")

    def _order(self, pair: Ints, code: Ints) -> Ints:
        """The places of identifiers in the order of their keys, by which ties are settled."""
        if len(starts_of(pair)) == len(pair):
            return code
        codes, inverse = distinct(code)
        keys = self.frame.identifiers.values
        return np.argsort(np.argsort(np.array([keys[one] for one in codes.tolist()], object)))[inverse]

    def _sum(self, shared: Shared, kind: int, size: int) -> Rows:
        """The best shared identifier of a kind and a share of the others (`_discount`); level 0 where there is one."""
        of = shared.kind == kind
        pair, stranger, household, key = shared.pair[of], shared.stranger[of], shared.household[of], shared.key[of]
        rows, share = Rows.silent(size), self.model.rules.further_share
        top = best(pair, np.minimum(stranger, household), stranger, key)
        starts = starts_of(pair)
        if len(starts):
            for whole, part in ((rows.stranger, stranger), (rows.household, household)):
                whole[pair[top]] = part[top] + share * (np.add.reduceat(part, starts) - part[top])
        rows.level[pair[top]] = 0
        return rows


class _Accounts:
    """Verified user ids of one issuer that differ."""

    def __init__(self, frame: Frame, kinds: Ints, model: Model) -> None:
        column = frame.identifiers
        verified = (kinds[column.codes] == ACCOUNTS) & (frame.held["assurance"] == Assurance.VERIFIED)
        self.accounts, _ = where(column, verified)
        used = np.unique(self.accounts.codes).tolist() if len(self.accounts.codes) else []
        issuer_of = {code: Identifier.parse(column.values[code]).issuer for code in used}
        issuers = sorted(set(issuer_of.values()))
        places = {issuer: place for place, issuer in enumerate(issuers)}
        codes = np.full(len(kinds), NONE)
        codes[used] = [places[issuer_of[code]] for code in used]
        self.column = Column(issuers, self.accounts.offsets, codes[self.accounts.codes])
        self.one_account = np.array([issuer in model.rules.one_account_issuers for issuer in issuers], np.bool_)
        self.second = model.comparisons["user_id"].levels["second"]
        self.conflict_bits = model.rules.conflict_bits

    def add_second(self, rows: Rows, left: Ints, right: Ints) -> Bools:
        """Fills in the pairs that share no account and those that a constraint forbids, and says which these are."""
        crossed = cross(self.column, left, right)
        issuer = self.column.codes[crossed.left]
        common = np.flatnonzero(issuer == self.column.codes[crossed.right])
        second = np.zeros(len(left), np.bool_)
        second[crossed.pair[common]] = True
        second &= rows.level == NONE
        conflict = self._forbidden(Crossed(*(part[common] for part in crossed)), len(left))
        for which, stranger, household in (
            (second, self.second.bits_stranger, self.second.bits_household),
            (conflict, self.conflict_bits, self.conflict_bits),
        ):
            rows.stranger[which], rows.household[which] = stranger, household
        return conflict

    def _forbidden(self, met: Crossed, size: int) -> Bools:
        """Pairs whose accounts of one issuer of one account a person have none in common."""
        issuer = self.column.codes[met.left]
        one = np.flatnonzero(self.one_account[issuer])
        groups, inverse = distinct(met.pair[one] * max(len(self.one_account), 1) + issuer[one])
        equal = self.accounts.codes[met.left[one]] == self.accounts.codes[met.right[one]]
        apart = np.bincount(inverse[equal], minlength=len(groups)) == 0
        forbidden = np.zeros(size, np.bool_)
        forbidden[groups[apart] // max(len(self.one_account), 1)] = True
        return forbidden


def _kinds_of(keys: Sequence[str]) -> Ints:
    places = {kind.value: place for place, kind in enumerate(KINDS)}
    return np.fromiter((places[key.partition(":")[0]] for key in keys), np.int64, len(keys))


def _weighed(keys: Sequence[str], kinds: Ints) -> Ints:
    """`one_value.weighed_as` of each key of these kinds."""
    weighed = kinds.copy()
    for code in np.flatnonzero(kinds == ACCOUNTS).tolist():
        weighed[code] = KINDS.index(weighed_as(keys[code]))
    return weighed


def _by_several(column: Column) -> tuple[Column, Ints]:
    """The identifiers that several views hold, as `crossing.where`."""
    several = np.bincount(column.codes, minlength=len(column.values)) > 1
    return where(column, several[column.codes])
