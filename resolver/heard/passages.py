"""Which passages of a call deserve a second hearing: numbers, addresses, and what would make an enrolment."""

from __future__ import annotations

from collections.abc import Sequence

from vitograph.resolver.heard.asked import ASSUMED
from vitograph.resolver.heard.digits import runs
from vitograph.resolver.heard.intents import Want, accepts, find_intents, speaks_against
from vitograph.resolver.heard.phones import LEAST
from vitograph.resolver.heard.tokens import plain_words, sentences
from vitograph.resolver.heard.words import Recheck, Word

MOST = 12
SHORT = 20
"""Words of a sentence that may answer what we asked before these."""
LONGEST = 28.0
"""Seconds; a model hears 30 at once."""


def passages(words: Sequence[Word], ours: Sequence[Word] = ()) -> list[tuple[float, float]]:
    """First and last second of each, whole sentences, in order; those that touch are one.

    What we said before these words is not known: we may have made an offer, and called it anything.
    """
    spans: list[tuple[float, float]] = []
    spoken = sentences(words, ours, ASSUMED)
    clear = [one.said.start for one in find_intents(spoken) if one.want is Want.ACCEPTED and one.is_clear]
    numbers = [words[run.first].start for run in runs(words) if len(run.digits) >= LEAST]
    addresses = [word.start for word in words if "@" in word.text or word.text.strip(".,").casefold() == "at"]
    unknown = [one.tokens[0].start for one in spoken if ours and one.before == ASSUMED and len(one.tokens) <= SHORT]
    wanted = [*clear, *numbers, *addresses, *unknown]
    for sentence in spoken:
        first, last = sentence.tokens[0].start, sentence.tokens[-1].end
        if not any(first - 0.01 <= moment <= last for moment in wanted):
            continue
        if spans and first - spans[-1][1] < 1.0 and last - spans[-1][0] <= LONGEST:
            spans[-1] = (spans[-1][0], last)
        else:
            spans.append((first, min(last, first + LONGEST)))
    return spans[:MOST]


def left_open(words: Sequence[Word], again: Recheck, ours: Sequence[Word] = ()) -> bool:
    """Whether a passage that accepts holds nothing of it, heard again, and nothing against it: for a third hearing."""
    own = [word for word in words if again.start - 0.05 <= word.start and word.end <= again.end + 0.05]
    first = sentences(own, ours, ASSUMED)
    second = sentences(plain_words(again.text), before=first[0].before if first else None)
    return accepts(first) and not accepts(second) and not speaks_against(second)
