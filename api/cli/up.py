"""`vito up`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.running.processes import run_instance
from vitograph.api.running.stopping import run_until_stopped
from vitograph.api.settings import Settings
from vitograph.api.telemetry.logs import configure_logs


def up(
    host: Annotated[str | None, typer.Option(help="address the API listens on  [default: 127.0.0.1]")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="0 lets the system choose  [default: 8700]")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="folder of data, keys and logs  [default: .vito]")] = None,
) -> None:
    """Run Neo4j, Valkey, the API and the worker in the foreground until Ctrl-C or SIGTERM."""
    chosen = {"host": host, "port": port, "data": data}
    settings = Settings().model_copy(update={name: value for name, value in chosen.items() if value is not None})
    configure_logs("supervisor", settings.log_level)
    run_until_stopped(run_instance(settings, say=lambda line: print(line, flush=True)))
