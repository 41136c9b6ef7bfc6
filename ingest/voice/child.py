"""Speech to text in a process of its own: what a model does to memory, time and threads concerns nobody else.

`python -m vitograph.ingest.voice.child SETTINGS` reads a JSON request a line and answers a JSON line each. It ends with
its standard input, so it never outlives who started it by more than one recording.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from vitograph.ingest.voice.speech import Transcript
from vitograph.resolver.errors import ServerFailed, SpeechFailed, SpeechUnavailable

SLOWEST = 20.0
"""Seconds of work a second of sound may take, before the process is given up."""

LEAST = 180.0  # seconds for a recording, however short: the model is loaded first
LONGEST_LINE = 64 << 20  # bytes of one answer


@dataclass(slots=True)
class SpeechProcess:
    """faster-whisper, started when there is something to hear. One recording at a time."""

    model: Path | None
    cache: Path
    language: str
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)

    async def transcribe(self, recording: Path, tracks: Sequence[str]) -> Transcript:
        """As `SpeechToText` says. A process that dies or hangs is SpeechFailed, and the next call starts another."""
        request = orjson.dumps({"recording": str(recording), "tracks": list(tracks)}) + b"\n"
        limit = LEAST + SLOWEST * (await asyncio.to_thread(recording.stat)).st_size / 16_000
        try:
            async with asyncio.timeout(limit):
                answer = await self._ask(request)
        except (TimeoutError, ConnectionError, ValueError) as error:  # ValueError: too long a line, or no JSON
            await self.close()
            raise SpeechFailed(f"the process that hears was lost: {error or 'it took too long'}") from None
        except asyncio.CancelledError:
            await self.close()
            raise
        match answer:
            case {"transcript": transcript}:
                return Transcript.from_json(transcript)
            case {"unavailable": why}:
                await self.close()
                raise SpeechUnavailable(str(why))
            case _:
                raise SpeechFailed(str(answer.get("failed", "it gave no answer")))

    async def close(self) -> None:
        """The process and its memory are gone."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.kill()
        await process.wait()

    async def _ask(self, request: bytes) -> dict[str, Any]:
        if self._process is None or self._process.returncode is not None:
            settings = {"model": self.model and str(self.model), "cache": str(self.cache), "language": self.language}
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "vitograph.ingest.voice.child",
                orjson.dumps(settings).decode(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=LONGEST_LINE,
            )
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(request)
        await process.stdin.drain()
        line = await process.stdout.readline()
        if not line:
            raise ConnectionError(f"it ended with status {await process.wait()}")
        return dict(orjson.loads(line))


def main() -> None:
    """Answers until its standard input ends."""
    from vitograph.ingest.voice.whisper import Whisper

    settings = orjson.loads(sys.argv[1])
    folder = Path(settings["model"]) if settings["model"] else None
    try:
        whisper = Whisper(folder, Path(settings["cache"]), settings["language"])
    except (ServerFailed, OSError, RuntimeError, ValueError) as error:
        sys.stdin.readline()
        _answer({"unavailable": str(error)})
        return
    for line in sys.stdin:
        request = orjson.loads(line)
        try:
            transcript = whisper.transcribe(Path(request["recording"]), request["tracks"])
        except (ValueError, RuntimeError, OSError) as error:
            _answer({"failed": str(error)})
            continue
        _answer({"transcript": transcript.to_json()})


def _answer(answer: dict[str, Any]) -> None:
    sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
