"""The scoring model as one versioned value: every m, h and u, the priors, caps and bands."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Level:
    """How often a pair of one person (m), of one household (h) and of two strangers (u) stands at a level: 0..1.

    `u` is 0 for a shared identifier, whose u is counted per value. The bits are log2(m/u) and log2(m/h).
    """

    m: float
    h: float
    u: float
    bits_stranger: float
    bits_household: float

    @classmethod
    def of(cls, m: float, h: float, u: float) -> Level:
        """The level of these chances, with its bits."""
        return cls(m, h, u, math.log2(m / u) if u else 0.0, math.log2(m / h))


@dataclass(frozen=True, slots=True)
class Frequency:
    """Where a value's own frequency replaces the level's u.

    `mean` is the published chance that two strangers agree, `least` the rarest a value is believed to be. Levels in
    `exact` take the whole of log2(u/tf), those in `fuzzy_levels` the share `fuzzy` of it.
    """

    field: str
    mean: float
    least: float
    exact: frozenset[str]
    fuzzy: float
    fuzzy_levels: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The levels of one field, its dependence group, and how much a level may say against a stranger at most (bits)."""

    name: str
    group: str
    levels: Mapping[str, Level]
    frequency: Frequency | None
    most_stranger_bits: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Place:
    """The part of an address whose own frequency replaces u at a level: an address field, its mean and its floor."""

    part: str
    frequency: Frequency


@dataclass(frozen=True, slots=True)
class Sharing:
    """The chance that an identifier is shared outside one household, before and after its holders are counted.

    `prior` is the mean of a Beta distribution of `strength` observations; recycling is persons per year of gap.
    """

    prior: float
    strength: float
    recycled_per_year: float
    most_recycled: float


@dataclass(frozen=True, slots=True)
class Rules:
    """Dependence and guards.

    `name_correlation`: how much likelier strangers share a full name than the product of its parts says.
    `further_share`: what a second agreement of one group still counts. `name_made`: bits against either rival that a
    resemblance of two e-mail addresses may say, by level, when both only repeat the name. `device_cap`: bits
    against a stranger that cookie and session together may reach, prior included. `gender_share`: what an agreeing
    gender counts once given names agree. `common_views` and `slip_share`: views beside the pair, and their share of
    those of the other name, that make a name common, hence no typing error. `guard_bits`: how far above the prior the
    odds against a household may rise for twins and spouses; `namesake_bits`: how far they may rise at all while nothing
    tells a person from a namesake or a twin at home. `own_bits`: what a mailbox or a birth date must
    say against a household to be one person's own. Without anything of one's own the odds against it rise to
    `home_bits` at most, or to the prior less `few_homes_bits` where a graph has hardly any household.
    `new_year_times`: how many times likelier than another day two people have 1 January of one year as a birth date.
    `one_account_issuers`: issuers of which a person has exactly one verified user_id; two of them say
    `conflict_bits`.
    """

    name_correlation: float
    further_share: float
    name_made: Mapping[str, float]
    device_cap: float
    gender_share: float
    common_views: int
    slip_share: float
    guard_bits: float
    namesake_bits: float
    own_bits: float
    home_bits: float
    few_homes_bits: float
    new_year_times: float
    one_account_issuers: frozenset[str]
    conflict_bits: float


@dataclass(frozen=True, slots=True)
class Device:
    """How a device's anonymous history goes to the known persons seen on it.

    `unseen_users`: users of a device whom nobody knows, expected beside the known ones. `untold_user`: what a further
    known user counts whom nothing tells from the others. `bits_per_doubling`: for every doubling of the person's
    sittings on it, to `most_use_bits` at most, `most_use_of_several` where several are known on it. Uses no more than
    `near_days` apart say `near_bits`, more than `far_days` apart `far_bits`. `session_bits`: when all sessions of the
    device became the person's by a login, and a share of them for a share.
    """

    unseen_users: float
    untold_user: float
    bits_per_doubling: float
    most_use_bits: float
    most_use_of_several: float
    near_days: float
    near_bits: float
    far_days: float
    far_bits: float
    session_bits: float
    nothing_shared_bits: float


@dataclass(frozen=True, slots=True)
class Temporal:
    """What the order of two persons' logins says: a level for each order, and bits of a logout within one session."""

    turns: Mapping[str, Level]
    logout_bits: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the verdicts of specialists made of the odds: P(same) as a function of them that never falls.

    `bits`, rising, are log2 odds of one person against both rivals together; `p_same` is what was found there. `same`
    and `apart` count the verdicts behind it.
    """

    bits: tuple[float, ...]
    p_same: tuple[float, ...]
    same: int
    apart: int

    def at(self, bits: float) -> float:
        """Straight between two knots. Below the first the odds go on as computed, drawn to the knot; above the last
        nothing is added: no verdict has vouched for more.
        """
        after = bisect_right(self.bits, bits)
        if after == len(self.bits):
            return self.p_same[-1]
        if after == 0:
            odds = math.log2(self.p_same[0] / (1 - self.p_same[0])) + bits - self.bits[0]
            return float(1 / (1 + 2.0**-odds)) if odds > -500 else 0.0
        left, right = self.bits[after - 1], self.bits[after]
        share = (bits - left) / (right - left)
        return self.p_same[after - 1] + share * (self.p_same[after] - self.p_same[after - 1])

    def bits_at(self, p_same: float) -> float | None:
        """The least bits at which P(same) is so much; None when it is more than the verdicts vouch for."""
        at = bisect_left(self.p_same, p_same)
        if at == len(self.p_same):
            return None
        found = self.p_same[at]
        if at == 0:
            return self.bits[0] + math.log2(p_same / (1 - p_same)) - math.log2(found / (1 - found))
        before = self.p_same[at - 1]
        return self.bits[at - 1] + (self.bits[at] - self.bits[at - 1]) * (p_same - before) / (found - before)


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """When an identifier changes its status.

    `shared_at`: strangers expected beside a holder from which on it is shared. `blocked_above`: holders of any kind.
    `household_most`: persons whom one household may have. `lapse_years`: after so long without use, somebody else's
    proof ends a hold.
    """

    shared_at: float
    blocked_above: float
    household_most: float
    lapse_years: float


@dataclass(frozen=True, slots=True)
class Model:
    """One version of everything scoring believes.

    `prior_same`: expected duplicate persons per person; `prior_household`: expected co-household per person;
    `least_persons`: a graph is never believed smaller than this. `places`: address level -> the part
    whose frequency counts there. `bands`: the least P(same) of each band; 1 for a band A that verdicts have not
    opened yet. Without a `calibration` the probabilities are the model's own claim.
    """

    name: str
    prior_same: float
    prior_household: float
    least_persons: int
    comparisons: Mapping[str, Comparison]
    places: Mapping[str, Place]
    sharing: Mapping[str, Sharing]
    rules: Rules
    device: Device
    temporal: Temporal
    lifecycle: Lifecycle
    bands: Mapping[str, float]
    calibration: Calibration | None = None

    @property
    def calibrated(self) -> bool:
        """Whether enough verdicts stand behind its probabilities."""
        return self.calibration is not None


def with_levels(model: Model, changed: Mapping[tuple[str, str], Level]) -> Model:
    """The model with other chances at some levels, each named by its comparison and its own name."""
    return replace(
        model,
        comparisons={
            name: replace(
                comparison, levels={level: changed.get((name, level), one) for level, one in comparison.levels.items()}
            )
            for name, comparison in model.comparisons.items()
        },
    )
