"""Hearing a call: what is finished of it while it goes on, and the rest once it is over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from vitograph.ingest.voice.recording import record
from vitograph.ingest.voice.speech import SpeechToText, Transcript
from vitograph.ingest.voice.spool import SpooledCall, write_whole
from vitograph.ingest.voice.stretches import LEAST, Sound, Stretch, joined, still_heard

_REST = 0.1  # seconds of sound after the last stretch that hold no word


async def listen(call: SpooledCall, speech: SpeechToText) -> bool:
    """Hears what was said in a call that goes on, up to the last pause; whether there was enough to hear.

    SpeechUnavailable, SpeechFailed as `speech` raises them: nothing is lost by it.
    """
    sound = await asyncio.to_thread(_sound_so_far, call)
    heard = await asyncio.to_thread(still_heard, kept_stretches(call), sound)
    since = heard[-1].until if heard else 0.0
    until = await asyncio.to_thread(sound.last_pause, since)
    if until - since < LEAST:
        return False
    heard.append(await _hear(call, speech, sound, since, until))
    call.keep("heard", [stretch.to_json() for stretch in heard])
    return True


async def transcribe(call: SpooledCall, speech: SpeechToText, tracks: Sequence[str], recording: bytes) -> Transcript:
    """All that was said in a call, of which the recording is in its folder: what was heard of it before, and the rest.

    SpeechUnavailable, SpeechFailed.
    """
    kept = kept_stretches(call)
    if not kept:
        return await speech.transcribe(call.folder / "recording.wav", tracks)
    sound = Sound.of(tracks, recording)
    heard = await asyncio.to_thread(still_heard, kept, sound)
    since = heard[-1].until if heard else 0.0
    if sound.seconds - since > _REST or not heard:
        heard.append(await _hear(call, speech, sound, since, sound.seconds))
    return joined(heard, sound)


def kept_stretches(call: SpooledCall) -> list[Stretch]:
    return [Stretch.from_json(one) for one in call.kept("heard") or ()]


async def _hear(call: SpooledCall, speech: SpeechToText, sound: Sound, since: float, until: float) -> Stretch:
    part = call.folder / "stretch.wav"
    await asyncio.to_thread(write_whole, part, sound.wav(since, until))
    transcript = await speech.transcribe(part, sound.tracks)
    return Stretch(since, until, sound.digest(since, until), replace(transcript, seconds=until - since))


def _sound_so_far(call: SpooledCall) -> Sound:
    tracks, recording = record(call.streams())
    return Sound.of(tracks, recording)
