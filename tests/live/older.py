"""An older ViTo: the wheel of an earlier commit of this repository, whose processes run as it was then."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.live.running import Running

ROOT = Path(__file__).parents[2]
COMMIT = "9a9e38224746214ac178347b904936899391b7c6"
"""The last one before migrations 50 to 54, 64 and 65; migration 49 of then was dropped before the first release."""
VERSION = "0.1.0"


class OlderWorker(Running):
    """A worker that listened nowhere yet."""

    async def _answers(self) -> bool:
        assert self.process.poll() is None, self.said
        return True


def build_older(folder: Path) -> Path:
    """Where the package of then lies, to be put on PYTHONPATH. Skips where the history of this checkout ends later."""
    wheels = folder / "wheels"
    with tarfile.open(fileobj=io.BytesIO(_archive())) as sources:
        sources.extractall(folder / "sources", filter="tar")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(wheels), "-t", "wheel"],
        cwd=folder / "sources",
        env=os.environ | {"SOURCE_DATE_EPOCH": "1767225600"},
        capture_output=True,
        check=True,
    )
    [wheel] = wheels.iterdir()
    with zipfile.ZipFile(wheel) as files:
        files.extractall(folder / "package")
    return folder / "package"


def _archive() -> bytes:
    """The sources of then, as a tar file."""
    try:
        return subprocess.run(["git", "archive", COMMIT], cwd=ROOT, capture_output=True, check=True).stdout
    except FileNotFoundError:
        pytest.skip("there is no git to ask for an older ViTo")
    except subprocess.CalledProcessError:
        shallow = subprocess.run(
            ["git", "rev-parse", "--is-shallow-repository"], cwd=ROOT, capture_output=True, text=True
        )
        reason = "this clone is shallow" if shallow.stdout.strip() == "true" else "this is no clone of the repository"
        pytest.skip(f"{reason}: commit {COMMIT[:7]} is not in it")
