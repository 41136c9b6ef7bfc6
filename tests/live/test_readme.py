"""The tour of README.md, run block by block as a reader pastes it, against a real `vito up`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live.instances import SMALL, wait_for

ROOT = Path(__file__).parents[2]
VITO = f'{sys.executable} -c "from vitograph.api.cli import main; main()"'
ADMIN = "the admin key of the tour"
CUT = "==== a block ends"


def blocks() -> list[str]:
    """The bash blocks of the tour."""
    tour = (ROOT / "README.md").read_text().partition("<!-- tour -->")[2].partition("<!-- /tour -->")[0]
    return re.findall(r"^```bash\n(.*?)^```$", tour, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """What each block printed, on an instance of its own that runs for this module."""
    if shutil.which("curl") is None:
        pytest.skip("the tour needs curl")
    folder = tmp_path_factory.mktemp("tour")
    environment = {
        name: value for name, value in os.environ.items() if name not in ("VITO_NEO4J_URI", "VITO_REDIS_URL")
    }
    environment |= SMALL | {"VITO_ADMIN_KEY": ADMIN, "VITO_DATA": str(folder / "data")}
    log = folder / "up.log"
    with log.open("w") as output:
        up = subprocess.Popen(
            [sys.executable, "-c", "from vitograph.api.cli import main; main()", "up", "--port", "0"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
        )
    try:
        wait_for(lambda: up.poll() is not None or "ready http" in log.read_text(), 120)
        url = re.search(r"^ready (\S+)$", log.read_text(), re.MULTILINE)
        assert url, log.read_text()
        script = f"\necho '{CUT}'\n".join(blocks()).replace(".venv/bin/vito", VITO)
        tour = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", script],
            cwd=folder,
            env=environment | {"URL": url.group(1)},
            capture_output=True,
            text=True,
            timeout=400,
            check=False,
        )
        assert tour.returncode == 0, tour.stdout + tour.stderr
        yield tour.stdout.split(CUT)
    finally:
        up.terminate()
        up.wait(60)


def rules(text: str) -> list[str]:
    return re.findall(r'"rule":"(A\d)"', text)


def test_the_observations_follow_the_rules_that_the_text_names(said: list[str]) -> None:
    assert rules(said[1]) == ["A3", "A4", "A3"]
    assert rules(said[2]) == ["A1", "A2"]
    assert rules(said[3]) == ["A4", "A6", "A5"]


def test_the_queue_says_why(said: list[str]) -> None:
    assert "The birth dates are equal." in said[4]
    assert re.match(r"\s*A  0\.99", said[4])


def test_a_decision_joins_and_its_retraction_parts(said: list[str]) -> None:
    assert re.search(r"^412  .*has changed since it was read", said[5], re.MULTILINE)
    assert re.search(r"^same  applied  1  0{64}$", said[5], re.MULTILINE)
    assert re.search(r"^4  \[", said[5], re.MULTILINE)
    assert re.search(r"^retract  d-", said[6], re.MULTILINE)
    assert re.search(r"^3  \[", said[6], re.MULTILINE)
    assert '{"ok":true,"entries":2' in said[6]


def test_a_campaign_lights_up_and_goes_dark(said: list[str]) -> None:
    assert "'css' is a layout key" in said[7]
    assert re.search(r"^server-timing: (redis|graph);dur=", said[7], re.MULTILINE)
    assert '{"status":"active"}' in said[7]
    assert '{"status":"ended","closing":"See you next summer"}' in said[7]


def test_a_file_is_imported_and_evaluated(said: list[str]) -> None:
    assert "6 rows added, 0 known before, 0 rejected" in said[8]
    assert "5 records, 2 true pairs" in said[8]


def test_the_audit_is_clean(said: list[str]) -> None:
    lines = said[9].strip().splitlines()
    assert len(lines) > 10
    assert all(line.startswith("ok ") for line in lines)
