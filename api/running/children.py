"""One child process: started, known to be open, stopped within its time, and gone when this process is."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from vitograph.resolver.errors import ServerFailed

LEASH = Path(__file__).with_name("leash.py")
UNINHERITED = frozenset({"VITO_ADMIN_KEY", "VITO_ERASURE_KEY"})  # a child has it only when its recipe says so
POLL = 0.02  # seconds
ABORT_WITHIN = 5.0  # seconds for one that has not opened yet, so has acknowledged nothing


class Recipe(Protocol):
    """What there is to know about a server to run it; `Neo4jServer` and `ValkeyServer` are two."""

    @property
    def name(self) -> str: ...  # as it stands in a sentence
    @property
    def log(self) -> Path | None: ...  # where its output goes; None: to our stderr
    @property
    def open_within(self) -> float: ...  # seconds
    @property
    def stop_within(self) -> float: ...  # seconds
    async def prepare(self) -> None: ...
    def command(self) -> Sequence[str]: ...
    def environment(self) -> Mapping[str, str]: ...
    async def is_open(self) -> bool: ...
    def describe_death(self) -> str: ...


class Child:
    """Runs one recipe, in a session of its own so that Ctrl-C in a terminal reaches only the one who started it."""

    def __init__(self, recipe: Recipe, inherited: Sequence[int] = ()) -> None:
        self.recipe = recipe
        self.inherited = tuple(inherited)
        self.process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """It is open when this returns; nothing of it is left when this raises. Raises `ServerFailed`.

        Must run in the main thread: on Linux a child is ended when the *thread* that made it ends.
        """
        await self.recipe.prepare()
        self.process = await self._spawn()
        try:
            async with asyncio.timeout(self.recipe.open_within):
                await self._wait_open(self.process)
        except TimeoutError:
            await self.stop(ABORT_WITHIN)
            limit = f"{self.recipe.open_within:.0f} s"
            raise ServerFailed(
                f"{self.recipe.name} was not up within {limit}: {self.recipe.describe_death()}"
            ) from None
        except BaseException:
            await self.stop(ABORT_WITHIN)
            raise

    async def wait(self) -> int:
        """The exit status, once it has ended by itself; negative is a signal."""
        assert self.process is not None
        return await self.process.wait()

    async def stop(self, within: float | None = None) -> None:
        """It has ended: asked with SIGTERM, killed when it takes longer than it may, in seconds."""
        process, self.process = self.process, None
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(self.recipe.stop_within if within is None else within):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        except asyncio.CancelledError:
            process.kill()
            raise

    async def _spawn(self) -> asyncio.subprocess.Process:
        log = self.recipe.log
        output = 2 if log is None else os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(LEASH), str(os.getpid()), *self.recipe.command()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env={name: value for name, value in os.environ.items() if name not in UNINHERITED}
                | dict(self.recipe.environment()),
                pass_fds=self.inherited,
                start_new_session=True,
            )
        finally:
            if log is not None:
                os.close(output)

    async def _wait_open(self, process: asyncio.subprocess.Process) -> None:
        while not await self.recipe.is_open():
            if process.returncode is not None:
                await self.recipe.is_open()  # what it said last may be the reason
                raise ServerFailed(self.recipe.describe_death())
            await asyncio.sleep(POLL)
