"""Words become tokens: in small letters, without contractions and fillers, in sentences; each knows its word."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from vitograph.resolver.heard import asked
from vitograph.resolver.heard.misheard import put_right
from vitograph.resolver.heard.words import Word, vocabulary

COMMA = ","
_FILLERS = frozenset(vocabulary("um uh er erm hmm hm mm ah eh uhm umm uhh"))
_IRREGULAR = {
    "won't": "will not",
    "can't": "can not",
    "cannot": "can not",
    "shan't": "shall not",
    "let's": "let us",
    "ain't": "is not",
    "gonna": "going to",
    "wanna": "want to",
    "gotta": "have to",
    "dont": "do not",
    "wont": "will not",
    "cant": "can not",
    "didnt": "did not",
    "im": "i am",
    "ive": "i have",
    "ill": "i will",
    "yeah": "yes",
    "yep": "yes",
    "yup": "yes",
    "nope": "no",
    "nah": "no",
    "enrol": "enroll",
    "ok": "okay",
    "e-mail": "email",
}
_ENDINGS = (("n't", " not"), ("'ll", " will"), ("'ve", " have"), ("'re", " are"), ("'m", " am"), ("'d", " would"))
_IS = frozenset(
    vocabulary("""
    it that he she what who there here where how name number email answer address mail
""")
)
EDGES = "\"“”„'‘’`.,;:?!…()[]¿¡-–—"
_END = re.compile(r"[.?!…]+[\"”'’)]*$")
_PAUSE = re.compile(r"[,;:–—]+[\"”'’)]*$|-$")
TURN, PAUSE = 3, 1.0
"""Words of ours, and seconds without one of the customer's, that end a sentence of theirs."""
KEPT = 150
"""Words of ours that a sentence knows."""
_GOES_ON = frozenset(
    vocabulary("""
    i we you he she they it to not never if unless and but or that the a an my your would will can could should do
    does did is was are am have had when once because so for of with without said say says don't won't can't wouldn't
    didn't
""")
)
_QUOTES = re.compile('["“”„«»]')


@dataclass(frozen=True, slots=True)
class Token:
    """A word as rules read it. `raw` is as it was heard; `word` its number; commas are tokens of their own."""

    text: str
    raw: str
    word: int
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """What was said up to a full stop, as the model heard it, or up to words of ours. `end` is `.`, `?`, `!` or `…`.

    `before` is what we said before it, as rules read it; None where none of it is known. `is_on_one_track`: that was
    told by its words alone.
    """

    tokens: tuple[Token, ...]
    end: str
    is_quoted: bool = False
    before: str | None = None
    is_on_one_track: bool = False

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)

    @property
    def names(self) -> frozenset[str]:
        """The words that were written with a capital, except the first and `I`."""
        return frozenset(
            token.text
            for token in self.tokens
            if token.word != self.tokens[0].word and re.match(r"(?!I\b)[A-ZÀ-ÞĀ-Ž]", token.raw.strip(EDGES))
        )

    def between(self, first: int, last: int) -> tuple[Token, ...]:
        """The tokens that a stretch of `text` (in characters) is made of."""
        found, place = [], 0
        for token in self.tokens:
            if place < last and place + len(token.text) > first:
                found.append(token)
            place += len(token.text) + 1
        return tuple(found)


def sentences(
    words: Sequence[Word], ours: Sequence[Word] = (), before: str | None = None, *, are_ours: bool = False
) -> list[Sentence]:
    """The sentences of a speaker, told apart by turns of ours as well; `before` is what we said before these.

    `are_ours`: the words are ours, and are not told apart from ours.

    A word said twice in a row counts once, as people stammer; digits do not.
    """
    starts = [word.start for word in ours]
    found: list[Sentence] = []
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or _is_our_turn(words[place - 1], words[place], starts):
            known = ours[
                max(0, bisect_left(starts, words[first].start) - KEPT) : bisect_left(starts, words[first].start)
            ]
            said = " ".join(token.text for word in known for token in _tokens(word, 0)) if known else before
            found += [replace(one, before=said) for one in _sentences(words[first:place])]
            first = place
    return found if ours or are_ours else _told_apart(found)


