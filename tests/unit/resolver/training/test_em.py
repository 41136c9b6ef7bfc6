"""What is fitted without labels follows the noise of a graph, and within bounds."""

from __future__ import annotations

from typing import Any

import pytest

from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import dump_model, parse_model
from vitograph.resolver.training.em import MOST_SHIFT, Observed, chances_of_one, fit, observe
from vitograph.resolver.training.shares import INSTEAD


def duplicates(person: Any, town: Any, model: Model, born: str, count: int = 400) -> list[Observed]:
    """Pairs that a name and a phone number make one person, and whose birth dates are as given."""
    one = person("a", "maria", "schmidt", "1980-05-17", "phone:+49301234567", "email:maria@example.com")
    other = person("b", "maria", "schmidt", born, "phone:+49301234567", "email:maria@example.com")
    return [observe(score(one, other, town(), model), model)] * count


def test_wrong_birth_dates_weigh_less_where_they_are_many(person: Any, town: Any, model: Model) -> None:
    noisy = fit(model, duplicates(person, town, model, "1991-11-02"), 1_000)
    clean = fit(model, duplicates(person, town, model, "1980-05-17"), 1_000)
    wrong = {name: one.comparisons["birth_date"].levels["different"] for name, one in (("n", noisy), ("c", clean))}
    assert wrong["n"].bits_stranger > model.comparisons["birth_date"].levels["different"].bits_stranger + 2
    assert wrong["c"].bits_stranger < wrong["n"].bits_stranger


@pytest.mark.parametrize(("born", "count"), [("1980-05-17", 200), ("1991-11-02", 3_000)])
def test_what_is_fitted_is_a_model_still(person: Any, town: Any, model: Model, born: str, count: int) -> None:
    fitted = fit(model, duplicates(person, town, model, born, count), 2_000)
    assert parse_model(dump_model(fitted)) == fitted
    for name, comparison in model.comparisons.items():
        levels = [level for level in comparison.levels if (name, level) not in INSTEAD]
        if name != "user_id":
            total = sum(fitted.comparisons[name].levels[level].m for level in levels)
            assert total == pytest.approx(sum(comparison.levels[level].m for level in levels))


def test_what_parts_a_person_from_a_household_is_held_closest(person: Any, town: Any, model: Model) -> None:
    one = person("a", "xquw", "schmidt", "1980-05-17", "email:maria@example.com")
    other = person("b", "pzok", "schmidt", "1980-05-17", "email:maria@example.com")
    observed = [observe(score(one, other, town(), model), model)] * 2_000
    m, start = chances_of_one(fit(model, observed, 1_000)), chances_of_one(model)
    for (name, level), chance in m.items():
        if name == "given_name":
            assert 1 / MOST_SHIFT[name] - 1e-9 <= chance / start[name, level] <= MOST_SHIFT[name] + 1e-9


def test_without_pairs_the_model_stays_as_it_is(model: Model) -> None:
    m, start = chances_of_one(fit(model, [], 0)), chances_of_one(model)
    assert m == pytest.approx(start)


@pytest.mark.parametrize("count", [10, 1_000])
def test_names_that_nobody_else_has_say_less_where_many_are_like_that(
    person: Any, town: Any, model: Model, count: int
) -> None:
    """Where rare names abound, an unlike one is another person's rather than a garbled one."""
    rare = town()
    rare.stated["family_name", "qzyvtk"] = 1
    one, other = person("a", "maria", "schmidt", "1980-05-17"), person("b", "peter", "qzyvtk", "1955-02-03")
    plain = [observe(score(one, person("c", "peter", "weber", "1955-02-03"), rare, model), model)] * 1_000
    lone = [observe(score(one, other, rare, model), model)] * count
    assert ("family_name", "lone") in lone[0].levels
    assert ("family_name", "different") in plain[0].levels
    family = fit(model, [*plain, *lone], 10_000).comparisons["family_name"].levels
    start = model.comparisons["family_name"].levels
    if count == 10:
        assert family["lone"].bits_stranger > start["lone"].bits_stranger
    else:
        assert family["lone"].bits_stranger < start["lone"].bits_stranger - 2
        assert family["different"].bits_stranger > start["different"].bits_stranger


@pytest.mark.parametrize("level", ["different", "lone"])
@pytest.mark.parametrize("count", [1_000, 1_000_000])
def test_however_few_unlike_names_are_lone_they_prove_nobody(
    person: Any, town: Any, model: Model, level: str, count: int
) -> None:
    """As in Korea, where no name is nobody else's. The other way round, too."""
    levels = ("given_name", level), ("family_name", level)
    apart = Observed(-30.0, -8.0, levels, model.prior_household, count)
    fitted = fit(model, [apart, *duplicates(person, town, model, "1980-05-17")], 4_000)
    assert parse_model(dump_model(fitted)) == fitted
    for name, _ in levels:
        for unlike in ("lone", "different"):
            found, given = (which.comparisons[name].levels[unlike] for which in (fitted, model))
            assert found.bits_stranger < max(given.bits_stranger, 0) + 0.01, (name, unlike)
            assert found.bits_household < max(given.bits_household, 0) + 0.01, (name, unlike)


def accounts(person: Any, town: Any, model: Model, of_same: bool, of_others: bool) -> Model:
    """The model fitted to pairs of one person and of two, who state two accounts of a shop or none."""

    def pairs(count: int, has: bool, *names: str) -> list[Observed]:
        views = [
            person(str(at), name, "schmidt", "1980-05-17", *([f"user_id:shop:{at}"] if has else []), verified=True)
            for at, name in enumerate(names)
        ]
        return [observe(score(*views, town(), model), model)] * count

    return fit(model, pairs(600, of_same, "maria", "maria") + pairs(600, of_others, "maria", "peter"), 2_000)


@pytest.mark.parametrize(
    ("of_same", "of_others", "least", "most"),
    [(True, True, -0.2, 0.0), (False, True, -4.1, -1.5), (True, False, 0.0, 0.0), (False, False, 0.0, 0.0)],
)
def test_two_accounts_speak_for_two_people_where_one_person_seldom_has_them(
    person: Any, town: Any, model: Model, of_same: bool, of_others: bool, least: float, most: float
) -> None:
    second = accounts(person, town, model, of_same, of_others).comparisons["user_id"].levels["second"]
    assert least <= second.bits_stranger <= most + 1e-9
    assert second.bits_household == second.bits_stranger


def test_different_contacts_say_little_where_persons_have_several(person: Any, town: Any, model: Model) -> None:
    one = person("a", "maria", "schmidt", "1980-05-17", "phone:+49301234567")
    other = person("b", "maria", "schmidt", "1980-05-17", "phone:+49407654321")
    pairs = [observe(score(one, other, town(), model), model)] * 1_000
    fitted = fit(model, pairs, 1_000).comparisons["phone"].levels["different"]
    assert model.comparisons["phone"].levels["different"].bits_stranger < -2.5
    assert -0.8 < fitted.bits_stranger <= 0
    assert fitted.bits_household > -0.2
