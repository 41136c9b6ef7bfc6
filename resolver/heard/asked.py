"""What we said right before the customer spoke: whether we asked for a yes to the offer, and what we called it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from vitograph.resolver.heard.phrases import WANTED
from vitograph.resolver.heard.words import vocabulary

LATELY = 30
"""Words of ours, right before an answer, that it may answer."""

AGO = 60
"""Words of ours in which an `it` of our question is named."""

BEFORE = 40
"""Characters before our question in which a condition of it may stand."""

ASSUMED = "would you like to take the offer"
"""What we may have asked where our side is not known."""

_ACTS = (
    r"(?:sign|set|book|put|count|add|get|move|switch|enroll|register|upgrade|activate|arrange|process|start|sort|renew|"
    r"order|reserve|include|complete|apply|extend|claim|redeem|swap|secure|lock)"
)
_DO = (
    rf"(?:{_ACTS}|take|accept(?! that (?:the|our|it|we|you|i|this)\b)|"
    rf"extend|renew|claim|redeem|go (?:ahead|for)|(?:be signed|sign) up|join|enroll|"
    r"be (?:enrolled|part)|give (?:it|this|that) a|in$|switch|upgrade|subscribe|"
    r"register|proceed|do (?:it|this|that)|(?<=to )(?:have|get|try|choose|change|move))\b"
)
_OFFERS = re.compile(
    r"(?<!if )(?<!when )(?<!once )(?<!that )(?<!did )(?<!before )(?<!until )\b"
    rf"(?:you(?: (?!(?:not|never|can|could|may|must|should|have|need|say|think)\b)\w+){{0,3}}? (?:to |in )?{_DO}|"
    rf"shall we {_DO}|"
    rf"(?:i|we|me)(?: (?!not\b|never\b)\w+){{0,3}}? (?:{_ACTS} you "
    rf"(?:up|down|in|over|to|onto|on(?! hold)|for|started)|"
    r"(?:enroll|register|upgrade|subscribe|switch|renew|include) you|"
    rf"{_ACTS} (?:it|this|that|your name|the (?:order|offer|upgrade))|go ahead)|"
    rf"you (?:\w+ )?(?:want|like|fancy) (?:it|that|this|"
    rf"(?:the|our|this|that) (?:\w+ ){{0,3}}?{WANTED}))\b"
)
_ASKS_AT_ALL = re.compile(
    r"\b(?:how (?:does|do)|does|do|would|is) (?:that|this|it|all (?:that|this|of it))(?: all)? (?:be |a )?"
    r"(?:sound|suit|appeal|interest|work|something|good|okay|fine)\b|"
    r"\bwhat do you (?:say|think|reckon)\b|\bhow about (?:it|that)\b|\bas a yes\b|"
    r"\b(?:are you|would you be) (?:in|interested|happy|keen|up for)\b"
)
"""Questions for a yes to whatever was spoken of."""

_OF_ELSE = re.compile(
    r"\b(?:record(?:s|ed|ing|ings)?|privacy|(?<!on those )(?<!on these )(?<!on the )(?:terms|conditions)|(?:your|"
    r"personal) data|consents?|surveys?|questions?|"
    r"a (?:minute|moment)|"
    r"explain\w*|(?:tell|read|send|show|remind|ask|ring|call|visit) (?:you|out)|"
    r"(?:hear|know|learn) (?:\w+ )?(?:about|more)|"
    r"on hold|transfer\w*|put you through|newsletter|brochure|leaflet|call (?:you )?back|callback|appointment|"
    r"identity|verif\w+|confirm (?:your|that)|(?:speaking|talking) (?:to|with)|deposit|refund|"
    r"apolog\w+|complaint|marketing|permission|your details|contact you|cookies|delivery|cancel\w*|"
    r"you(?: \w+)? not (?:want|like|wish|take|accept|going|interested)|if (?:we|i|the|it|there|they))\b"
)
_OPEN = re.compile(
    r"\b(?:how (?:can|may|could) (?:i|we) help|what can (?:i|we) do for) you\b|\bhow (?:can|may) i help$"
)
_HYPOTHETICAL = re.compile(
    r"\b(?:if(?! you (?:are|would|like|want|wish)\b)|were|able|whether|ever|suppos\w+|could you)\b"
)
"""What makes a question one of what might be, so that a yes to it is no yes to the offer."""
_PLAIN = re.compile(
    r"(?<!\bwhen )(?<!\bwho )(?<!\bhow )(?<!\bwhy )(?<!\bwhat )(?<!\bwhere )(?<!\bor )(?<!\bif )"
    r"\b(?:would you (?:like|be happy)|do you (?:want|accept)|are you (?:happy|ready|willing)|(?:shall|can|may|"
    r"should) (?:i|we))"
    r"(?: for)?(?: me| us)?(?: to)?(?: go ahead(?: and)?)?"
    r"(?: (?:take(?: up)?|accept|join|have|get|choose|go (?:for|ahead)|sign up|"
    r"(?:sign|put) you (?:up|down|on)|(?:enroll|register) you))?"
    r"(?: (?:for|with|in|to))?"
    rf"(?: (?:it|this|that|(?:the|our|this|that) (?:(?!of|for|to|in\b)\w+ ){{0,3}}?{WANTED}))?"
    r"(?: (?:,|today|now|then|please|for you|for (?:a year|\w+ months)|on (?:those|these) terms|m(?:r|rs|s|iss) \w+))*$"
)
"""A question that asks for a yes to the offer, and for nothing else with it."""
_WE_WILL = re.compile(
    r"\b(?:i|we|he|she|they|someone|somebody|colleague|technician|engineer) "
    r"(?:will|can|could|shall|am going to|are going to)"
    r"(?! (?:give|offer|reduce|lower|halve|take|move|switch|upgrade))\b"
)
_DETERMINES = frozenset(vocabulary("the our your this that these those a an another any some my us one"))
_STANDS_ALONE = frozenset(vocabulary("for then please today now on with at so right from or up too as yourself"))
_STOPS = _DETERMINES | frozenset(vocabulary("of for to on with in is was and or about have has it new like"))
_NO_NAMES = _STOPS | frozenset(vocabulary("calling speaking are am going not be you i we ringing phoning here just"))
_HEADS = re.compile(rf"\b(?:{WANTED}|broadband|internet|fib(?:re|er)|saver|service|order)\b")
_SPOKEN_OF = re.compile(rf"{_HEADS.pattern}|\b(?:pounds|euros|dollars|percent|half price)\b")
_TAKES_PART = re.compile(r"\b(?:enroll|sign)\b")
"""What we can do with nobody but for an offer, where nothing else was spoken of."""
_ANOTHERS = frozenset(vocabulary("than their his her not"))
_GIVEN = re.compile(
    r"\byou (?:up |over |across )?(?:to|for|onto|on) "
    r"(?!(?:it|this|that|them|an?|any|free|the|our|your|new|something)\b)([a-z0-9]+(?: [a-z0-9]+)?)$"
)
"""At our last words, what we would move somebody to, whatever it is called."""
ACTS = re.compile(_ACTS)
_TURNED = {"you": "me", "your": "my", "me": "you", "i": "you", "my": "your"}
_NAMED = (
    re.compile(r"\b(?:this is|it is|i am|my name is|speaking (?:to|with)) ([a-z'-]+)"),
    re.compile(r"\b([a-z'-]+) (?:here|speaking|calling|from)\b"),
)
_WE_ASK = re.compile(
    r"(?:(?:so|and|okay|great|well|now|then|right|alright|good|thank you|thanks|,) )*(?:[a-z'-]+ (?:[a-z'-]+ )?, )?"
    r"(?:would you (?:like|want|care|be (?:happy|interested|willing|able))|do you (?:want|wish|accept|agree|consent|"
    r"fancy)|"
    r"are you (?:happy|ready|interested|okay)|(?:shall|can|could|may|should) (?:i|we) (?:\w+ ){0,3}?you(?:r)?|"
    r"is (?:it|that|this) (?:okay|all right|alright|fine) (?:with you|if (?:i|we) (?:record|call|ring|send|ask|sign|"
    r"put)))\b"
)
"""How our questions begin."""
_THEY_ASK = re.compile(
    r"\b(?:my|(?:me|us) (?!to\b)|(?:me|us)$|(?:me|us) to (?!(?:sign|enroll|register|put|send|call|ring) you\b)|"
    r"i (?:accept|take|sign|join|agree|get|have|pay|cancel))\b"
)
"""What a question of the customer's that begins so holds."""


