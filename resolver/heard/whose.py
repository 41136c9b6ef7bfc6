"""Whether a stated number or address is the customer's own, and whether it is taken back: by the words around it.

One list for both kinds. What is not the customer's without a doubt is for a specialist.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vitograph.resolver.heard.words import Word, vocabulary

NEAR, FAR = 5, 8  # words beside it that tell whose it is, and words after it that correct it

ANOTHERS = "it may be somebody else's"
FORMER = "it may not be the customer's now"
CORRECTED = "the customer corrects it"
ASKED = "it is a question"
UNSURE = "the customer is not sure of it"
LASTING = frozenset({ANOTHERS, FORMER, CORRECTED, ASKED, UNSURE})
"""Doubts that stay though it is said again, without them: saying it twice makes it nobody's own."""

_PEOPLE = frozenset(
    vocabulary("""
    wife husband partner spouse girlfriend boyfriend mother father mom mum dad son daughter child kid brother sister
    aunt uncle cousin nephew niece grandmother grandfather grandma grandpa parents friend neighbor neighbour colleague
    boss manager lawyer attorney accountant doctor dentist landlord tenant assistant secretary agent roommate flatmate
    carer caregiver customer client scammer somebody someone ex
""")
)
_NOT_MINE = frozenset(vocabulary("old wrong not former previous longer his her their another"))
_OTHERS = frozenset(vocabulary("he she they him his hers them"))
_THEY = frozenset(vocabulary("he she they his her their your"))
_NOT_MINE_HERE = frozenset(vocabulary("your no never used wrote sent got received"))
"""These say so only in the sentence that states it."""
_FROM = re.compile(r"\bfrom(?: (?:the|this|that)(?: (?:number|phone|address))?)?$")
_DENIES = frozenset(vocabulary("wrong old not no never"))
_DENIED_BEHIND = re.compile(r"\b(?:wrong|old|isn't|wasn't|(?:(?:that|it)(?:'s| is| was)) not)\b")
_FORMER = re.compile(
    r"\b(?:(?:number|phone|mobile|cell|email|e-mail|mail|address) was|from (?:tomorrow|next|monday|january|the)|stolen|"
    r"lost|remove|delete|have my|had my)\b"
)
_FORMER_BEHIND = re.compile(
    r"\b(?:lost|stolen|until|till|switched|disconnected|dead|gave (?:it )?up|gone|hacked|changed|changing|expired|"
    r"expires|called me|calls me)\b"
)
"""That it was theirs, is so for a while, or is held by us ("you have my number as"): in the sentence that states it."""
_HEDGES = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|(?:could|might|may|should|must) be|something like|hopefully|"
    r"(?:i|we) (?:think|guess|believe|suppose|assume)|if i|as far as|not sure|not certain)\b"
)
_SHOWN = re.compile(
    r"\bon (?:the|your|that|this|my|a) (?:letter|display|website|screen|bill|invoice|leaflet|page|card|phone)\b"
)
_MINE = frozenset(vocabulary("it's that's here's number's phone's mobile's cell's what's email's name's let's"))
_CORRECTS = frozenset(vocabulary("sorry wait correction actually wrong mean meant rather scratch no oops"))
_CORRECTED_BEHIND = re.compile(
    r"\b(?:make (?:it|that)|it should|should (?:be|end|read|have)|it ends|ends (?:in|with)|correct (?:it|that)|"
    r"(?:last|first|second|third|final) (?:one|two|three|digits?|number|figures?|letter)|"
    r"(?:at|in) the (?:end|beginning|start|front|middle)|instead of the|without the|kidding|joking)\b"
)
_TAKES_BACK = frozenset(vocabulary("no not sorry wait"))
_HARMLESS = re.compile(
    r"\b(?:no (?:problem|doubt|worries|questions?|rush|hurry|further|need)|not interested|"
    r"(?:do not|don't) hesitate|why not)\b"
)
_ASKS = re.compile(r"^(?:(?:so|and|but|well|okay|yes) )*(?:is|isn't|was|do|does|did|what|whose|which|who)\b")
_ASKS_FOR = re.compile(r"^(?:(?:so|and|yes|okay|please) )*(?:can|could|will|would) (?:you|somebody|someone)\b.* me\b")


def doubts_around(words: Sequence[Word], first: int, last: int) -> list[str]:
    """Why what the words from `first` to `last` state may not be the customer's, or may not be what was meant."""
    before = _harmless([_core(word) for word in words[max(0, first - FAR) : first]])
    after = _harmless([_core(word) for word in words[last + 1 : last + 1 + FAR]])
    near = before[-NEAR:] + after[:NEAR]
    begins, ends = _sentence(words, first, last)
    begun = _harmless([_core(word) for word in words[begins:first]])
    ended = _harmless([_core(word) for word in words[last + 1 : ends + 1]])
    begun_near, ended_near = " ".join(begun[-NEAR:]), " ".join(ended[:NEAR])
    doubts = []
    if any(map(_is_of_somebody, near)) or _OTHERS & set(ended[:NEAR]) or _SHOWN.search(" ".join(begun)):
        doubts.append(ANOTHERS)
    if _HEDGES.search(begun_near) or _HEDGES.search(ended_near):
        doubts.append(UNSURE)
    if (
        any(word in _NOT_MINE or _is_not(word) for word in before[-NEAR:])
        or _NOT_MINE_HERE & set(begun[-NEAR:])
        or _FROM.search(" ".join(before))
        or _FORMER.search(" ".join(begun))
        or _FORMER_BEHIND.search(ended_near)
        or any(word in _DENIES or _is_not(word) for word in ended[:NEAR])
        or _DENIED_BEHIND.search(" ".join(after))
    ):
        doubts.append(FORMER)
    if _CORRECTS & {*before[-4:], *after} or after[:1] == ["or"] or _CORRECTED_BEHIND.search(" ".join(after)):
        doubts.append(CORRECTED)
    if _is_asked(" ".join(_core(word) for word in words[begins:first]), words[ends].text):
        doubts.append(ASKED)
    return doubts


def is_anothers(words: Sequence[Word], first: int) -> bool:
    """Whether the words before it speak of somebody else."""
    before = [_core(word) for word in words[max(0, first - FAR) : first]]
    return any(word in _THEY or _is_of_somebody(word) for word in before)


def is_corrected(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether a no or a sorry stands right before or after it: of what is neither called nor written to."""
    near = [*words[max(0, first - 4) : first], *words[last + 1 : last + 5]]
    return bool(_TAKES_BACK & set(_harmless([_core(word) for word in near])))


def _sentence(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """The places of the first and the last word of the sentence in which it stands."""
    begins = next((place + 1 for place in range(first - 1, -1, -1) if _ends(words[place])), 0)
    return begins, next((place for place in range(last, len(words)) if _ends(words[place])), len(words) - 1)


def _ends(word: Word) -> bool:
    return word.text.endswith((".", "?", "!"))


def _is_of_somebody(word: str) -> bool:
    return word in _PEOPLE or (word.endswith("'s") and word not in _MINE)


def _is_not(word: str) -> bool:
    return word.endswith("n't")


def _is_asked(begun: str, end: str) -> bool:
    """Whether a sentence that begins and ends so asks something else than to be called or written to."""
    return bool(_ASKS.search(begun)) or (end.endswith("?") and not _ASKS_FOR.search(begun))


def _harmless(cores: Sequence[str]) -> list[str]:
    return _HARMLESS.sub("", " ".join(cores)).split()


def _core(word: Word) -> str:
    return re.sub(r"[^\w']", "", word.text.replace("’", "'").casefold())
