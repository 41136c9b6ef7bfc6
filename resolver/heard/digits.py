"""Digits as people say them and as speech to text writes them: "double five", "oh", "plus four nine", "5, 5, 5"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from vitograph.resolver.heard.words import Word, core_of, vocabulary

PAUSE = 3.5
"""Seconds between two digits after which another number begins."""

LONGEST_CODE = 3
"""Digits of a country's code, after which an area code may stand."""

_UNITS = {
    word: str(number)
    for number, words in enumerate(
        vocabulary("""
    zero/oh/o/nought/naught/null one two three four five six seven eight/ate nine/niner
""")
    )
    for word in words.split("/")
}
_TEENS = {
    word: str(number)
    for number, word in enumerate(
        vocabulary("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"),
        start=10,
    )
}
_TENS = {
    word: str(number)
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_BETWEEN = frozenset(vocabulary("and then dash hyphen minus dot point space um uh er erm hmm area code"))
_MISHEARD = frozenset(vocabulary("a for to too won the tree fore i in at"))
_COUNTED = frozenset(
    vocabulary("""
    more of other thing things moment second seconds minute minutes hour hours day days week weeks month months year
    years people persons time times question questions last
""")
)
"""What a number before it counts: "twelve thirty, one more thing"."""
_WRITTEN = re.compile(r"\+?\(?\d[\d()./–-]*")


@dataclass(slots=True)
class Run:
    """Digits in a row. `first` and `last` are the numbers of its words; `doubts` say what could be read otherwise."""

    digits: str = ""
    plus: bool = False
    first: int = 0
    last: int = 0
    doubts: list[str] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    probability: float = 1.0


def runs(words: Sequence[Word]) -> list[Run]:
    """Every run of digits, in order; one digit alone is one as well."""
    found: list[Run] = []
    reader = _Reader(words)
    place = 0
    while place < len(words):
        run, after = reader.read(place)
        if run is not None:
            found.append(run)
        place = max(after, place + 1)
    for one, other in pairwise(found):
        if reader.adjoin(one, other) and one.digits != other.digits and not reader.counts(other):
            one.doubts.append("digits follow it in the next sentence")
            other.doubts.append("digits stand before it in another sentence")
    return found


def unhyphenated(words: Sequence[Word]) -> list[Word]:
    """The words, with those that the model joined by hyphens and that hold a number taken apart: `212-double-five`."""
    found: list[Word] = []
    for word in words:
        parts = word.text.split("-")
        cores = [core_of(part) for part in parts]
        is_number = any(spoken_digits(core) for core in cores) or any(
            core in _TENS or core in _REPEATS for core in cores
        )
        if len(parts) > 1 and is_number and any(core.isalpha() for core in cores):
            found += [replace(word, text=part) for part in parts if part]
        else:
            found.append(word)
    return found


def spoken_digits(text: str) -> str | None:
    """The digits of one word (`five`, `fifteen`, `415-`); None when it is no number."""
    core = core_of(text)
    if _WRITTEN.fullmatch(core) and any(c.isdigit() for c in core):
        return re.sub(r"\D", "", core)
    if core in _UNITS or core in _TEENS:
        return _UNITS.get(core) or _TEENS[core]
    return None


class _Reader:
    def __init__(self, words: Sequence[Word]) -> None:
        self._words = words

    def read(self, place: int) -> tuple[Run | None, int]:
        """The run that begins at a word and ends with its sentence, and the first word after it."""
        run = Run(first=place)
        while place < len(self._words):
            if run.groups and self._words[place].start - self._words[run.last].end > PAUSE:
                break
            taken = self._take(run, place)
            if taken == 0:
                if not run.groups or not self._goes_on(run, place):
                    break
                place += 1
                continue
            for word in self._words[place : place + taken]:
                run.probability = min(run.probability, word.probability)
            place += taken
            run.last = place - 1
            if self._text(run.last).endswith((".", "?", "!")):
                break
        if self.counts(run):
            run.doubts.append("its last digit may count what follows")
        return (run, run.last + 1) if run.groups else (None, place)

    def counts(self, run: Run) -> bool:
        """Whether its last number may be of what follows: it counts that, or stands by itself after a comma."""
        following = self._core(run.last + 1)
        if not run.groups or not following or self._closes(run.last):
            return False
        is_apart = run.last == run.first or self._closes(run.last - 1) or self._core(run.last - 1) == "and"
        is_small = len(run.groups[-1]) == 1 and following not in _BETWEEN and not self._is_number(run.last + 1)
        return following in _COUNTED or (is_apart and is_small)

    def _take(self, run: Run, place: int) -> int:
        """Adds what stands here to the run; how many words that were."""
        core = self._core(place)
        following = self._core(place + 1)
        if core == "plus" and self._is_number(place + 1):
            run.plus = not run.digits
            return 1
        if core in _REPEATS and self._is_number(place + 1):
            return self._repeat(run, place, _REPEATS[core])
        if core in ("oh", "o") and not (run.groups or self._is_number(place + 1)):
            return 0
        if core == "ate" and not run.groups:
            return 0
        tens, _, unit = core.partition("-")
        if tens in _TENS:
            if unit in _UNITS:
                return self._add(run, _TENS[tens] + _UNITS[unit], 1)
            if following in _UNITS and following not in ("oh", "o", "zero") and not self._closes(place):
                return self._add(run, _TENS[tens] + _UNITS[following], 2)
            return self._add(run, _TENS[tens] + "0", 1)
        digits = spoken_digits(core) or _of_hyphens(core)
        if digits is None:
            return 0
        run.plus = run.plus or (core.startswith("+") and not run.digits)
        if following in ("hundred", "thousand") and len(digits) <= 2:
            if self._may_add(place + 2, following):
                run.doubts.append(f"what follows a {following} can be read in two ways")
            return self._add(run, digits + ("00" if following == "hundred" else "000"), 2)
        return self._add(run, digits, 1)

    def adjoin(self, one: Run, other: Run) -> bool:
        """Whether nothing stands between two runs that would end a number."""
        return all(self._core(place) in _BETWEEN for place in range(one.last + 1, other.first))

    def _may_add(self, place: int, scale: str) -> bool:
        """Whether the number after a hundred or a thousand may be part of it: "seven hundred and five" may be 705."""
        core = self._core(place)
        if self._closes(place - 1) or not (core == "and" or self._is_number(place)):
            return False
        is_alone = self._closes(place) or not self._is_number(place + 1)
        return scale == "thousand" or core not in _UNITS or is_alone

    def _repeat(self, run: Run, place: int, times: int) -> int:
        digits = spoken_digits(self._core(place + 1)) or ""
        if len(digits) != 1:
            run.doubts.append(f"{self._core(place)} {self._core(place + 1)} can be read in two ways")
        return self._add(run, digits[:1] * times + digits[1:], 2)

    def _add(self, run: Run, digits: str, words: int) -> int:
        run.digits += digits
        run.groups.append(digits)
        return words

    def _goes_on(self, run: Run, place: int) -> bool:
        """Whether a word that is no number stands inside one."""
        core = self._core(place)
        ahead = next((at for at in (place + 1, place + 2) if self._is_number(at)), None)
        if ahead is None or any(self._core(at) not in _BETWEEN | _MISHEARD for at in range(place, ahead)):
            return False
        if core in _MISHEARD and len(run.digits) >= 2:
            run.doubts.append(f"{core!r} stands among the digits")
            return True
        if core == "area" and len(run.digits) > LONGEST_CODE:
            run.doubts.append("its area code stands behind it")
        return core in _BETWEEN

    def _is_number(self, place: int) -> bool:
        core = self._core(place)
        return bool(core) and (
            spoken_digits(core) is not None or core in _TENS or core in _REPEATS or _of_hyphens(core) is not None
        )

    def _closes(self, place: int) -> bool:
        """Whether a comma or the end of a sentence stands behind a word."""
        return self._text(place).endswith((",", ".", ";", "?", "!"))

    def _text(self, place: int) -> str:
        return self._words[place].text if 0 <= place < len(self._words) else ""

    def _core(self, place: int) -> str:
        return core_of(self._text(place))


def _of_hyphens(core: str) -> str | None:
    """`five-five-five` and `oh-one`."""
    parts = core.split("-")
    if len(parts) < 2 or any(part not in _UNITS for part in parts):
        return None
    return "".join(_UNITS[part] for part in parts)
