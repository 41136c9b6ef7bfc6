"""Speech to text as the rest of ViTo knows it: a recording in, words with their times out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Protocol

from vitograph.resolver.heard.words import Recheck, Word

INBOUND = "inbound"
OUTBOUND = "outbound"
TRACKS = (INBOUND, OUTBOUND)
"""Who speaks: the customer, then us. In a recording of two channels the first is the customer's."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was said on the tracks of a recording, in the order of time, and by which model it was heard.

    `rechecks` are passages with numbers, addresses or acceptances, heard a second or a third time on their own.
    """

    model: str
    language: str
    seconds: float
    tracks: tuple[str, ...]
    words: tuple[tuple[str, Word], ...]
    rechecks: tuple[Recheck, ...] = ()

    def of(self, track: str) -> tuple[Word, ...]:
        """The words of one speaker."""
        return tuple(word for speaker, word in self.words if speaker == track)

    def to_json(self) -> dict[str, Any]:
        """The document that is kept as evidence: times in seconds from the beginning of the recording."""
        return {
            "version": 1,
            "model": self.model,
            "language": self.language,
            "seconds": round(self.seconds, 3),
            "tracks": list(self.tracks),
            "text": {track: " ".join(word.text for word in self.of(track)) for track in self.tracks},
            "words": [{"track": track, **asdict(word)} for track, word in self.words],
            "rechecks": [asdict(one) for one in self.rechecks],
        }

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Transcript:
        words = tuple((word.pop("track"), Word(**word)) for word in map(dict, document["words"]))
        return cls(
            document["model"],
            document["language"],
            document["seconds"],
            tuple(document["tracks"]),
            words,
            tuple(Recheck(**one) for one in document["rechecks"]),
        )


class SpeechToText(Protocol):
    """What turns speech into words."""

    async def transcribe(self, recording: Path, tracks: Sequence[str]) -> Transcript:
        """The words of a WAV file, whose channels are the tracks in their order.

        SpeechUnavailable when the model cannot be had (try later), SpeechFailed when this recording cannot be heard.
        """
        ...

    async def close(self) -> None:
        """Nothing of it runs any more."""
        ...
