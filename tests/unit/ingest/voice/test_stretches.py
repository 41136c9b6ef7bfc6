"""A call is heard in stretches that end where nobody speaks, and only as long as its sound stays what it was."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from vitograph.ingest.voice.mulaw import RATE
from vitograph.ingest.voice.speech import INBOUND, OUTBOUND, Transcript
from vitograph.ingest.voice.stretches import PAUSE, Sound, Stretch, joined, still_heard
from vitograph.resolver.heard.words import Recheck, Word

CHANCE = np.random.default_rng(7)


def noise(seconds: float, loudness: float) -> Any:
    return CHANCE.normal(0, loudness, round(seconds * RATE))


def sound(*parts: tuple[float, float], other: Any = None, floor: float = 20.0) -> Sound:
    """Parts of so many seconds and so loud, over a line that hisses; of another speaker as well where one is given."""
    own = np.concatenate([noise(seconds, max(loudness, floor)) for seconds, loudness in parts])
    columns = [own] if other is None else [own, other]
    samples = np.stack([np.clip(column, -32768, 32767).astype(np.int16) for column in columns], axis=1)
    return Sound((INBOUND, OUTBOUND)[: len(columns)], samples)


SPEECH = (3.0, 4000.0)


def test_a_stretch_ends_in_the_middle_of_the_last_pause() -> None:
    call = sound(SPEECH, (2.0, 0.0), SPEECH, (2.0, 0.0), (1.0, 4000.0))
    assert 8.0 < call.last_pause(0.0) < 10.0
    assert call.last_pause(9.5) == 9.5


def test_nobody_who_speaks_is_cut_off() -> None:
    assert sound((8.0, 4000.0)).last_pause(0.0) == 0.0
    assert sound(SPEECH, (PAUSE / 2, 0.0), SPEECH).last_pause(0.0) == 0.0
    answer = np.concatenate([noise(3.0, 20.0), noise(3.0, 4000.0), noise(2.0, 20.0)])
    assert sound(SPEECH, (5.0, 0.0), other=answer).last_pause(0.0) > 6.0


@pytest.mark.parametrize("floor", [0.0, 20.0, 400.0])
def test_a_line_that_hisses_has_pauses_too(floor: float) -> None:
    assert 3.0 < sound(SPEECH, (2.0, 0.0), SPEECH, floor=floor).last_pause(0.0) < 5.0


def test_where_nothing_stands_out_nothing_is_cut() -> None:
    assert sound(SPEECH, (2.0, 0.0), SPEECH, floor=3000.0).last_pause(0.0) == 0.0


def stretch(call: Sound, since: float, until: float, *words: Word, again: tuple[Recheck, ...] = ()) -> Stretch:
    transcript = Transcript("m", "en", until - since, call.tracks, tuple((INBOUND, word) for word in words), again)
    return Stretch(since, until, call.digest(since, until), transcript)


def test_only_sound_that_is_still_there_was_heard() -> None:
    call = sound(SPEECH, (2.0, 0.0), SPEECH)
    first, second = stretch(call, 0.0, 4.0), stretch(call, 4.0, 7.0)
    assert still_heard([first, second], call) == [first, second]
    assert still_heard([second], call) == []  # the beginning is missing
    late = Sound(call.tracks, call.samples.copy())
    late.samples[5 * RATE] += 1
    assert still_heard([first, second], late) == [first]
    both = Sound((INBOUND, OUTBOUND), np.repeat(call.samples, 2, axis=1))
    assert still_heard([first, second], both) == []
    assert Stretch.from_json(first.to_json()) == first


def test_the_whole_has_the_times_of_the_recording_and_keeps_breaks_apart() -> None:
    call = sound(SPEECH, (2.0, 0.0), SPEECH)
    first = stretch(call, 0.0, 4.0, Word("Yes.", 0.5, 0.9, 0.9, 0), Word("I", 1.0, 1.1, 0.9, 1))
    second = stretch(call, 4.0, 8.0, Word("accept.", 0.2, 0.6, 0.9, 0), again=(Recheck(0.2, 0.6, "accept"),))
    whole = joined([first, second], call)
    assert [(word.text, word.start, word.segment) for _, word in whole.words] == [
        ("Yes.", 0.5, 0),
        ("I", 1.0, 1),
        ("accept.", 4.2, 2),
    ]
    assert whole.rechecks == (Recheck(4.2, 4.6, "accept"),)
    assert (whole.seconds, whole.tracks) == (8.0, (INBOUND,))
    assert Sound.of(call.tracks, call.wav(0.0, 8.0)).digest(0.0, 4.0) == first.digest
