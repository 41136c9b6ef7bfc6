"""What a customer states about themselves, with how sure it is, why it is doubtful, and by which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from vitograph.resolver.heard.intents import DOUBTFUL, Said
from vitograph.resolver.heard.words import Recheck, Word


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated value. `kind` is `phone`, `email`, `full_name`, `given_name` or `date_of_birth`.

    `value` is canonical; None where it could not be read at all. Without doubts it may be used.
    """

    kind: str
    value: str | None
    confidence: float
    doubts: tuple[str, ...]
    said: Said

    @property
    def is_clear(self) -> bool:
        return not self.doubts and self.value is not None

    def doubted(self, *doubts: str) -> Stated:
        """The same with more doubts."""
        more = tuple(dict.fromkeys((*self.doubts, *doubts)))
        return replace(self, doubts=more, confidence=min(self.confidence, DOUBTFUL) if more else self.confidence)


def stated(kind: str, value: str | None, words: Sequence[Word], doubts: Sequence[str] = ()) -> Stated:
    """A value read from these words; the least sure of them decides how sure it is."""
    confidence = min((word.probability for word in words), default=0.0)
    said = Said(" ".join(word.text for word in words)[:300], words[0].start, words[-1].end)
    return Stated(kind, value, round(confidence, 3), (), said).doubted(*doubts)


def heard_again(words: Sequence[Word], rechecks: Sequence[Recheck]) -> list[str]:
    """The texts of the passages, heard a second time, in which these words lie."""
    first, last = words[0].start, words[-1].end
    return [one.text for one in rechecks if one.start <= first + 0.05 and one.end >= last - 0.05]
