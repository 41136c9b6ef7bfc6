"""The scoring model as one versioned value: every m, h and u, the priors, caps and bands; read from packaged JSON."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

DEFAULT = "default-1"
EXCLUSIVE = frozenset({"email", "place"})
"""Comparisons with two strongest levels of which a pair can reach one (verified or not; postal code or town)."""

PARTS = frozenset({"street", "postal_code", "city"})
"""The parts of an address that have a frequency of their own."""
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


class BadModel(ValueError):
    """The model contradicts itself; the text says where."""

    def __init__(self, where: str, sentence: str) -> None:
        self.where = where
        self.sentence = sentence
        super().__init__(f"{where}: {sentence}")


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


def parse_model(content: Mapping[str, Any]) -> Model:
    """A model from its JSON form. BadModel where it contradicts itself, or where something is missing."""
    try:
        return _parse(content)
    except BadModel:
        raise
    except KeyError as error:
        raise BadModel("model", f"there is no {error.args[0]!r} where one is due") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadModel("model", f"it is not of the form of a model: {error}") from error


def _parse(content: Mapping[str, Any]) -> Model:
    model = Model(
        name=_name(content["name"]),
        prior_same=_positive("prior.same", content["prior"]["same"]),
        prior_household=_positive("prior.household", content["prior"]["household"]),
        least_persons=int(_positive("prior.least_persons", content["prior"]["least_persons"])),
        comparisons={name: _comparison(name, body) for name, body in content["comparisons"].items()},
        places={level: _place(part, body) for part, body in content["places"].items() for level in body["levels"]},
        sharing={name: _sharing(name, body) for name, body in content["sharing"].items()},
        rules=_rules(content["rules"]),
        device=Device(**_numbers("device", content["device"])),
        temporal=_temporal(content["temporal"]),
        lifecycle=Lifecycle(
            **{name: _positive(f"lifecycle.{name}", value) for name, value in content["lifecycle"].items()}
        ),
        bands={band: float(content["bands"][band]) for band in "ABC"},
        calibration=_calibration(content.get("calibration")),
    )
    if not 1 >= model.bands["A"] > model.bands["B"] > model.bands["C"] >= 0.5:
        raise BadModel("bands", "they must fall from A to C, between 1 and .5")
    if bool(content["calibrated"]) != model.calibrated:
        raise BadModel("calibrated", "it is calibrated when, and only when, there is a calibration")
    return model


def dump_model(model: Model) -> dict[str, Any]:
    """The JSON form of a model; `parse_model` reads an equal one from it."""
    parts: dict[str, dict[str, Any]] = {}
    for level, place in model.places.items():
        frequency = place.frequency
        body = {"field": frequency.field, "mean": frequency.mean, "least": frequency.least, "levels": []}
        parts.setdefault(place.part, body)["levels"].append(level)
    return {
        "name": model.name,
        "calibrated": model.calibrated,
        "prior": {
            "same": model.prior_same,
            "household": model.prior_household,
            "least_persons": model.least_persons,
        },
        "comparisons": {name: _dump_comparison(comparison) for name, comparison in model.comparisons.items()},
        "places": parts,
        "sharing": {name: asdict(sharing) for name, sharing in model.sharing.items()},
        "rules": {**asdict(model.rules), "one_account_issuers": sorted(model.rules.one_account_issuers)},
        "device": asdict(model.device),
        "temporal": {
            "turns": _dump_levels(model.temporal.turns),
            "logout_bits": model.temporal.logout_bits,
        },
        "lifecycle": asdict(model.lifecycle),
        "bands": dict(model.bands),
        "calibration": None if model.calibration is None else _lists(asdict(model.calibration)),
    }


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


def require_levels(model: Model, of: Model) -> None:
    """BadModel when the model lacks a comparison, level or rule of sharing that scoring will ask for."""
    for name, comparison in of.comparisons.items():
        if name not in model.comparisons:
            raise BadModel("comparisons", f"there is no {name}")
        if missing := comparison.levels.keys() - model.comparisons[name].levels.keys():
            raise BadModel(f"comparisons.{name}.levels", f"there is no {min(missing)}")
        if (comparison.frequency is None) != (model.comparisons[name].frequency is None):
            raise BadModel(f"comparisons.{name}.frequency", "scoring and the model must agree whether there is one")
    if missing := of.sharing.keys() - model.sharing.keys():
        raise BadModel("sharing", f"there is no {min(missing)}")
    if missing := of.temporal.turns.keys() - model.temporal.turns.keys():
        raise BadModel("temporal.turns", f"there is no {min(missing)}")


@cache
def load_model(name: str = DEFAULT) -> Model:
    """The packaged model of that name, validated."""
    path = resources.files("vitograph.resolver").joinpath("models", f"{name}.json")
    return parse_model(json.loads(path.read_text("utf-8")))


def _comparison(name: str, body: Mapping[str, Any]) -> Comparison:
    levels = {level: _level(f"comparisons.{name}.levels.{level}", chances) for level, chances in body["levels"].items()}
    for which in ("m", "h", "u"):
        if name not in EXCLUSIVE and sum(getattr(level, which) for level in levels.values()) > 1.05:
            raise BadModel(f"comparisons.{name}", f"the levels' {which} add up to more than 1")
    frequency = body.get("frequency")
    return Comparison(
        name=name,
        group=_text(f"comparisons.{name}.group", body["group"]),
        levels=levels,
        frequency=None if frequency is None else _frequency(f"comparisons.{name}.frequency", frequency),
        most_stranger_bits=_numbers(f"comparisons.{name}.most_stranger_bits", body.get("most_stranger_bits", {})),
    )


def _temporal(body: Mapping[str, Any]) -> Temporal:
    turns = {order: _level(f"turns.{order}", chances) for order, chances in body["turns"].items()}
    for which in ("m", "h", "u"):
        if not math.isclose(sum(getattr(level, which) for level in turns.values()), 1.0):
            raise BadModel("temporal.turns", f"the orders' {which} do not add up to 1")
    if body["logout_bits"] > 0:
        raise BadModel("temporal.logout_bits", "a logout between two logins speaks against one person")
    return Temporal(turns, float(body["logout_bits"]))


def _frequency(where: str, body: Mapping[str, Any]) -> Frequency:
    numbers = _numbers(where, {key: body[key] for key in ("mean", "least", "fuzzy")})
    if not (0 < numbers["mean"] < 1 and 0 <= numbers["least"] < 1):
        raise BadModel(where, "the mean lies between 0 and 1, the least from 0")
    sets = {key: _texts(f"{where}.{key}", body[key]) for key in ("exact", "fuzzy_levels")}
    return Frequency(**{"field": _text(f"{where}.field", body["field"])} | numbers | sets)


def _place(part: str, body: Mapping[str, Any]) -> Place:
    frequency = {**body, "exact": body["levels"], "fuzzy": 0.0, "fuzzy_levels": []}
    if part not in PARTS:
        raise BadModel("places", f"no address has a part {part!r}")
    return Place(part, _frequency(f"places.{part}", frequency))


def _rules(body: Mapping[str, Any]) -> Rules:
    numbers = {key: value for key, value in body.items() if key not in ("name_made", "one_account_issuers")}
    return Rules(
        **_numbers("rules", numbers),
        name_made=_numbers("rules.name_made", body["name_made"]),
        one_account_issuers=_texts("rules.one_account_issuers", body["one_account_issuers"]),
    )


def _level(where: str, chances: Mapping[str, float]) -> Level:
    m, h, u = (float(chances[which]) for which in ("m", "h", "u"))
    if not (0 < m < 1 and 0 < h < 1 and 0 <= u < 1):
        raise BadModel(where, "m and h lie between 0 and 1, u from 0")
    return Level.of(m, h, u)


def _positive(where: str, value: float) -> float:
    if not 0 < value < math.inf:
        raise BadModel(where, "it must be greater than 0")
    return float(value)


def _name(name: Any) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise BadModel("name", "up to 64 small letters, digits, dots and hyphens, the first a letter or digit")
    return name


def _numbers(where: str, body: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in body.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise BadModel(f"{where}.{name}", "it must be a number")
    return dict(body)


def _text(where: str, value: Any) -> str:
    if not isinstance(value, str):
        raise BadModel(where, "it must be a text")
    return value


def _texts(where: str, values: Any) -> frozenset[str]:
    if not isinstance(values, list | tuple):
        raise BadModel(where, "it must be a list of texts")
    return frozenset(_text(where, value) for value in values)


def _sharing(name: str, body: Mapping[str, Any]) -> Sharing:
    sharing = Sharing(**_numbers(f"sharing.{name}", body))
    if not (0 < sharing.prior < 1 and 0 < sharing.strength < math.inf):
        raise BadModel(f"sharing.{name}", "the prior lies between 0 and 1, its strength above 0")
    if not 0 <= sharing.recycled_per_year <= sharing.most_recycled < math.inf:
        raise BadModel(f"sharing.{name}", "what is recycled a year lies between 0 and the most")
    return sharing


def _calibration(body: Mapping[str, Any] | None) -> Calibration | None:
    if body is None:
        return None
    found = Calibration(tuple(body["bits"]), tuple(body["p_same"]), int(body["same"]), int(body["apart"]))
    if len(found.bits) != len(found.p_same) or len(found.bits) < 2:
        raise BadModel("calibration", "it takes two knots or more, each with bits and a probability")
    if not all(a < b for a, b in pairwise(found.bits)) or not all(a <= b for a, b in pairwise(found.p_same)):
        raise BadModel("calibration", "bits must rise from knot to knot, and p_same must never fall")
    if not all(math.isfinite(bits) for bits in found.bits) or not (found.p_same[0] > 0 and found.p_same[-1] < 1):
        raise BadModel("calibration", "bits are finite, probabilities lie between 0 and 1")
    return found


def _dump_comparison(comparison: Comparison) -> dict[str, Any]:
    body: dict[str, Any] = {
        "group": comparison.group,
        "levels": _dump_levels(comparison.levels),
    }
    if comparison.frequency is not None:
        body["frequency"] = _lists(asdict(comparison.frequency))
    if comparison.most_stranger_bits:
        body["most_stranger_bits"] = dict(comparison.most_stranger_bits)
    return body


def _dump_levels(levels: Mapping[str, Level]) -> dict[str, dict[str, float]]:
    return {name: {"m": level.m, "h": level.h, "u": level.u} for name, level in levels.items()}


def _lists(body: Mapping[str, Any]) -> dict[str, Any]:
    """JSON knows neither sets nor tuples."""
    return {
        name: sorted(value) if isinstance(value, frozenset) else list(value) if isinstance(value, tuple) else value
        for name, value in body.items()
    }
