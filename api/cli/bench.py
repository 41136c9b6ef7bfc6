"""`vito bench`: the measurements that lie beside the sources, each a program of its own."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

import vitograph

SOURCES = Path(vitograph.__file__).parents[2]
"""Of an installation from sources. A wheel holds no measurements."""


def bench(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(help="which one; none: lists them")] = None,
) -> None:
    """Runs a benchmark; whatever follows its name is for it (`vito bench ingest --help`)."""
    known = find()
    if not known:
        raise typer.BadParameter("the benchmarks come with the sources of ViTo, not with an installed package")
    if name is None:
        for one, file in known.items():
            typer.echo(f"{one:12} {told(file)}")
        return
    module = name.replace("-", "_")
    if module not in known:
        raise typer.BadParameter(f"there is no benchmark {name!r}, only {', '.join(known)}")
    command = [sys.executable, "-m", f"benchmarks.{module}", *context.args]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (str(SOURCES), os.getenv("PYTHONPATH"))))}
    raise typer.Exit(subprocess.run(command, env=environment, check=False).returncode)


def find() -> dict[str, Path]:
    """Name to file of all that can be run."""
    folder = SOURCES / "benchmarks"
    packages = {file.parent.name: file for file in folder.glob("*/__main__.py")}
    modules = {file.stem: file for file in folder.glob("*.py") if '__name__ == "__main__"' in file.read_text("utf-8")}
    modules.pop("__main__", None)
    return dict(sorted((packages | modules).items()))


def told(file: Path) -> str:
    """The first line of what a file says of itself."""
    return (ast.get_docstring(ast.parse(file.read_text("utf-8"))) or "").partition("\n")[0]
