"""The model's comparisons as Splink's: what a row of a view holds, and each level with its condition, m, u and rate.

A field is a column of codes, NULL where a view stated no value or several. Levels are judged by SQL functions that call
the columns' ladders; a value's own frequency comes to Splink as a term-frequency table of a column, `tf_<column>`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from splink import SettingsCreator
from splink.blocking_rule_library import CustomRule

from vitograph.resolver.columnar.field_rows import ADDRESS_LEVELS
from vitograph.resolver.columnar.frame import Bools, Column, Floats, Ints
from vitograph.resolver.columnar.name_rows import NamePart
from vitograph.resolver.columnar.rows import NONE, Bits, chances
from vitograph.resolver.columnar.weigh import Weigher
from vitograph.resolver.scoring.name_evidence import ALIKE, CERTAIN
from vitograph.resolver.scoring.parameters import Comparison, Frequency, Model

LevelFunction = Callable[[pa.Array, pa.Array], pa.Array]
"""Codes of left and right values -> places of their levels, NONE for no evidence."""
Judge = Callable[[Ints, Ints], Ints]


@dataclass(frozen=True, slots=True)
class Rung:
    """A level of Splink's: when it holds, which of the model's levels it is (by place), m, u, and the column whose
    term frequency replaces u, with the share of log2(u/tf) that counts.
    """

    place: int
    condition: str
    m: float
    u: float
    rated_by: str | None = None
    share: float = 1.0
    by_own_u: bool = True

    def to_level(self) -> dict[str, Any]:
        level = {"sql_condition": self.condition, "m_probability": self.m, "u_probability": self.u}
        if self.rated_by is None:
            return level
        return level | {
            "tf_adjustment_column": self.rated_by,
            "tf_adjustment_weight": self.share,
            "disable_tf_exact_match_detection": self.by_own_u,
        }


@dataclass(frozen=True, slots=True)
class Comparing:
    """One comparison: its columns, its rungs from the strongest down, the condition of no evidence, and the bits
    against a household by place.
    """

    name: str
    rungs: Sequence[Rung]
    silent: str
    household: Floats

    def to_comparison(self) -> dict[str, Any]:
        null = {"sql_condition": self.silent, "is_null_level": True}
        return {"output_column_name": self.name, "comparison_levels": [null, *(rung.to_level() for rung in self.rungs)]}

    @property
    def places(self) -> Ints:
        """The place of each of Splink's gammas, which count from the weakest level up; the last is gamma -1."""
        return np.array([*(rung.place for rung in reversed(self.rungs)), NONE])


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a frame as Splink reads them: columns and rates of their codes by name, functions, comparisons.

    `several`: which views stated several values of a field, of which a row holds none.
    """

    columns: Mapping[str, Ints]
    rates: Mapping[str, Floats]
    functions: Mapping[str, LevelFunction]
    comparings: Mapping[str, Comparing]
    several: Bools

    def table(self, keys: pa.ListArray) -> pa.Table:
        """A row for each view: its place, what brings it together with others, and its codes."""
        places = {"place": pa.array(np.arange(len(keys))), "keys": keys}
        return pa.table(places | {name: _nullable(codes) for name, codes in self.columns.items()})

    def rate_table(self, column: str) -> pa.Table:
        """The term-frequency table of a column."""
        rates = self.rates[column]
        return pa.table({column: pa.array(np.arange(len(rates)), pa.int32()), f"tf_{column}": pa.array(rates)})

    def settings(self, model: Model, persons: int) -> SettingsCreator:
        """Splink's settings of the model; pairs are those of views with a key in common."""
        return SettingsCreator(
            link_type="dedupe_only",
            unique_id_column_name="place",
            probability_two_random_records_match=model.prior_same / (model.prior_same + persons - 1),
            blocking_rules_to_generate_predictions=[CustomRule("l.keys = r.keys", arrays_to_explode=["keys"])],
            comparisons=[comparing.to_comparison() for comparing in self.comparings.values()],
            retain_intermediate_calculation_columns=True,
        )


def views_of(weigher: Weigher) -> Views:
    """The views of the weigher's frame under its model."""
    builder = _Builder(weigher)
    builder.add_names()
    builder.add_birth_dates()
    builder.add_genders()
    builder.add_addresses()
    stated = (weigher.names.names.column, weigher.dates.column, weigher.genders.column, weigher.addresses.column)
    read = np.append(weigher.names.names.read, False)[only_place(weigher.names.names.column)]
    several = np.logical_or.reduce([read, *(column.counts > 1 for column in stated)])
    return Views(builder.columns, builder.rates, builder.functions, builder.comparings, several)


