"""What would change a score, and that it really would."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.resolver.conftest import AverageTown, Person
from tests.unit.resolver.scoring.test_any_score import Town, profiles, towns
from vitograph.resolver.model import Address, Profile
from vitograph.resolver.scoring.evidence import Score, calibrated, odds, posteriors
from vitograph.resolver.scoring.explanation import ASKED, counterfactuals, missing_bits, supposed, why_not
from vitograph.resolver.scoring.known import score
from vitograph.resolver.scoring.parameters import Calibration, Model

CALIBRATION = Calibration((-4.0, 0.0, 4.0, 12.0), (0.02, 0.3, 0.9, 0.995), 500, 500)
HOME, AWAY = Address("5 main street", "berlin"), Address("12 high road", "hamburg")

# What the other of two says of a field that the first one states: nothing, something else, or the same.
SAID: dict[str, dict[str, Any]] = {
    "given": {"none": None, "different": "peter", "equal": "maria"},
    "family": {"none": None, "different": "weber", "equal": "schmidt"},
    "born": {"none": None, "different": "1955-11-02", "near": "1980-05-18", "equal": "1980-05-17"},
    "gender": {"none": None, "different": "m", "equal": "f"},
    "address": {"none": None, "different": AWAY, "equal": HOME},
    "email": {"none": None, "different": "email:kk@example.org", "equal": "email:ms@example.com"},
    "phone": {"none": None, "different": "phone:+34600999888", "equal": "phone:+4930123456"},
}
FIELD = {
    "birth_date": "born",
    "email": "email",
    "phone": "phone",
    "address": "address",
    "given_name": "given",
    "family_name": "family",
    "gender": "gender",
}
answers = st.fixed_dictionaries({field: st.sampled_from(sorted(values)) for field, values in SAID.items()})


def pair(person: Person, said: dict[str, str], verified: bool = False) -> tuple[Profile, Profile]:
    """Two persons of whom the second answers as told, and the first states everything."""

    def one(view: str, values: dict[str, Any]) -> Profile:
        held = [values[kind] for kind in ("email", "phone") if values[kind]]
        return person(
            view, values["given"], values["family"], values["born"], *held, address=values["address"],
            gender=values["gender"], verified=verified,
        )  # fmt: skip

    everything = {field: values["equal"] for field, values in SAID.items()}
    return one("a", everything), one("b", {field: SAID[field][level] for field, level in said.items()})


def frozen(score: Score) -> Any:
    """As a candidate keeps it."""
    return orjson.loads(orjson.dumps(score.to_json()))


@given(answers, st.booleans())
@settings(max_examples=150, deadline=None)
def test_the_answer_really_makes_that_score(
    model: Model, person: Person, town: type[AverageTown], said: dict[str, str], is_calibrated: bool
) -> None:
    """The pair scored anew with an answer of average frequency stands where the counterfactual put it."""
    model = replace(model, calibration=CALIBRATION) if is_calibrated else model
    found = score(*pair(person, said, verified=True), town(), model)
    for told in counterfactuals(frozen(found), model):
        answered = {**said, FIELD[told["comparison"]]: "equal"}
        real = score(*pair(person, answered, verified=True), town(), model)
        assert told["p_same"] == pytest.approx(real.p_same, rel=2e-3, abs=2e-3)
        changed = supposed(Score.from_json(frozen(found)), told["comparison"], told["level"], model)
        assert changed is not None
        assert changed.bits_stranger == pytest.approx(real.bits_stranger, abs=0.01)
        assert changed.bits_household == pytest.approx(real.bits_household, abs=0.01)
        assert (told["p_same"], told["band"]) == (changed.p_same, changed.band)


@given(profiles(), profiles("b"), towns)
@settings(max_examples=100, deadline=None)
def test_whatever_is_supposed_adds_up_and_helps(model: Model, left: Profile, right: Profile, town: Town) -> None:
    found = score(left, right, town, model)
    told = counterfactuals(frozen(found), model)
    order = [comparison for comparison, _, _ in ASKED]
    assert [order.index(one["comparison"]) for one in told] == sorted(order.index(one["comparison"]) for one in told)
    for one in told:
        assert one["p_same"] > found.p_same
        assert one["sentence"].startswith("It would be .")
        changed = supposed(found, one["comparison"], one["level"], model)
        assert changed is not None
        assert math.fsum(row.bits_stranger for row in changed.evidence) == changed.bits_stranger
        assert math.fsum(row.bits_household for row in changed.evidence) == changed.bits_household


@given(profiles(), profiles("b"), towns)
@settings(max_examples=60, deadline=None)
def test_the_waterfall_adds_up_under_a_calibration_too(model: Model, left: Profile, right: Profile, town: Town) -> None:
    """Bits are untouched by it; the three chances are one; P(same) is the map's at the odds of the bits."""
    plain, found = score(left, right, town, model), score(left, right, town, replace(model, calibration=CALIBRATION))
    assert found.calibrated
    assert not plain.calibrated
    assert found.evidence == plain.evidence
    assert (found.bits_stranger, found.bits_household, found.order) == (
        plain.bits_stranger,
        plain.bits_household,
        plain.order,
    )
    assert found.p_same == CALIBRATION.at(odds(found.bits_stranger, found.bits_household))
    assert found.p_same + found.p_household + found.p_stranger == pytest.approx(1.0)
    assert Score.from_json(frozen(found)) == found