@dataclass(frozen=True, slots=True)
class Question:
    """What we asked last. `is_for_offer`: for a yes to the offer, for something else (False), or nobody knows (None).

    `words` are those of the question itself, as the customer would say them back; `is_plain`: it asks nothing else.
    """

    is_for_offer: bool | None
    words: frozenset[str] = frozenset()
    is_plain: bool = False


@lru_cache(maxsize=256)
def question(ours: str) -> Question:
    """What our last words ask."""
    if not ours:
        return Question(None)
    known = " ".join(ours.split()[-AGO:])
    begins = len(known) - len(" ".join(ours.split()[-LATELY:]))
    found = [
        (match.end(), match.start(), _is_of_offer(known[: match.start()], match.group(), known[match.end() :], ours))
        for match in _OFFERS.finditer(known, begins)
    ]
    found += [(match.end(), match.start(), False) for match in _OF_ELSE.finditer(known, begins)]
    end, start, is_offer = max(found, key=lambda one: one[:2], default=(-1, -1, None))
    lately = known[begins:]
    if is_offer and _HYPOTHETICAL.search(known[max(0, start - BEFORE) : end]):
        return Question(None)
    if is_offer:
        is_plain = bool(_PLAIN.search(lately))
        is_choice = re.search(r" or (?!not\b)", known[end:])
        asked = re.split(r"(?<!\bahead) and ", known[start:])[0]
        return Question(
            None if is_choice else True, frozenset(_TURNED.get(word, word) for word in asked.split()), is_plain
        )
    if is_offer is False:
        return Question(False)
    if _OPEN.search(lately):
        return Question(None)
    if not found and _ASKS_AT_ALL.search(lately) and _HEADS.search(lately) and not _WE_WILL.search(lately):
        return Question(True)
    return Question(None if _HEADS.search(lately) else False)


