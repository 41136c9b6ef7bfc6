"""An adapter of somebody else: files in a folder, and a line in a journal for everything that is done."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any, ClassVar

from vitograph.projections.cms.sink import CmsSettings, CmsSink, Document
from vitograph.resolver.errors import SinkFailed


class CountingSettings(CmsSettings):
    """`pause`: seconds that everything takes. A file `refuse-<key>` in the folder: it is never published."""

    folder: str
    pause: float = 0.0


class Counting(CmsSink):
    """Each line of the journal: what, key, version."""

    settings_model: ClassVar[type[CmsSettings]] = CountingSettings

    def __init__(self, settings: Any, secret: str) -> None:
        self._settings = settings
        self._folder = Path(settings.folder)

    async def publish(self, document: Document) -> None:
        self._note(f"publish {document.key} {document.version}")
        await asyncio.sleep(self._settings.pause)
        if (self._folder / f"refuse-{document.key}").exists():
            raise SinkFailed("it is not taken")
        (self._folder / document.key).write_text(str(document.version))

    async def teardown(self, key: str) -> None:
        self._note(f"teardown {key} 0")
        await asyncio.sleep(self._settings.pause)
        (self._folder / key).unlink(missing_ok=True)

    async def is_public(self, key: str) -> bool:
        return (self._folder / key).exists()

    def _note(self, line: str) -> None:
        """One write of less than a page: lines of several processes do not mix."""
        handle = os.open(self._folder / "journal", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(handle, f"{line}\n".encode())
        os.close(handle)
