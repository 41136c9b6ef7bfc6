"""The process that hears, and answers of it that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from vitograph.ingest.voice import child
from vitograph.ingest.voice.child import SpeechProcess
from vitograph.ingest.voice.speech import INBOUND
from vitograph.resolver.errors import SpeechFailed, SpeechUnavailable

pytest.importorskip("faster_whisper")
RECORDING = Path("tests/speech/accepts.wav")


async def test_an_answer_that_is_too_long_ends_the_process_and_fails_its_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was left of it would be the answer to the next recording."""
    speech = SpeechProcess(tmp_path, tmp_path, "en")
    with pytest.raises(SpeechUnavailable, match="holds no model"):
        await speech.transcribe(RECORDING, [INBOUND])
    monkeypatch.setattr(child, "LONGEST_LINE", 16)
    with pytest.raises(SpeechFailed, match="was lost"):
        await speech.transcribe(RECORDING, [INBOUND])
    assert speech._process is None
