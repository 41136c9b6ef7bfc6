"""faster-whisper: the real default of speech to text. Runs in a process of its own (`child.py`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from scipy.signal import resample_poly

from vitograph.ingest.voice.speech import INBOUND, OUTBOUND, Transcript
from vitograph.ingest.voice.weights import join_weights
from vitograph.resolver.errors import ServerFailed
from vitograph.resolver.heard.passages import left_open, passages
from vitograph.resolver.heard.words import Recheck, Word

RATE = 16_000  # samples a second, as Whisper wants them
RATES = (6_000, 192_000)  # of telephony and recorders: a slower one makes hours of noise of a moment
MARGIN = 0.35  # seconds of sound around a passage that is heard again
SLOWER, QUICKER = (10, 9), (9, 10)  # samples for samples, as `resample_poly` wants them
VAD = {"threshold": 0.2, "min_silence_duration_ms": 1500, "speech_pad_ms": 500}  # rather too much than a word too few
DECODING = {
    "beam_size": 5,
    "temperature": (0.0, 0.2, 0.4),
    "condition_on_previous_text": False,
    "word_timestamps": True,
}


class Whisper:
    """A model in memory. `name` is its folder's."""

    def __init__(self, folder: Path | None, cache: Path, language: str) -> None:
        """ServerFailed when the extra or the model is missing."""
        try:
            from faster_whisper import WhisperModel
        except ModuleNotFoundError as error:
            raise ServerFailed(f"{error.name} is not installed: install vitograph[voice]") from None
        place = folder or join_weights(cache)
        if not (place / "model.bin").is_file():
            raise ServerFailed(f"{place} holds no model of faster-whisper (model.bin); see VITO_SPEECH_MODEL")
        self.name = place.name
        self.language = language
        self._model = WhisperModel(str(place), device="cpu", compute_type="int8", local_files_only=True)

    def transcribe(self, recording: Path, tracks: Sequence[str]) -> Transcript:
        """The words of each track by itself. ValueError when the file is no recording of so many channels."""
        sounds = read_channels(recording, len(tracks))
        heard = {track: list(self._words(sound)) for track, sound in zip(tracks, sounds, strict=True)}
        rechecks: list[Recheck] = []
        if INBOUND in heard:
            sound, theirs, ours = sounds[tracks.index(INBOUND)], heard[INBOUND], heard.get(OUTBOUND, [])
            spans = passages(theirs, ours)
            rechecks = [again for span in spans for again in self._rechecks(sound, span, theirs, ours)]
        words = [(track, word) for track, said in heard.items() for word in said]
        words.sort(key=lambda one: one[1].start)
        seconds = max((len(sound) for sound in sounds), default=0) / RATE
        return Transcript(self.name, self.language, seconds, tuple(tracks), tuple(words), tuple(rechecks))

    def _words(self, sound: Any) -> Iterator[Word]:
        segments, _ = self._model.transcribe(
            sound, language=self.language, vad_filter=True, vad_parameters=VAD, **DECODING
        )
        return words_of(segments)

    def _rechecks(
        self, sound: Any, span: tuple[float, float], heard: Sequence[Word], ours: Sequence[Word]
    ) -> Iterator[Recheck]:
        """The passage heard again slower, and once more quicker where that left open what it says."""
        second = self._again(sound, span, SLOWER)
        yield second
        if left_open(heard, second, ours):
            yield self._again(sound, span, QUICKER)

    def _again(self, sound: Any, span: tuple[float, float], tempo: tuple[int, int]) -> Recheck:
        """The passage alone, at another tempo: what the model guesses comes out otherwise, what it hears does not."""
        first, last = span
        clip = sound[max(0, int((first - MARGIN) * RATE)) : int((last + MARGIN) * RATE)]
        segments, _ = self._model.transcribe(
            resample_poly(clip, *tempo).astype(clip.dtype),
            language=self.language,
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
        )
        return Recheck(round(first, 2), round(last, 2), " ".join(segment.text.strip() for segment in segments))


def words_of(segments: Iterable[Any]) -> Iterator[Word]:
    """The words of Whisper's segments; a segment's number tells where Whisper heard a break.

    What follows without a space belongs to the word before it: `4`, `-9`, `-151` is one word.
    """
    for number, segment in enumerate(segments):
        pending: Word | None = None
        for part in segment.words or ():
            text = part.word.strip()
            heard = Word(text, float(part.start), float(part.end), float(part.probability), number)
            if pending is not None and not part.word.startswith(" "):
                least = min(pending.probability, heard.probability)
                pending = replace(pending, text=pending.text + text, end=heard.end, probability=least)
                continue
            if pending is not None:
                yield _rounded(pending)
            pending = heard if text else None
        if pending is not None:
            yield _rounded(pending)


def _rounded(word: Word) -> Word:
    times = {name: round(getattr(word, name), 2) for name in ("start", "end")}
    return replace(word, probability=round(word.probability, 3), **times)


def read_channels(recording: Path, channels: int) -> list[Any]:
    """The channels of an audio file, resampled to 16 kHz: float32 arrays. ValueError when it is no such file."""
    import av
    from faster_whisper.audio import decode_audio

    check_sound(recording, channels)
    try:
        if channels == 1:
            return [decode_audio(str(recording), RATE)]
        return list(decode_audio(str(recording), RATE, split_stereo=True))
    except (av.FFmpegError, IndexError) as error:
        raise ValueError(f"it is no audio file that can be read: {error}") from None


def check_sound(recording: Path, channels: int) -> None:
    """ValueError when it is no audio file of so many channels and a rate in `RATES`, by what its beginning says."""
    import av

    try:
        with av.open(str(recording)) as container:
            stream = container.streams.audio[0]
            there, rate = stream.channels, stream.rate
    except av.FFmpegError as error:
        raise ValueError(f"it is no audio file that can be read: {error.strerror}") from None
    except IndexError:
        raise ValueError("it is no audio file: it holds no sound") from None
    if there != channels:
        raise ValueError(f"the recording has {there} channels, not {channels}")
    slowest, quickest = RATES
    if not slowest <= (rate or 0) <= quickest:
        raise ValueError(f"the recording has {rate} samples a second; {slowest} to {quickest} are taken")
