"""What was fitted to a graph goes with the model that it was fitted from."""

from __future__ import annotations

from dataclasses import replace

from vitograph.graph.resolving.priors import Priors
from vitograph.resolver.scoring.parameters import Calibration
from vitograph.resolver.scoring.parameters_json import load_model
from vitograph.resolver.training.em import chances_of_one


def test_levels_of_a_graph_are_believed_with_the_model_they_were_fitted_from() -> None:
    model = load_model()
    m = {("birth_date", "different"): 0.1}
    priors = Priors(0.5, 2.0, 1_000, model.name, m)
    assert chances_of_one(priors.in_model(model))["birth_date", "different"] == 0.1
    assert priors.in_model(model).prior_same == 0.5
    other = replace(model, name="trained-1")
    assert chances_of_one(priors.in_model(other)) == chances_of_one(other)


def test_what_verdicts_calibrated_keeps_the_odds_that_they_judged() -> None:
    calibrated = replace(load_model(), calibration=Calibration((0.0, 1.0), (0.1, 0.9), 500, 500))
    assert Priors(0.5, 2.0, 1_000, calibrated.name, {}).in_model(calibrated) == calibrated
