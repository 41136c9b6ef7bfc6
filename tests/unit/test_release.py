"""What is published is a function of the sources: folder, clock and umask leave no trace in it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sources() -> list[str]:
    """The files of the repository, links as links."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [name for name in listed.decode().split("\0") if name and os.path.lexists(ROOT / name)]


def built(sources: list[str], checkout: Path, mode: int, moment: int) -> dict[str, str]:
    """SHA-256 by name of what a checkout of its own builds, whose files have this mode and time of change."""
    for name in sources:
        copy = checkout / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy, follow_symlinks=False)
        if not copy.is_symlink():
            copy.chmod(copy.stat().st_mode & 0o111 | mode)
            os.utime(copy, (moment, moment))
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", "made", "-t", "sdist", "-t", "wheel"],
        cwd=checkout,
        env=os.environ | {"SOURCE_DATE_EPOCH": "1767225600"},
        capture_output=True,
        check=True,
    )
    return {made.name: hashlib.sha256(made.read_bytes()).hexdigest() for made in (checkout / "made").iterdir()}


def test_two_checkouts_build_the_same_bytes(sources: list[str], tmp_path: Path) -> None:
    one = built(sources, tmp_path / "one", 0o644, 1_500_000_000)
    other = built(sources, tmp_path / "another/place", 0o600, 1_700_000_000)
    assert sorted(name.rpartition("vitograph")[0] for name in one) == ["", ""]
    assert one == other
