"""Words that stand before or after a name and are no part of it: titles, degrees, and generations."""

from __future__ import annotations

from collections.abc import Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words("""
    mr mrs ms miss mx mister madam sir rev dr prof professor doctor
    herr frau hr mevrouw meneer
    sr sra srta señor señora señorita senor senora senorita doña dra senhor senhora
    monsieur madame mademoiselle mme mlle
    signor signora signore signorina dott dottssa
""")
"""Without those that are given names as well (don, dona, sig, pan)."""
SUFFIXES = frozenset({"md", "phd", "esq"})
GENERATION_WORDS = {
    **dict.fromkeys(("sr", "snr", "senior", "aeltere", "aelterer"), "senior"),
    **dict.fromkeys(("jr", "jnr", "junior", "ii", "juengere", "juengerer", "filho"), "junior"),
    **{"iii": "iii", "iv": "iv", "neto": "neto", "sobrinho": "sobrinho"},
}
GENERATIONS = ("", "senior", "junior", "iii", "iv", "neto", "sobrinho")
_OF_MEDICINE_OR_LAW = frozenset({"med", "dent", "vet", "jur", "ing", "rer", "habil"})
_DEGREES = {"dr": _OF_MEDICINE_OR_LAW, "med": _OF_MEDICINE_OR_LAW, "rer": frozenset({"nat", "pol"})}
"""What may follow a title or a degree: `dr med`; alone, Med is a name."""


def without_titles(words: Sequence[str]) -> list[str]:
    """The words of a name without the titles before them; the last word stays."""
    start = 0
    while start < len(words) - 1 and (
        words[start] in TITLES or (start > 0 and words[start] in _DEGREES.get(words[start - 1], ()))
    ):
        start += 1
    return list(words[start:])
