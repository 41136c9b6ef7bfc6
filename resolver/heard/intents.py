"""What a customer wants, by rules over sentences: clear, or doubtful with the reasons why.

Precision comes first. An acceptance is clear when a clear phrase says it, nothing in its sentence or beside it takes it
back, nothing else in the call contradicts it, and the model heard the words well. Everything else is doubtful.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from vitograph.resolver.heard import asked, phrases, pieces, surroundings
from vitograph.resolver.heard.answers import Answer, accepting, is_harmless
from vitograph.resolver.heard.preceding import announces, may_come_before
from vitograph.resolver.heard.tokens import EDGES, Sentence, Token, quote

BAR = 0.5
"""Confidence below which the words alone are too uncertain."""

DOUBTFUL = 0.3
"""The most that is left of a confidence once a rule doubts."""

AFTER = 3
"""Sentences after an acceptance that may take it back."""


class Want(StrEnum):
    """The types of event that a call can become, apart from an enrolment."""

    ACCEPTED = "offer.accepted"
    DECLINED = "offer.declined"
    CALLBACK = "callback.requested"
    OPT_OUT = "opt_out"


@dataclass(frozen=True, slots=True)
class Said:
    """The words that something was read from, and when they were said, in seconds."""

    words: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Intent:
    """A want, how sure it is (0–1), why it is doubtful (empty: it is clear), and by which words."""

    want: Want
    confidence: float
    doubts: tuple[str, ...]
    said: Said

    @property
    def is_clear(self) -> bool:
        return not self.doubts

    def doubted(self, *doubts: str) -> Intent:
        """The same with more doubts."""
        more = tuple(dict.fromkeys((*self.doubts, *doubts)))
        return replace(self, doubts=more, confidence=min(self.confidence, DOUBTFUL) if more else self.confidence)


def said_of(tokens: Sequence[Token]) -> Said:
    return Said(quote(tokens)[:300], round(tokens[0].start, 2), round(tokens[-1].end, 2))


def find_intents(spoken: Sequence[Sentence]) -> list[Intent]:
    """Every want in the order said, each with its doubts, those by the rest of the call included."""
    found = [intent for place in range(len(spoken)) for intent in _of_sentence(spoken, place)]
    return [_beside_others(intent, found) for intent in found]


def accepts(spoken: Sequence[Sentence]) -> bool:
    """Whether it holds a clear acceptance."""
    return any(intent.want is Want.ACCEPTED and intent.is_clear for intent in find_intents(spoken))


def speaks_against(spoken: Sequence[Sentence]) -> bool:
    """Whether anything in it denies, depends, quotes, asks, wavers or refuses, whatever it is about."""
    if any(intent.want in (Want.DECLINED, Want.OPT_OUT) for intent in find_intents(spoken)):
        return True
    patterns = (*phrases.DOUBTS.values(), phrases.WAVERS, phrases.SAYS_NO)
    return any(
        _asked(sentence)
        or sentence.is_quoted
        or any(pattern.search(phrases.HARMLESS.sub(" ", sentence.text)) for pattern in patterns)
        for sentence in spoken
    )


def _of_sentence(spoken: Sequence[Sentence], place: int) -> Iterable[Intent]:
    sentence = spoken[place]
    if answer := accepting(sentence):
        yield _intent(Want.ACCEPTED, answer.sentence, answer.said, tuple(_doubts_of_answer(spoken, place, answer)))
        return
    yield from _accepted(spoken, place)
    denied = phrases.ACCEPTANCE_DENIED.search(sentence.text)
    if declined := _first(phrases.DECLINED, sentence):
        yield _intent(Want.DECLINED, sentence, declined, _asked(sentence) + _conditional(sentence, declined))
    elif denied:
        yield _intent(Want.DECLINED, sentence, denied, ("an acceptance is negated",))
    opted = _first(phrases.OPT_OUT, sentence)
    if opted:
        unmeant = phrases.OPT_OUT_UNMEANT.search(sentence.text)
        doubtful = unmeant is not None or sentence.is_quoted
        yield _intent(Want.OPT_OUT, sentence, opted, ("it may not be meant",) if doubtful else ())
    elif called := _first(phrases.CALLBACK, sentence):
        asked = r"^(?:\w+ )?(?:could|would|can) (?:you|someone|somebody|anyone)\b"
        around = (sentence.text[: called.start()], sentence.text[called.end() :])
        rest = [re.sub(asked, "", phrases.HARMLESS.sub(" ", text)) for text in around]
        is_doubtful = any(phrases.CALLBACK_UNMEANT.search(text) for text in rest)
        yield _intent(Want.CALLBACK, sentence, called, ("it may not be meant",) if is_doubtful else ())


def _accepted(spoken: Sequence[Sentence], place: int) -> Iterable[Intent]:
    sentence = spoken[place]
    if match := _first(phrases.ACCEPTED, sentence):
        yield _intent(Want.ACCEPTED, sentence, match, tuple(_doubts(spoken, place, match)))
        return
    mention = phrases.ABOUT_ACCEPTING.search(sentence.text)
    if mention and not phrases.ACCEPTANCE_DENIED.search(sentence.text):
        unclear = "it speaks of accepting without clearly doing so"
        yield _intent(Want.ACCEPTED, sentence, mention, (unclear, *_doubts(spoken, place, mention)))


def _doubts(spoken: Sequence[Sentence], place: int, match: re.Match[str]) -> Iterable[str]:
    """Why what looks like an acceptance may be none."""
    sentence = spoken[place]
    rest = phrases.HARMLESS.sub(" ", _without(sentence.text, match.group()))
    for doubt, pattern in phrases.DOUBTS.items():
        if pattern.search(rest):
            yield doubt
    *before, opening = (part.strip() for part in phrases.BOUNDARY.split(sentence.text[: match.start()]))
    if not surroundings.MAY_PRECEDE.fullmatch(opening) or not all(may_come_before(one, sentence) for one in before):
        yield "something else stands before it"
    if _is_put_up_with(spoken, place, match):
        yield "it may only be put up with"
    if surroundings.OPENS_THEN.search(sentence.text):
        yield "a condition stands beside it"
    is_asked = asked.question(sentence.before or "").is_for_offer
    is_else = is_asked is False or (sentence.before and not is_asked and re.search(" (?:it|this|that)$", match.group()))
    if is_else and not re.search(rf"\b{phrases.NOUN}\b", match.group()):
        yield "it may answer something else"
    yield from _asked(sentence)
    yield from _doubts_beside(spoken, place, match)


def _doubts_of_answer(spoken: Sequence[Sentence], place: int, answer: Answer) -> Iterable[str]:
    """Why an acceptance of which every word is known may be none: by what stands around it."""
    if surroundings.OPENS_THEN.search(spoken[place].text):
        yield "a condition stands beside it"
    just_before = spoken[place - 1] if place else None
    if just_before and not answer.is_of_offer and just_before.before == answer.sentence.before:
        clauses = [clause.strip() for clause in phrases.BOUNDARY.split(just_before.text)]
        if not (is_harmless(just_before) or all(may_come_before(clause, just_before) for clause in clauses)):
            yield "it may not mean the offer"
    yield from _doubts_beside([*spoken[:place], answer.sentence, *spoken[place + 1 :]], place, answer.said)


def _doubts_beside(spoken: Sequence[Sentence], place: int, match: re.Match[str]) -> Iterable[str]:
    """Why an acceptance may be none, whatever else its sentence holds."""
    sentence, just_before = spoken[place], spoken[place - 1].text if place else ""
    if _is_anothers(sentence, match):
        yield "it may be another company's"
    if _may_sound_denied(spoken, place, match):
        yield "will and won't, can and can't sound alike"
    if (sentence.end == "?" and not pieces.REQUESTS.match(match.group())) or phrases.ASKS_BACK.search(sentence.text):
        yield "it is a question"
    if sentence.is_quoted or (place and announces(spoken[place - 1])):
        yield "it is quoted"
    if sentence.end == "…":
        yield "it trails off"
    beside = [spoken[other] for other in (place - 1, place + 1) if 0 <= other < len(spoken)]
    if surroundings.DEMANDS.search(just_before) or any(map(_opens_condition, beside)):
        yield "a condition stands beside it"
    if phrases.DOUBTS["it may be mocking"].search(just_before):
        yield "it may be mocking"
    clauses = [clause.strip() for clause in phrases.BOUNDARY.split(sentence.text[match.end() :])[1:]]
    if any(map(_takes_back, clauses)) or any(map(_turns, spoken[place + 1 : place + 1 + AFTER])):
        yield "what follows may take it back"
    whole = [phrases.HARMLESS.sub(" ", other.text) for other in spoken]
    if any(phrases.WAVERS.search(text) for text in whole):
        yield "the customer wavers or corrects"
    if any(phrases.SAYS_NO.search(text) for index, text in enumerate(whole) if index != place):
        yield "a no stands beside it"


def _may_sound_denied(spoken: Sequence[Sentence], place: int, match: re.Match[str]) -> bool:
    """Whether it rests on a `will`, `do`, `can` or `are` that was said in full, and no yes goes with it."""
    sentence = spoken[place]
    begins = max((one.end() for one in phrases.BOUNDARY.finditer(sentence.text[: match.start()])), default=0)
    said = sentence.between(begins, match.end())
    if not any(
        who.text in ("i", "we", "you") and verb.raw.strip(EDGES).casefold() in surroundings.SOUNDS_DENIED
        for who, verb in pairwise(said)
    ):
        return False
    just_before = spoken[place - 1].text if place else ""
    return not surroundings.AFFIRMS.search(f"{just_before} , {sentence.text[: match.end()]}")


def _is_put_up_with(spoken: Sequence[Sentence], place: int, match: re.Match[str]) -> bool:
    """Whether `I accept it` may stand for something else than the offer, by what comes before."""
    if not re.search(r"\baccept(?:ing)? (?:it|this|that)$", match.group()):
        return False
    just_before = spoken[place - 1].text if place else ""
    clauses = [one.strip() for one in phrases.BOUNDARY.split(f"{just_before} , {spoken[place].text[: match.start()]}")]
    is_known = all(may_come_before(clause, spoken[place]) for clause in clauses)
    is_offer = any(map(surroundings.NAMES_OFFER.search, clauses))
    return not all(map(surroundings.MAY_PRECEDE.fullmatch, clauses)) and not (is_known and is_offer)


def _is_anothers(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether a word with a capital in it may name another's offer: we called ours otherwise, or are not known."""
    said = sentence.names.intersection(token.text for token in sentence.between(*match.span()))
    called = {word for name in asked.called(sentence.before or "") for word in name.split()}
    return any(not phrases.OURS.fullmatch(word) for word in said - called)