def test_a_birth_date_is_asked_for_first(model: Model, person: Person, town: type[AverageTown]) -> None:
    said = dict.fromkeys(SAID, "none") | {"given": "equal", "family": "equal"}
    told = counterfactuals(frozen(score(*pair(person, said), town(), model)), model)
    assert [one["comparison"] for one in told] == ["birth_date", "email", "phone", "address", "gender"]
    assert told[0]["sentence"] == "It would be .99 with an equal birth date."
    assert told[0]["band"] == "A"


def test_twins_are_told_that_no_phone_would_make_them_one(
    model: Model, person: Person, town: type[AverageTown]
) -> None:
    said = dict.fromkeys(SAID, "equal") | {"given": "different", "phone": "none", "email": "none"}
    found = score(*pair(person, said), town(), model)
    told = {one["comparison"]: one for one in counterfactuals(frozen(found), model)}
    assert told["phone"]["band"] == "-" if "phone" in told else True
    assert told["given_name"]["p_same"] > 0.9


def test_nothing_is_asked_of_a_pair_that_is_forbidden_or_of_old_evidence(
    model: Model, person: Person, town: type[AverageTown]
) -> None:
    found = frozen(score(*pair(person, dict.fromkeys(SAID, "none")), town(), model))
    assert counterfactuals(found, model)
    assert counterfactuals({**found, "conflict": True}, model) == []
    del found["prior_same"]
    assert counterfactuals(found, model) == []
    assert counterfactuals({}, model) == why_not({}) == []
    assert missing_bits({}, None) == 0.0


@pytest.mark.parametrize("calibration", [None, CALIBRATION])
@given(stranger=st.floats(-60, 60), household=st.floats(-60, 60), p=st.floats(0.001, 0.995))
def test_the_missing_bits_are_those_that_bring_it_there(
    stranger: float, household: float, p: float, calibration: Calibration | None
) -> None:
    def chance(more: float) -> float:
        bits = stranger + more, household + more
        return posteriors(*bits)[0] if calibration is None else calibrated(*bits, calibration)[0]

    score = {"p_same": chance(0), "bits_stranger": stranger, "bits_household": household}
    missing = missing_bits(score, calibration, p)
    assert missing is not None
    assert missing >= 0
    assert chance(missing) == pytest.approx(max(p, score["p_same"]), abs=1e-6)


def test_what_no_verdict_vouches_for_is_not_a_matter_of_bits() -> None:
    score = {"p_same": 0.3, "bits_stranger": 0.0, "bits_household": 9.0}
    assert missing_bits(score, CALIBRATION, 0.999) is None
