"""Scoring models as JSON: the packaged ones and those of a graph are read here, checked, and written."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any

from vitograph.resolver.scoring.frequencies import PARTS
from vitograph.resolver.scoring.parameters import (
    Calibration,
    Comparison,
    Device,
    Frequency,
    Level,
    Lifecycle,
    Model,
    Place,
    Rules,
    Sharing,
    Temporal,
)

DEFAULT = "default-1"
EXCLUSIVE = frozenset({"email", "place"})
"""Comparisons with two strongest levels of which a pair can reach one (verified or not; postal code or town)."""

SINCE: Mapping[str, float] = {"own_bits": 0.0, "home_bits": 1e3, "few_homes_bits": 0.0, "new_year_times": 1.0}
"""Rules that older models do not have, by values that let them score as they did."""

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,63}")


class BadModel(ValueError):
    """The model contradicts itself; the text says where."""

    def __init__(self, where: str, sentence: str) -> None:
        self.where = where
        self.sentence = sentence
        super().__init__(f"{where}: {sentence}")


@cache
def load_model(name: str = DEFAULT) -> Model:
    """The packaged model of that name, validated."""
    path = resources.files("vitograph.resolver").joinpath("models", f"{name}.json")
    return parse_model(json.loads(path.read_text("utf-8")))


def parse_model(content: Mapping[str, Any]) -> Model:
    """A model from its JSON form. BadModel where it contradicts itself, or where something is missing."""
    try:
        return _parse(content)
    except BadModel:
        raise
    except KeyError as error:
        raise BadModel("model", f"there is no {error.args[0]!r}, which models of this version have") from error
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BadModel("model", f"it is not of the form of a model: {error}") from error


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


def require_levels(model: Model, of: Model) -> None:
    """BadModel when the model lacks a comparison, level or rule of sharing that scoring will ask for, or puts a
    comparison into another group: what counts once, and what agrees with what, goes by these.
    """
    for name, comparison in of.comparisons.items():
        if name not in model.comparisons:
            raise BadModel("comparisons", f"there is no {name}")
        if missing := comparison.levels.keys() - model.comparisons[name].levels.keys():
            raise BadModel(f"comparisons.{name}.levels", f"there is no {min(missing)}")
        if comparison.group != model.comparisons[name].group:
            raise BadModel(f"comparisons.{name}.group", f"it must be {comparison.group!r}")
        if (comparison.frequency is None) != (model.comparisons[name].frequency is None):
            raise BadModel(f"comparisons.{name}.frequency", "scoring and the model must agree whether there is one")
    if missing := of.sharing.keys() - model.sharing.keys():
        raise BadModel("sharing", f"there is no {min(missing)}")
    if missing := of.temporal.turns.keys() - model.temporal.turns.keys():
        raise BadModel("temporal.turns", f"there is no {min(missing)}")


def _parse(content: Mapping[str, Any]) -> Model:
    model = Model(
        name=_name(content["name"]),
        prior_same=_positive("prior.same", content["prior"]["same"]),
        prior_household=_positive("prior.household", content["prior"]["household"]),
        least_persons=_least_persons(content["prior"]["least_persons"]),
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
    texts = ("name_made", "one_account_issuers")
    numbers = {key: value for key, value in {**SINCE, **body}.items() if key not in texts}
    _positive("rules.new_year_times", numbers["new_year_times"])
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


def _least_persons(value: float) -> int:
    if not 2 <= value < math.inf:
        raise BadModel("prior.least_persons", "it must be 2 or more")
    return int(value)


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
