"""`python -m benchmarks.voice [FILE] [--all]`: spoken lines through a telephone and the real model, up to their event.

Says by speaker word errors, acceptances found, enrolments that nobody made, what became of numbers and addresses, and
the real-time factor: seconds of work a second of speech. Needs the group `bench` (`make accuracy` installs it); two
more voices speak where `pip install ttspico` was done, which needs a C compiler.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs
from rapidfuzz.distance import Levenshtein

from benchmarks.voice.lines import Line, read_lines
from benchmarks.voice.speaking import speak, write_wav
from vitograph.ingest.voice.speech import INBOUND, Transcript
from vitograph.ingest.voice.whisper import Whisper
from vitograph.resolver.heard.hearing import ENROLLED, hear, judge

SPOKEN = Path(__file__).with_name("spoken.txt")
COUNTED_AS_WORDS = ("accept", "doubt", "never")  # sections whose words are compared; figures are written otherwise


@dataclass(slots=True)
class Tally:
    words: int = 0
    errors: int = 0
    heard: float = 0.0
    worked: float = 0.0
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.voice", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=SPOKEN)
    parser.add_argument("--all", action="store_true", help="each line by every speaker, not by one in turn")
    parser.add_argument("--region", default="US", help="country of numbers without one")
    chosen = parser.parse_args(arguments)
    whisper = Whisper(None, Path(platformdirs.user_cache_dir("vitograph")), "en")
    tallies: dict[str, Tally] = defaultdict(Tally)
    with tempfile.TemporaryDirectory(prefix="vito-voice-") as folder:
        recording = Path(folder) / "call.wav"
        for line, speaker, sound in speak(read_lines(chosen.file), chosen.all):
            tally = tallies[speaker.name]
            write_wav(sound, recording)
            began = time.perf_counter()
            transcript = whisper.transcribe(recording, (INBOUND,))
            tally.worked += time.perf_counter() - began
            tally.heard += transcript.seconds
            outcome = add(tally, line, transcript, chosen.region)
            told = " ".join(word.text for word in transcript.of(INBOUND))
            print(f"{line.section:7} {outcome:22} {line.text}\n{'':8}{told}   ({speaker.name})")
            for again in transcript.rechecks:
                print(f"{'':8}again: {again.text}")
    for name, tally in tallies.items():
        print(f"\n{name}")
        report(tally)


def add(tally: Tally, line: Line, transcript: Transcript, region: str) -> str:
    """Counts a line, and says what was made of it."""
    words = transcript.of(INBOUND)
    heard = hear(words, (), transcript.rechecks, region)
    if line.section in COUNTED_AS_WORDS:
        spoken = plain(line.text)
        tally.words += len(spoken)
        tally.errors += Levenshtein.distance(spoken, plain(" ".join(word.text for word in words)))
        type = judge(heard, "summer-offer", has_caller=True).type
        outcome = "enrolled" if type == ENROLLED else "review" if type.endswith("needs_review") else "other"
    else:
        clear = heard.clear(line.section)
        doubtful = any(one.kind == line.section and not one.is_clear for one in heard.stated)
        outcome = ("exact" if clear == [line.expected] else "WRONG") if clear else "review" if doubtful else "not found"
    tally.outcomes[line.section, outcome] += 1
    return outcome


def plain(text: str) -> list[str]:
    return re.sub(r"[^\w' ]", " ", text.casefold().replace("’", "'")).split()


def report(tally: Tally) -> None:
    print(f"word errors        {tally.errors / tally.words:.1%} of {tally.words} words")
    print(f"real-time factor   {tally.worked / tally.heard:.2f} ({tally.heard:.0f} s of speech)")
    for section in dict.fromkeys(section for section, _ in tally.outcomes):
        parts = ", ".join(f"{count} {what}" for (one, what), count in sorted(tally.outcomes.items()) if one == section)
        print(f"{section:18} {parts}")


if __name__ == "__main__":
    main()
