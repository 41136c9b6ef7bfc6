"""How a process of ours ends: by SIGTERM or SIGINT, after its clean-up, and with status 0."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from vitograph.resolver.errors import VitoError

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def end_with_status_0() -> None:
    """A process that a server of its own drains ends so: uvicorn raises the signal again when it is done."""

    def end(number: int, frame: FrameType | None) -> None:
        raise SystemExit(0)

    for number in SIGNALS:
        signal.signal(number, end)


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """What was foreseen ends the process with status 1 and a sentence."""
    try:
        yield
    except VitoError as error:
        raise SystemExit(f"vito: {error}") from None


def run_until_stopped(work: Coroutine[Any, Any, None]) -> None:
    """Runs the work; the first SIGTERM or SIGINT cancels it and lets it clean up, and is no error."""

    async def run() -> None:
        task = asyncio.ensure_future(work)
        is_stopping = asyncio.Event()

        def stop() -> None:
            # A second one, as from a shell and a wrapper at once, must not cut the clean-up.
            if not is_stopping.is_set():
                is_stopping.set()
                task.cancel()

        for number in SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, stop)
        try:
            await task
        except asyncio.CancelledError:
            return

    asyncio.run(run())