def _is_of_offer(before: str, asks: str, rest: str, ours: str) -> bool | None:
    """Whether what we ask to do is done with the offer: by its name, or an `it` that stands for it. None: unknown."""
    what = re.sub(r"^(?: (?:up|down|in|over|to|onto|for|with|on|of)\b)*", "", rest).split()
    if what[:1] == ["and"]:
        goes_on = re.match(rf" (?:{_ACTS}|{_DO})(?: (?:you|it|this|that))?", f" {' '.join(what[1:])}")
        return goes_on and _is_of_offer(before, asks, f" {' '.join(what[1:])}"[goes_on.end() :], ours)
    named = " ".join(what[:8])
    if (
        _HEADS.search(asks)
        or (what and _HEADS.fullmatch(what[0]))
        or (what and any(f"{one} " in f"{named} " for one in called(ours)))
    ):
        return True
    stands_alone = what[:1] in (["this"], ["that"]) and (len(what) == 1 or what[1] in _STANDS_ALONE)
    if what and what[0] in _DETERMINES and not stands_alone:
        return bool(_HEADS.search(named))
    spoken_of = max((match.end() for match in _SPOKEN_OF.finditer(before)), default=-1)
    of_else = max((match.end() for match in _OF_ELSE.finditer(before)), default=-1)
    if max(spoken_of, of_else) < 0:
        return True if _TAKES_PART.search(asks) else None
    return spoken_of > of_else


@lru_cache(maxsize=256)
def called(ours: str) -> frozenset[str]:
    """What we called our offer: "vito max" and "vito max plan", where we said "the ViTo Max plan"."""
    found = {match[1] for match in _GIVEN.finditer(ours)}
    words = ours.split()
    for place, word in enumerate(words):
        if not _HEADS.fullmatch(word):
            continue
        first = place
        while first > max(0, place - 3) and words[first - 1].isalnum() and words[first - 1] not in _STOPS:
            first -= 1
        if first < place and not _is_anothers(words, first):
            found |= {" ".join(words[first:place]), " ".join(words[first : place + 1])}
    return frozenset(found)


def _is_anothers(words: list[str], first: int) -> bool:
    """Whether the name that begins at a word is of what somebody else offers, or the customer has already."""
    return words[first - 1 : first] == ["your"] or bool(_ANOTHERS.intersection(words[max(0, first - 4) : first]))


def is_ours(sentence: str) -> bool:
    """Whether a question, of a call whose speakers are on one track, is one that we ask and no customer would."""
    return bool(_WE_ASK.match(sentence)) and not _THEY_ASK.search(sentence)


def names(ours: str) -> frozenset[str]:
    """By which names we spoke of ourselves or to the customer, who may say them."""
    return frozenset(match[1] for pattern in _NAMED for match in pattern.finditer(ours)) - _NO_NAMES
