"""Words as speech to text hears them."""

from __future__ import annotations

from dataclasses import dataclass

PUNCTUATION = "\"“”'‘’,.;:?!…"
"""About a word. Brackets and dashes are none here, for telephone numbers have them; `tokens.EDGES` has these too."""


def core_of(text: str) -> str:
    """A word without the punctuation about it, in small letters."""
    return text.strip(PUNCTUATION).casefold()


def vocabulary(text: str) -> tuple[str, ...]:
    """The words of a text, in their order."""
    return tuple(text.split())


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its punctuation, when it was said (seconds from the beginning) and how sure the model is (0–1).

    `segment` counts the stretches between breaks that the model heard.
    """

    text: str
    start: float
    end: float
    probability: float
    segment: int = 0


@dataclass(frozen=True, slots=True)
class Recheck:
    """A passage between two times, heard a second time on its own."""

    start: float
    end: float
    text: str
