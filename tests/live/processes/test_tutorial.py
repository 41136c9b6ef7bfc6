"""What a reader is told to paste, pasted: the tutorial and the pages after it, against a real `vito up`."""

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
from tests.live.pages import CUT, ROOT, is_as_claimed, join_steps, read_steps

MAIN = "from vitograph.api.cli import main; main()"
ADMIN = "the admin key of the tour"
PAGES = ("docs/tutorial.md", "README.md", "docs/guides/files.md")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """What a reader's shell has once `vito up` is ready; the instance runs for this module."""
    if shutil.which("curl") is None:
        pytest.skip("the tutorial needs curl")
    folder = tmp_path_factory.mktemp("tutorial")
    ours = {name: value for name, value in os.environ.items() if name not in ("VITO_NEO4J_URI", "VITO_REDIS_URL")}
    ours |= SMALL | {"VITO_ADMIN_KEY": ADMIN, "VITO_DATA": str(folder / "data")}
    log = folder / "up.log"
    with log.open("w") as output:
        up = subprocess.Popen(
            [sys.executable, "-c", MAIN, "up", "--port", "0"], stdout=output, stderr=subprocess.STDOUT, env=ours
        )
    try:
        wait_for(lambda: up.poll() is not None or "ready http" in log.read_text(), 120)
        url = re.search(r"^ready (\S+)$", log.read_text(), re.MULTILINE)
        assert url, log.read_text()
        yield ours | {"URL": url.group(1)}
    finally:
        up.kill()  # its children go with it; stopped gently it would first clear the disk of who was erased
        up.wait(60)


def paste(page: str, environment: dict[str, str], folder: Path) -> list[str]:
    """What each block of a page printed, pasted into one shell in an empty folder."""
    script = join_steps(read_steps(ROOT / page)).replace(".venv/bin/vito", f'{sys.executable} -c "{MAIN}"')
    shell = ["bash", "-eu", "-o", "pipefail", "-c", script]
    ran = subprocess.run(shell, cwd=folder, env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout.split(CUT)


@pytest.mark.parametrize("page", PAGES)
def test_every_block_prints_what_the_page_says(page: str, environment: dict[str, str], tmp_path: Path) -> None:
    steps, said = read_steps(ROOT / page), paste(page, environment, tmp_path)
    assert len(steps) == len(said)
    for step, output in zip(steps, said, strict=True):
        assert step.claim is None or is_as_claimed(output, step.claim), f"{step.script}\nprinted\n{output}"


def test_a_page_that_says_something_else_is_caught() -> None:
    assert is_as_claimed("a\n0.9931 x\nb\nc\n", "a\n0.99… x\n…\nc\n")
    for claim in ("a\n0.98… x\n…\nc\n", "b\n…\n", "0.99… x\n…\nc\n", "a\n0.9931\n…\nc\n", "a … c\n"):
        assert not is_as_claimed("a\n0.9931 x\nb\nc\n", claim), claim
