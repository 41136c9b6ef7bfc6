"""An acceptance of which every word is known: pieces that accept, among pieces that cannot turn it round.

Recognisers leave commas and full stops out ("that sounds good yes please sign me up"). So what stands before and after
is read piece by piece, without them; one unknown word and it is no such answer, and the rules of sentences judge it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from vitograph.resolver.heard import asked, pieces
from vitograph.resolver.heard.introduced import introduced
from vitograph.resolver.heard.phrases import ABOUT_ACCEPTING, ASKED, BETWEEN, DOUBTS, HARMLESS, NOUN, WANTED, WAVERS
from vitograph.resolver.heard.surroundings import BARGAINS, DEMANDS, TURNS
from vitograph.resolver.heard.tokens import COMMA, Sentence, Token
from vitograph.resolver.heard.words import vocabulary

LONGEST = 60
"""Words of an answer: what takes longer to say is judged by its sentences."""

NOTHING = "(?!)"
"""A pattern that nothing matches."""

_GAP = re.compile(r" |$")

_OPEN = tuple(map(re.compile, pieces.OPEN))
_TURNING = (
    *(pattern for name, pattern in DOUBTS.items() if name != "it is not of now"),
    *(ABOUT_ACCEPTING, TURNS, WAVERS, DEMANDS, BARGAINS),
)
_GOES_ON = re.compile(
    r"\b(?:and|there|but|or|that|who|which|what|i|we|you|to|yes|please|okay|sure|called|button|form|box|script)\b"
)
_OF_YOU = re.compile(r"\b(?:of|for|from|about|with) you\b")
_PRICES = re.compile(
    r"\b(?:free|cheaper|less|lower|half(?: price)?|percent|prices?|costs?|money|better|saves?|pays?|paying|bill|"
    r"too much)\b"
)
"""Reasons: they bargain only where somebody asks for them."""
_REASON = re.compile(r"\bso (?=yes\b)")

_SMALL = frozenset(vocabulary("it that this me us my the for to in up down on ahead and with at of be part you a go"))
_OWN_WORD = re.compile(
    r"i|we|you|he|she|they|my|your|not|never|if|unless|but|only|except|when|once|until|would|could|might|may|say|says|"
    r"said|another|think|or|like|want|take|have|do|does|is|are|so|that|this|it"
)
"""What is not only said again, although we said it as well."""
_TURN = frozenset(vocabulary("not never no if unless but only or when once i shall would should can could may will"))
MOST_ECHOED = 8
MOST_STAMMERED = 3
MOST_WORDS = 16
"""Of a piece."""


@dataclass(frozen=True, slots=True)
class _Grammar:
    """What accepts by itself (`named`) or because we asked (`answers`), what stands around it, and what may end it."""

    piece: re.Pattern[str]
    named: re.Pattern[str]
    answers: re.Pattern[str]
    after: re.Pattern[str]
    end: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Answer:
    """A sentence without its commas, the piece of it that accepts, and whether that means anything by itself."""

    sentence: Sentence
    said: re.Match[str]
    is_of_offer: bool


def accepting(sentence: Sentence) -> Answer | None:
    """The acceptance that a sentence is; None unless every word is known, or where we asked for something else."""
    bare = replace(sentence, tokens=_bare(sentence))
    ours = sentence.before or ""
    question = asked.question(ours)
    if sentence.is_on_one_track:
        question = replace(question, is_plain=False)  # whose yes it is nobody can tell
    if len(bare.tokens) > LONGEST or DOUBTS["it may be mocking"].search(sentence.text):
        return None
    grammar = _grammar(question, asked.called(ours), asked.names(ours))
    answers = (_parsed(bare, grammar, begins) for begins in (*_after_echo(bare.text, ours), *_after_reason(bare.text)))
    found, end = next((one for one in answers if one), (None, None))
    if found is None or end is None or _may_turn(end["thanks"]) or _may_turn(end["tells"]):
        return None
    if pieces.REQUESTS.match(found.said.group()) and not pieces.POLITE.search(bare.text):
        return None
    if question.is_for_offer is False and not re.search(rf"\b{NOUN}\b", bare.text[: found.said.end()]):
        return None
    return found


def _bare(sentence: Sentence) -> tuple[Token, ...]:
    """Its tokens without commas, names as one, and what was said twice in a row once ("I'll, I'll take it")."""
    found: list[Token] = []
    for token in introduced([token for token in sentence.tokens if token.text != COMMA]):
        found.append(token)
        texts = [one.text for one in found[-2 * MOST_STAMMERED :]]
        for many in range(2, MOST_STAMMERED + 1):
            if texts[-many:] == texts[-2 * many : -many] and all(map(str.isalpha, texts[-many:])):
                del found[-many:]
                break
    return tuple(found)


def _parsed(bare: Sentence, grammar: _Grammar, begins: int) -> tuple[Answer, re.Match[str]] | None:
    """The answer that a sentence is from a word on, and its end; the later it accepts the better."""
    text = bare.text
    for place in reversed(_reached(grammar.piece, text, begins, is_open=True)):
        for accepts in (grammar.named, grammar.answers):
            for said in _matches(accepts, text, place):
                for rest in reversed(_reached(grammar.after, text, said.end() + 1)):
                    if end := grammar.end.fullmatch(text[rest:]):
                        return Answer(bare, said, accepts is grammar.named), end
    return None


@lru_cache(maxsize=1024)
def _matches(pattern: re.Pattern[str], text: str, begins: int) -> tuple[re.Match[str], ...]:
    """Whole words from a place on that a pattern matches, the most of them first."""
    ends = [gap.start() for gap in islice(_GAP.finditer(text, begins), MOST_WORDS)]
    return tuple(filter(None, (pattern.fullmatch(text, begins, end) for end in reversed(ends))))


def _reached(pattern: re.Pattern[str], text: str, begins: int, *, is_open: bool = False) -> list[int]:
    """Where a word begins after any number of pieces, sorted; right after the space that would end the text, too.

    `is_open`: after any clause with words of the customer's own as well, unless these may turn an acceptance round.

    Each place is looked at once: pieces can be told apart in several ways, whose number doubles with every word.
    """
    found, waiting = {begins}, [begins]
    while waiting:
        place = waiting.pop()
        known = {match.end() + 1 for match in _matches(pattern, text, place)}
        if is_open:
            known |= {one.end() + 1 for form in _OPEN for one in _matches(form, text, place) if not _turns(one["own"])}
        waiting += known - found
        found |= known
    return sorted(found)


def _turns(own: str) -> bool:
    """Whether the customer's own words in a clause may turn an acceptance round."""
    rest = _without_prices(_OF_YOU.sub(" ", own))
    return bool(_GOES_ON.search(rest)) or any(one.search(rest) for one in _TURNING)


