"""The `vito` command: every command is a function, registered in one line below."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

import vitograph
from vitograph.api.cli import candidates, config, decisions, evidence, keys, model, projections, retention, sinks, voice
from vitograph.api.cli.audit import audit
from vitograph.api.cli.backup import backup, erasures, restore
from vitograph.api.cli.bench import bench
from vitograph.api.cli.compact import compact
from vitograph.api.cli.digest import digest
from vitograph.api.cli.evaluate import evaluate
from vitograph.api.cli.imports import import_file
from vitograph.api.cli.intake import intake
from vitograph.api.cli.login import login, logout
from vitograph.api.cli.migrate import migrate
from vitograph.api.cli.replay import replay
from vitograph.api.cli.resolve import resolve
from vitograph.api.cli.train import train
from vitograph.api.cli.up import up
from vitograph.api.settings import BadSettings
from vitograph.resolver.errors import VitoError


def _tell_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"vito {vitograph.__version__}")
        raise typer.Exit


app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def vito(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="print the version and exit")
    ] = False,
) -> None:
    """An identity graph on Neo4j that never merges two people by itself."""


app.command()(up)
app.command("import")(import_file)
app.command()(intake)
app.command()(resolve)
app.add_typer(candidates.app, name="candidates")
app.add_typer(decisions.app, name="decisions")
app.command()(evaluate)
app.command()(train)
app.add_typer(model.app, name="model")
app.command()(audit)
app.command()(digest)
app.command()(replay)
app.command()(compact)
app.command()(backup)
app.command()(restore)
app.add_typer(erasures, name="erasures")
app.add_typer(retention.app, name="retention")
app.command()(migrate)
app.command()(login)
app.command()(logout)
app.add_typer(config.app, name="config")
app.add_typer(keys.app, name="keys")
app.add_typer(projections.app, name="projections")
app.add_typer(sinks.app, name="sinks")
app.add_typer(evidence.app, name="evidence")
app.add_typer(voice.app, name="voice")
app.command(context_settings={"allow_extra_args": True, "allow_interspersed_args": False})(bench)


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