class _Builder:
    def __init__(self, weigher: Weigher) -> None:
        self.weigher, self.model = weigher, weigher.model
        self.columns: dict[str, Ints] = {}
        self.rates: dict[str, Floats] = {}
        self.functions: dict[str, LevelFunction] = {}
        self.comparings: dict[str, Comparing] = {}

    def add_names(self) -> None:
        """Given and family names share their words, so that one ladder can look across."""
        tables = self.weigher.names
        only = only_place(tables.names.column)
        for name, codes in (("given_name", tables.names.given), ("family_name", tables.names.family)):
            part = tables.parts[name]
            self._add(name, np.append(codes, NONE)[only], part.levels.of)
            self.columns[f"{name}_views"] = np.append(part.stated, NONE)[self.columns[name]]
            self.columns[f"{name}_garbled"] = np.append(part.garbled.astype(np.int64), NONE)[self.columns[name]]
            self._rate(name, part.frequency, part.stated, part.kin)
            self._compare(name, list(_name_rungs(name, part, self.model.comparisons[name])), part.bits.household)
        self._add_swapped(tables.parts["family_name"].bits, tables.full)

    def _add_swapped(self, family: Bits, full: Bits) -> None:
        one = "vito_family_name(given_name_l, family_name_r)"
        other = "vito_family_name(family_name_l, given_name_r)"
        equal, certain, alike = (_among(family, names) for names in ({"equal"}, CERTAIN, ALIKE))
        conditions = (
            f"{one} {equal} AND {other} {equal}",
            f"({one} {certain} AND {other} {alike}) OR ({other} {certain} AND {one} {alike})",
            f"{one} {certain} OR {other} {certain}",
        )
        levels = self.model.comparisons["full_name"].levels
        rungs = [
            Rung(place, condition, levels[name].m, levels[name].u)
            for place, (name, condition) in enumerate(zip(full.names, conditions, strict=True))
        ]
        silent = " OR ".join(f"{name}_{side} IS NULL" for name in ("given_name", "family_name") for side in "lr")
        self.comparings["full_name"] = Comparing("full_name", [*rungs, NOTHING], silent, full.household)

    def add_birth_dates(self) -> None:
        dates = self.weigher.dates
        self._add("birth_date", only_code(dates.column), dates.dates.levels)
        rungs = _rungs("birth_date", self.model.comparisons["birth_date"], dates.bits.names)
        frequency = self.model.comparisons["birth_date"].frequency
        if frequency is not None and dates.own is not None:
            m = float(dates.bits.m[dates.equal])
            self.rates["birth_date"] = m / np.exp2(dates.own)
            equal = Rung(dates.equal, "birth_date_l = birth_date_r", m, frequency.mean, "birth_date")
            rungs = [equal, *(rung for rung in rungs if rung.place != dates.equal)]
        self._compare("birth_date", rungs, dates.bits.household)

    def add_genders(self) -> None:
        genders = self.weigher.genders
        levels = genders.levels
        self._add("gender", only_code(genders.column), lambda left, right: levels[left, right])
        rungs = _rungs("gender", self.model.comparisons["gender"], genders.bits.names)
        self._compare("gender", rungs, genders.bits.household)

    def add_addresses(self) -> None:
        """Three comparisons of the model are one here: which of them applies depends on what both state."""
        addresses, model = self.weigher.addresses, self.model
        self._add("address", only_code(addresses.column), addresses.levels)
        rated = {place: (part, frequency, stated, kin) for place, part, frequency, stated, _, kin in addresses.own}
        stated_levels = [model.comparisons[name].levels for name in ("address", "place", "region")]
        rungs = []
        for place, level in enumerate(ADDRESS_LEVELS):
            found = next(levels[level] for levels in stated_levels if level in levels)
            condition = f"vito_address(address_l, address_r) = {place}"
            if place not in rated:
                rungs.append(Rung(place, condition, found.m, found.u))
                continue
            part, frequency, stated, kin = rated[place]
            column = model.places[level].part
            self.columns[column] = np.append(part.codes, NONE)[self.columns["address"]]
            self._rate(column, frequency, stated, kin)
            same = f"{condition} AND {column}_l = {column}_r"
            rungs.append(Rung(place, same, found.m, frequency.mean, f"{column}_same"))
            rungs.append(Rung(place, condition, found.m, frequency.mean, column))
        silent = f"address_l IS NULL OR address_r IS NULL OR vito_address(address_l, address_r) = {NONE}"
        self.comparings["address"] = Comparing("address", [*rungs, NOTHING], silent, addresses.household)

    def _add(self, name: str, codes: Ints, judge: Judge) -> None:
        self.columns[name], self.functions[f"vito_{name}"] = codes, level_function(judge)

    def _rate(self, column: str, frequency: Frequency, stated: Ints, kin: float) -> None:
        """The chances that strangers state each value of a column, and, twice in it, the one that both views state."""
        self.columns[f"{column}_same"] = self.columns[column]
        for name, own in ((column, 1), (f"{column}_same", 2)):
            self.rates[name] = chances(frequency, stated, own + kin, self.weigher.population.persons)

    def _compare(self, name: str, rungs: Sequence[Rung], household: Floats) -> None:
        self.comparings[name] = Comparing(name, rungs, f"{name}_l IS NULL OR {name}_r IS NULL", household)