def _turns(sentence: Sentence) -> bool:
    """Whether a sentence after an acceptance may take it back; a question may, unless it asks how things go on."""
    if sentence.end == "?" and not surroundings.MAY_ASK.fullmatch(sentence.text):
        return True
    return _takes_back(sentence.text, is_known=sentence.end == "?")


def _takes_back(text: str, *, is_known: bool = False) -> bool:
    """Whether what follows says no, mocks, tells others' words, bargains, or is short and nobody knows what it says."""
    rest = phrases.HARMLESS.sub(" ", text)
    doubts = (phrases.DOUBTS["it is somebody else's word"], phrases.DOUBTS["it may be mocking"])
    if any(pattern.search(rest) for pattern in (surroundings.TURNS, *doubts)):
        return True
    known = (surroundings.MAY_FOLLOW.fullmatch(text), *(pattern.search(text) for pattern in phrases.ACCEPTED))
    if is_known or any(known):
        return False
    is_short = sum(word.isalpha() for word in text.split()) <= surroundings.SHORT
    return bool(surroundings.BARGAINS.search(rest)) or (is_short and not surroundings.MAY_COME_BEFORE.fullmatch(text))


def _asked(sentence: Sentence) -> tuple[str, ...]:
    is_question = sentence.end == "?" or phrases.ASKED.search(sentence.text)
    return ("it is a question",) if is_question else ()


