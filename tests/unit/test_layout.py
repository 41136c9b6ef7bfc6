"""The folders of the repository and the import package say the same thing."""

from __future__ import annotations

import tomllib
from pathlib import Path

import vitograph

ROOT = Path(__file__).parents[2]
FOLDERS = {"resolver", "graph", "api", "cypher", "projections", "ingest", "client"}


def test_every_folder_of_code_has_its_link_and_nothing_else_does() -> None:
    links = {path.name: path.readlink() for path in (ROOT / "src/vitograph").iterdir() if path.is_symlink()}
    assert links == {name: Path("../..") / name for name in FOLDERS}


def test_the_wheel_maps_every_folder() -> None:
    hatch = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    wheel = hatch["targets"]["wheel"]
    assert set(wheel["only-include"]) == FOLDERS | {"src/vitograph"}
    assert wheel["sources"] == {name: f"vitograph/{name}" for name in FOLDERS} | {"src/vitograph": "vitograph"}
    assert set(hatch["exclude"]) == {f"/src/vitograph/{name}" for name in FOLDERS}


def test_the_package_says_the_version_that_is_built() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == vitograph.__version__
