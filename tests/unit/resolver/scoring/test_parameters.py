"""A model that contradicts itself is refused."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Calibration, Model
from vitograph.resolver.scoring.parameters_json import (
    SINCE,
    BadModel,
    dump_model,
    load_model,
    parse_model,
    require_levels,
)


def default() -> Any:
    return json.loads(resources.files("vitograph.resolver").joinpath("models/default-1.json").read_text("utf-8"))


def broken(change: Callable[[Any], None]) -> Any:
    content = default()
    change(content)
    return content


def test_the_default_model_loads_once() -> None:
    assert load_model() is load_model()
    assert load_model().name == "default-1"


@pytest.mark.parametrize(
    "content",
    [
        broken(lambda model: model["prior"].update(same=0)),
        broken(lambda model: model["comparisons"]["gender"]["levels"]["equal"].update(m=1.5)),
        broken(lambda model: model["comparisons"]["gender"]["levels"]["different"].update(m=0.5)),
        broken(lambda model: model["bands"].update(B=0.995)),
    ],
)
def test_a_broken_model_is_refused(content: Any) -> None:
    with pytest.raises(BadModel):
        parse_model(content)


def test_a_model_is_read_as_it_was_written() -> None:
    calibrated = replace(load_model(), name="other", calibration=Calibration((0.0, 1.5), (0.2, 0.9), 600, 700))
    for model in (load_model(), calibrated):
        assert parse_model(json.loads(json.dumps(dump_model(model)))) == model


def test_a_model_of_before_a_rule_scores_as_it_did(person: Any, town: Any) -> None:
    """In a graph without households one family name asks nobody; no rule of then said so."""
    older = parse_model(broken(lambda model: [model["rules"].pop(rule) for rule in SINCE]))
    one, other = (person(id, None, "lopez") for id in "ab")

    def rows(model: Model) -> set[str]:
        return {row.comparison for row in score(one, other, town(), replace(model, prior_household=0.02)).evidence}

    assert rows(load_model()) - rows(older) == {"home"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda model: model.pop("prior"), "model"),
        (lambda model: model.update(name="No Name"), "name"),
        (lambda model: model.update(name=7), "name"),
        (lambda model: model["prior"].update(same="much"), "model"),
        (lambda model: model["prior"].update(same=float("nan")), "prior.same"),
        (lambda model: model["prior"].update(least_persons=float("inf")), "prior.least_persons"),
        (lambda model: model["prior"].update(least_persons=0.5), "prior.least_persons"),
        (lambda model: model["comparisons"]["phone"]["levels"]["typo"].update(h=0), "comparisons.phone.levels.typo"),
        (lambda model: model["sharing"]["phone"].update(prior=1.0), "sharing.phone"),
        (lambda model: model["rules"].update(unheard_of=1), "model"),
        (lambda model: model["rules"].update(new_year_times=0), "rules.new_year_times"),
        (lambda model: model["bands"].pop("B"), "model"),
        (lambda model: model["bands"].update(A=1.01), "bands"),
        (lambda model: model.update(calibrated=True), "calibrated"),
        (lambda model: calibrate(model, [0.0, 0.0], [0.1, 0.2]), "calibration"),
        (lambda model: calibrate(model, [0.0, 1.0], [0.3, 0.2]), "calibration"),
        (lambda model: calibrate(model, [0.0, 1.0], [0.3, 1.0]), "calibration"),
        (lambda model: calibrate(model, [0.0, 1.0], [0.3]), "calibration"),
        (lambda model: calibrate(model, [0.0, float("nan")], [0.3, 0.4]), "calibration"),
        (lambda model: calibrate(model, ["0", "1"], [0.3, 0.4]), "model"),
    ],
)
def test_a_model_that_contradicts_itself_is_refused_with_where(change: Callable[[Any], Any], where: str) -> None:
    with pytest.raises(BadModel) as refused:
        parse_model(broken(change))
    assert refused.value.where == where
    assert str(refused.value).startswith(f"{where}: ")


def calibrate(model: Any, bits: list[Any], p_same: list[float]) -> None:
    model.update(calibrated=True, calibration={"bits": bits, "p_same": p_same, "same": 500, "apart": 500})


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda model: model["comparisons"].pop("phone"), "comparisons"),
        (lambda model: model["comparisons"]["phone"]["levels"].pop("typo"), "comparisons.phone.levels"),
        (lambda model: model["comparisons"]["given_name"].pop("frequency"), "comparisons.given_name.frequency"),
        (lambda model: model["sharing"].pop("suspected"), "sharing"),
        (lambda model: model["comparisons"]["email"].update(group="mail"), "comparisons.email.group"),
    ],
)
def test_a_model_that_scoring_could_not_use_is_refused(change: Callable[[Any], Any], where: str) -> None:
    with pytest.raises(BadModel) as refused:
        require_levels(parse_model(broken(change)), load_model())
    assert refused.value.where == where


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    st.data(),
)
def test_whatever_stands_in_a_model_it_is_read_or_refused(value: Any, data: st.DataObject) -> None:
    content = default()
    place = content
    while isinstance(place, dict):
        key = data.draw(st.sampled_from(sorted(place)))
        if not isinstance(place[key], dict) or not place[key] or data.draw(st.booleans()):
            place[key] = value
            break
        place = place[key]
    with contextlib.suppress(BadModel):
        model = parse_model(content)
        assert parse_model(dump_model(model)) == model


def test_below_and_beyond_all_verdicts_a_calibration_says_what_it_can() -> None:
    known = Calibration((-1.0, 1.0), (0.2, 0.9), 500, 500)
    assert known.at(0.0) == pytest.approx(0.55)
    assert known.at(50.0) == 0.9
    assert known.at(-2.0) == pytest.approx(1 / (1 + 2.0**3))
    assert known.at(-5_000.0) == 0.0
