"""The `vito` command: every command is a function or an app of its own, named in one line below."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import vitograph
from vitograph.api.settings import BadSettings
from vitograph.resolver.errors import VitoError

COMMANDS = {
    "up": "up.up",
    "import": "imports.import_file",
    "intake": "intake.intake",
    "resolve": "resolve.resolve",
    "candidates": "candidates.app",
    "decisions": "decisions.app",
    "evaluate": "evaluate.evaluate",
    "train": "train.train",
    "model": "model.app",
    "audit": "audit.audit",
    "digest": "digest.digest",
    "replay": "replay.replay",
    "compact": "compact.compact",
    "backup": "backup.backup",
    "restore": "backup.restore",
    "erasures": "backup.erasures",
    "retention": "retention.app",
    "migrate": "migrate.migrate",
    "login": "login.login",
    "logout": "login.logout",
    "config": "config.app",
    "keys": "keys.app",
    "projections": "projections.app",
    "sinks": "sinks.app",
    "evidence": "evidence.app",
    "voice": "voice.app",
    "bench": "bench.bench",
}
"""By its name, the module and what is in it: a function, or an app of several commands. In the order of `--help`."""

CONTEXTS = {"bench": {"allow_extra_args": True, "allow_interspersed_args": False}}


class Commands(Mapping[str, Any]):
    """Each is imported when it is looked at: all of them together take a second of CPU, at every start of one."""

    def __getitem__(self, name: str) -> Any:
        module, _, attribute = COMMANDS[name].partition(".")
        found = getattr(import_module(f"{__name__}.{module}"), attribute)
        holder = typer.Typer()
        if isinstance(found, typer.Typer):
            holder.add_typer(found, name=name)
        else:
            holder.command(name, context_settings=CONTEXTS.get(name))(found)
        return typer.main.get_group(holder).commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class Vito(TyperGroup):
    """All of the commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"commands": Commands()})


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vito {vitograph.__version__}")
        raise typer.Exit


app = typer.Typer(cls=Vito, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def vito(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="print the version and exit")
    ] = False,
) -> None:
    """An identity graph on Neo4j that never merges two people by itself."""


def main() -> None:
    """Runs a command; an error raised on purpose is one sentence on stderr and exit status 1, of settings 2."""
    try:
        app()
    except BadSettings as error:
        print(f"vito: {error}", file=sys.stderr)
        sys.exit(2)
    except VitoError as error:
        sys.exit(f"vito: {error}")
    except OSError as error:
        sys.exit(f"vito: {error.filename or 'a file'} cannot be used: {error.strerror or error}")