NOTHING = Rung(NONE, "ELSE", 0.5, 0.5)
"""No level holds, which says nothing."""


def _rungs(name: str, comparison: Comparison, levels: Sequence[str]) -> list[Rung]:
    """The levels of a ladder, each by its own u; the last is what is left."""
    function, last = f"vito_{name}({name}_l, {name}_r)", len(levels) - 1
    return [
        Rung(place, "ELSE" if place == last else f"{function} = {place}", found.m, found.u)
        for place, found in enumerate(comparison.levels[level] for level in levels)
    ]


def _name_rungs(name: str, part: NamePart, comparison: Comparison) -> Iterator[Rung]:
    """The rungs of a part of a name. The mean stands for u where a value's own frequency replaces it.

    Two common names resemble each other less than they seem to; and of two names with nothing in common, one that
    nobody else has may be garbled.
    """
    mean, function = part.frequency.mean, f"vito_{name}({name}_l, {name}_r)"
    views = f"{name}_views_l, {name}_views_r"
    common = (
        f"(LEAST({views}) - 1 >= {part.rules.common_views}"
        f" AND LEAST({views}) - 1 >= {part.rules.slip_share} * GREATEST({views}))"
    )
    yield Rung(part.equal, f"{name}_l = {name}_r", float(part.bits.m[part.equal]), mean, f"{name}_same")
    for rung in _rungs(name, comparison, part.bits.names[: part.lone]):
        more = [place for place, less in enumerate(part.less) if less == rung.place != place]
        if rung.place == part.levels.last:
            lone = comparison.levels["lone"]
            yield Rung(part.lone, f"{name}_garbled_l = 1 OR {name}_garbled_r = 1", lone.m, lone.u)
        else:
            conditions = [f"({function} = {place} AND {common})" for place in more]
            own = f"{function} = {rung.place}"
            conditions.append(own if part.less[rung.place] == rung.place else f"({own} AND NOT {common})")
            rung = replace(rung, condition=" OR ".join(conditions))
        if part.exact[rung.place]:
            yield replace(rung, u=mean, rated_by=name)
        elif part.fuzzy[rung.place]:
            yield replace(rung, rated_by=name, share=part.frequency.fuzzy, by_own_u=False)
        else:
            yield rung


def _among(bits: Bits, names: AbstractSet[str]) -> str:
    return f"IN ({', '.join(str(place) for place, name in enumerate(bits.names) if name in names)})"


def only_place(column: Column) -> Ints:
    """Where the only code of each view stands in the column, NONE where it has none or several."""
    return np.where(column.counts == 1, column.offsets[:-1], NONE)


def only_code(column: Column) -> Ints:
    """The only code of each view, NONE where it has none or several."""
    return np.append(column.codes, NONE)[only_place(column)]


def _nullable(codes: Ints) -> pa.Array:
    return pa.array(codes, pa.int32(), mask=codes < 0)


def level_function(judge: Judge) -> LevelFunction:
    """The SQL function of a ladder: of pairs of codes, NULL where one is NULL."""

    def levels(left: pa.Array, right: pa.Array) -> pa.Array:
        absent = pc.or_(left.is_null(), right.is_null()).to_numpy(zero_copy_only=False)
        there = np.flatnonzero(~absent)
        ours, theirs = (side.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64) for side in (left, right))
        found = np.zeros(len(left), np.int32)
        found[there] = judge(ours[there], theirs[there])
        return pa.array(found, mask=absent)

    return levels
