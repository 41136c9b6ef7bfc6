"""A model that contradicts itself is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from typing import Any

import pytest

from vitograph.resolver.parameters import BadModel, load_model, parse_model


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
