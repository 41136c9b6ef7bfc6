"""What `vito evaluate` reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from vitograph.api.cli.evaluate import read_pairs
from vitograph.resolver.errors import InvalidInput


@pytest.mark.parametrize("said", ["", "nan", "1.5", "-0.1", "likely"])
def test_what_is_no_chance_is_refused_with_its_line(tmp_path: Path, said: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(f"left_user_id,right_user_id,p_same,p_household,band\na,b,0.9,0,B\na,c,{said},0,-\n")
    with pytest.raises(InvalidInput, match="a chance from 0 to 1") as refused:
        read_pairs(path)
    assert refused.value.faults[0].pointer == "/pairs.csv/3/p_same"