def _told_apart(spoken: Sequence[Sentence]) -> list[Sentence]:
    """The customer's sentences of a call on one track, each knowing what we asked before it.

    A question of ours that only offers is none of them; any other stays, for the customer may have asked it.
    """
    found: list[Sentence] = []
    before, said = None, ""
    for sentence in spoken:
        said = f"{said} {sentence.text}".strip()
        is_ours = sentence.end == "?" and asked.is_ours(sentence.text)
        if not (is_ours and asked.question(said).is_plain):
            found.append(replace(sentence, before=before or sentence.before, is_on_one_track=before is not None))
        if is_ours:
            before = " ".join(said.split()[-KEPT:])
    return found


def _is_our_turn(left: Word, right: Word, starts: Sequence[float]) -> bool:
    """Whether we spoke in a pause of the customer, who had come to an end: an `aha` of ours ends no sentence."""
    said = bisect_left(starts, right.start) - bisect_left(starts, left.end)
    return said >= TURN and right.start - left.end >= PAUSE and left.text.strip(EDGES).casefold() not in _GOES_ON


def _sentences(words: Sequence[Word]) -> list[Sentence]:
    found: list[Sentence] = []
    open_tokens: list[Token] = []
    quoted = False
    for number, word in enumerate(words):
        quoted = quoted or bool(_QUOTES.search(word.text))
        for token in _tokens(word, number):
            if token.text.isalpha() and [one.text for one in open_tokens[-2:]] == [token.text, COMMA]:
                open_tokens.pop()
            if not (open_tokens and open_tokens[-1].text == token.text and token.text.isalpha()):
                open_tokens.append(token)
        if _END.search(word.text) and not _is_initial(words, number):
            if open_tokens:
                found.append(Sentence(put_right(open_tokens), _end_of(word.text), quoted))
            open_tokens, quoted = [], False
    if open_tokens:
        found.append(Sentence(put_right(open_tokens), ".", quoted))
    return found


def plain_words(text: str) -> list[Word]:
    """The words of a text without times: each a tenth of a second after the other, and all sure."""
    return [Word(part, index / 10, index / 10 + 0.1, 1.0) for index, part in enumerate(text.split())]


def quote(tokens: Iterable[Token]) -> str:
    """The words as they were heard, each once."""
    return " ".join({token.word: token.raw for token in tokens}.values())


def _tokens(word: Word, number: int) -> list[Token]:
    raw = word.text.replace("’", "'")
    core = raw.strip(EDGES).casefold()
    found = [
        Token(part, word.text, number, word.start, word.end, word.probability)
        for part in _expanded(core).split()
        if part not in _FILLERS
    ]
    if found and _PAUSE.search(raw):
        found.append(Token(COMMA, word.text, number, word.start, word.end, word.probability))
    return found


def _expanded(core: str) -> str:
    if core in _IRREGULAR:
        return _IRREGULAR[core]
    for ending, words in _ENDINGS:
        if core.endswith(ending) and len(core) > len(ending):
            return core.removesuffix(ending) + words
    if core.endswith("'s") and core[:-2] in _IS:
        return f"{core[:-2]} is"
    return core


def _is_initial(words: Sequence[Word], number: int) -> bool:
    """A single letter with a full stop that goes on (`J. Smith`, `M. A. R.`) ends no sentence."""
    return bool(re.fullmatch(r"[A-Za-z]\.", words[number].text)) and number + 1 < len(words)


def _end_of(text: str) -> str:
    if "?" in text:
        return "?"
    return "…" if "..." in text or "…" in text else text.rstrip("\"”'’)")[-1]
