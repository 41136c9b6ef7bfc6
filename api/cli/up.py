"""`vito up`."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

from vitograph.api.processes import run_instance
from vitograph.api.settings import Settings


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
    run_until_stopped(run_instance(settings, say=lambda line: print(line, flush=True)))


def run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Runs the work; the first SIGTERM or SIGINT cancels it and lets it clean up, and is no error."""

    async def run() -> None:
        task = asyncio.ensure_future(work)
        is_stopping = asyncio.Event()

        def stop() -> None:
            if (
                not is_stopping.is_set()
            ):  # a second one, as from a shell and a wrapper at once, must not cut the clean-up
                is_stopping.set()
                task.cancel()

        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        try:
            await task
        except asyncio.CancelledError:
            return

    asyncio.run(run())
