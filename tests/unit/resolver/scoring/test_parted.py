"""Two views that are one by now are counted as two."""

from __future__ import annotations

from typing import Any

import pytest

from vitograph.resolver.scoring.parted import Parted


@pytest.mark.parametrize(("field", "value"), [("given_name", "maria"), ("family_name", "lopez")])
def test_what_both_state_is_of_two_however_they_state_it(person: Any, town: Any, field: str, value: str) -> None:
    whole, parts = person("a", None, None, full="maria lopez"), person("b", "maria", "lopez")
    parted = Parted(town(), whole, parts)
    assert parted.frequency(field, value) == town().frequency(field, value) + 1
    assert parted.frequency(field, "peter") == town().frequency(field, "peter")