def _without_prices(reason: str) -> str:
    """A reason without what may stand in one and turns nothing."""
    return _PRICES.sub(" ", HARMLESS.sub(" ", reason))


def _may_turn(text: str | None) -> bool:
    """Whether words that are not known one by one hold one that may turn an acceptance round."""
    rest = _OF_YOU.sub("", HARMLESS.sub(" ", text or "")).strip()
    return any(one.search(rest) for one in (*DOUBTS.values(), TURNS, WAVERS, DEMANDS, ASKED, BARGAINS))


def is_harmless(sentence: Sentence) -> bool:
    """Whether every word of a sentence is known, and none turns anything round."""
    text = " ".join(token.text for token in _bare(sentence))
    ours = sentence.before or ""
    known = _pieces(bool(asked.question(ours).is_for_offer), asked.names(ours))
    return any(len(text) + 1 in _reached(known, text, begins, is_open=True) for begins in _after_echo(text, ours))


def _after_echo(text: str, ours: str) -> Iterator[int]:
    """Where an answer may begin: at once, or after words that are ours ("three months free, yes, I'll take it")."""
    yield 0
    said, place = set(ours.split()), 0
    for word in text.split()[:MOST_ECHOED]:
        if word not in said or _OWN_WORD.fullmatch(word):
            return
        place += len(word) + 1
        yield place


def _after_reason(text: str) -> Iterator[int]:
    """Where an answer begins after whatever reason ("we pay too much now, so yes, I'll take it")."""
    for match in _REASON.finditer(text):
        reason = _without_prices(text[: match.start()])
        if not any(one.search(reason) for one in _TURNING):
            yield match.end()


@lru_cache(maxsize=256)
def _grammar(question: asked.Question, called: frozenset[str], names: frozenset[str]) -> _Grammar:
    """What an answer to a question is made of. At its end what it is thanked for, and who it is (`tells`)."""
    is_asked = bool(question.is_for_offer)
    offers = "|".join(map(re.escape, sorted(called, key=len, reverse=True)))
    own = rf"(?:(?:the|your|that|this) )?(?:{offers})" if offers else NOTHING
    the = r"(?:all )?(?:the|your|this|that|these)"
    offer, wanted = (rf"(?:{own}|{the} {BETWEEN}{noun}(?: of {the} {BETWEEN}{noun})?)" for noun in (NOUN, WANTED))
    named = "|".join(pieces.accepts(offer, wanted))
    yes = pieces.YES if question.is_plain else NOTHING
    answers = "|".join((yes, *pieces.answers(wanted), *_said_back(question.words, wanted))) if is_asked else NOTHING
    piece = _pieces(is_asked, names)
    thanks = r"(?:and )?(?:thank you|thanks) (?P<thanks>for \S+(?: \S+){0,3})"
    end = rf"(?:{thanks})?(?:(?:^| )(?P<tells>{pieces.TELLS}))?"
    after = f"{piece.pattern}|{pieces.CLOSING}|{named}|{answers}"
    return _Grammar(piece, *map(re.compile, (named, answers, after, end)))


@lru_cache(maxsize=256)
def _pieces(is_asked: bool, names: frozenset[str]) -> re.Pattern[str]:
    """What may stand around an acceptance; the names are those by which we spoke of ourselves or to the customer."""
    vocative = "|".join(map(re.escape, sorted(names))) or NOTHING
    return re.compile(rf"(?:{pieces.PIECE}|{vocative}|{pieces.SHORT if is_asked else NOTHING})")


def _said_back(words: frozenset[str], wanted: str) -> tuple[str, ...]:
    """Our own question said back: "I'd like to take that up", "book it in" where we asked "should I book that in"."""
    own = sorted(word for word in words if word not in _SMALL | _TURN)
    if not own:
        return ()
    one = rf"(?:{'|'.join(map(re.escape, own))})"
    small = rf"(?:(?:{'|'.join(sorted(_SMALL))}) )"
    whole = rf"{small}*{one}(?: (?:{one}|{'|'.join(sorted(_SMALL))}))*(?: {wanted})?"
    acts = rf"(?:{'|'.join(word for word in own if asked.ACTS.fullmatch(word))})"
    return (
        rf"let us {whole}",
        rf"(?:i|we) (?:would (?:\w+ly |really )?(?:like|love)|(?:\w+ly )?want|(?:am|are) (?:very )?happy|will) {whole}",
        *((rf"{acts}(?: (?:{one}|{'|'.join(sorted(_SMALL))}))+",) if acts != "(?:)" else ()),
    )
