"""The npm packages of tests, installed once for each user."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import platformdirs
import pytest

SDKS = Path(__file__).with_name("live") / "channels/sdks"
S3 = Path(__file__).with_name("s3")
WITHIN = 120.0
NO_REGISTRY = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|network")


@cache
def installed(sources: Path = SDKS) -> Path:
    """The folder they are in, with their scripts. Skips the test only where the registry cannot be reached."""
    lock = (sources / "package-lock.json").read_bytes()
    name = hashlib.sha256(lock).hexdigest()[:16]
    folder = Path(platformdirs.user_cache_dir("vitograph")) / "npm" / name
    if not (folder / "installed").exists():
        part = folder.with_name(f"{name}.{os.getpid()}")
        part.mkdir(parents=True)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(sources / file, part)
        command = [Path(sys.executable).with_name("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(
            [*command, "--fetch-retries", "1"], cwd=part, capture_output=True, text=True, timeout=WITHIN, check=False
        )
        if done.returncode:
            shutil.rmtree(part)
            if NO_REGISTRY.search(done.stderr):
                pytest.skip("the npm registry cannot be reached")
            raise AssertionError(done.stderr)
        (part / "installed").touch()
        try:
            part.rename(folder)
        except OSError:  # another session was faster
            shutil.rmtree(part)
    for script in sources.glob("*.mjs"):
        _renew(script, folder)
    return folder


def _renew(script: Path, folder: Path) -> None:
    """The script lies in the folder as it is now; who runs it meanwhile sees the whole of it."""
    part = folder / f"{script.name}.{os.getpid()}"
    shutil.copy(script, part)
    part.replace(folder / script.name)