def _conditional(sentence: Sentence, match: re.Match[str]) -> tuple[str, ...]:
    rest = phrases.HARMLESS.sub(" ", _without(sentence.text, match.group()))
    return tuple(name for name in list(phrases.DOUBTS)[1:3] if phrases.DOUBTS[name].search(rest))


def _opens_condition(sentence: Sentence) -> bool:
    """A question asks for something, and sets no condition ("When do I get it?")."""
    return sentence.end != "?" and bool(surroundings.OPENS_CONDITION.search(phrases.HARMLESS.sub(" ", sentence.text)))


def _beside_others(intent: Intent, found: Sequence[Intent]) -> Intent:
    """An acceptance beside a refusal is neither; nor is a refusal beside what speaks of accepting."""
    against = {
        Want.ACCEPTED: (Want.DECLINED, Want.OPT_OUT),
        Want.DECLINED: (Want.ACCEPTED,),
        Want.OPT_OUT: (Want.ACCEPTED,),
    }.get(intent.want, ())
    if any(other.want in against for other in found):
        return intent.doubted("the call contradicts itself")
    others = [other for other in found if other is not intent and other.want is Want.ACCEPTED]
    if intent.want is Want.ACCEPTED and not all(other.is_clear for other in others):
        return intent.doubted("the customer speaks of it doubtfully as well")
    return intent


def _intent(want: Want, sentence: Sentence, match: re.Match[str], doubts: Sequence[str]) -> Intent:
    tokens = sentence.between(*match.span())
    confidence = round(0.98 * _certainty(tokens), 3)
    weak = () if confidence >= BAR else ("the words were not heard clearly",)
    return Intent(want, confidence, (), said_of(tokens)).doubted(*doubts, *weak)


def _certainty(tokens: Sequence[Token]) -> float:
    """The geometric mean of what the model gives the words."""
    logs = [math.log(max(token.probability, 1e-3)) for token in tokens]
    return math.exp(sum(logs) / len(logs)) if logs else 0.0


def _first(patterns: Iterable[re.Pattern[str]], sentence: Sentence) -> re.Match[str] | None:
    found = [match for pattern in patterns if (match := pattern.search(sentence.text))]
    return min(found, key=lambda match: (match.start(), -match.end()), default=None)


def _without(text: str, part: str) -> str:
    return text.replace(part, " ", 1)
