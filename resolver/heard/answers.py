"""An acceptance of which every word is known: pieces that accept, among pieces that cannot turn it round.

Recognisers leave commas and full stops out ("that sounds good yes please sign me up"). So what stands before and after
is read piece by piece, without them; one unknown word and it is no such answer, and the rules of sentences judge it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from vitograph.resolver.heard import asked
from vitograph.resolver.heard.phrases import ASKED, BETWEEN, DOUBTS, HARMLESS, LEAD, NOUN, WANTED, WAVERS
from vitograph.resolver.heard.surroundings import BARGAINS, DEMANDS, TURNS
from vitograph.resolver.heard.tokens import COMMA, Sentence
from vitograph.resolver.heard.words import vocabulary

LONGEST = 40
"""Words of an answer: what takes longer to say is judged by its sentences."""

NOTHING = "(?!)"
"""A pattern that nothing matches."""

_GAP = re.compile(r" |$")

_GOOD = (
    r"(?:good|great|fine|nice|fair|okay|perfect|wonderful|fantastic|excellent|lovely|brilliant|amazing|awesome|super|"
    r"cool|reasonable|ideal|right|marvellous|marvelous|splendid|terrific|beautiful|grand|sweet|neat|generous|tempting|"
    r"interesting|much better|exactly right)"
)
_VERY = r"(?:(?:very|really|so|quite|all|just|absolutely|a|an|pretty|actually a) )*"
_PIECE = (
    rf"yes|yea|okay|sure(?: thing)?|well|oh|ah|aha|wow|alright|all right|all good|"
    rf"(?:(?:a|very|really|quite|pretty) )?{_GOOD}(?: (?:deal|offer|price|idea|news|surprise|choice))?|"
    r"go ahead|absolutely|definitely|certainly|gladly|indeed|of course|please(?: do)?|"
    r"thanks(?: a lot)?|thank you(?: (?:so|very) much)?|hello(?: there)?|hi(?: there)?|hey|"
    r"good (?:morning|afternoon|evening)|go on|deal|sold|done|then|so|and|now|just|very well|"
    r"why not|by all means|you know what|for sure|in that case|i see|i understand|understood|got it|cheers|honestly|"
    r"mate|dear|love|fair enough|makes sense|can not wait|no (?:objections?|worries|questions?|doubt|problem)|"
    r"i (?:would|do|really) appreciate (?:it|that)|that helps(?: me)?(?: a lot)?|i (?:really )?need (?:it|that|this)|"
    r"(?:that|it) is (?:exactly |just )?what i (?:need|want|wanted|was looking for)|"
    r"i have been (?:waiting|hoping|looking) for (?:something like )?(?:it|that|this)|"
    r"(?:(?:that|it) is |sounds like )?a (?:plan|deal|bargain|steal)|"
    rf"would be {_VERY}{_GOOD}|i am (?:sold|ready|convinced|on board)|i agree|agreed|(?:it|that) is a yes(?: from me)?|"
    rf"(?:i think )?(?:that|this|it|which|everything)(?: all)? (?:is|sounds?|looks?|would be|will be|does sound|"
    rf"does look) {_VERY}{_GOOD}(?: (?:deal|offer|price|idea|surprise|choice))?(?: (?:to|for|with|by) me)?|"
    rf"(?:fine|good|okay) (?:by|with|for) (?:me|us)|"
    r"(?:it|that) (?:does|is)|i (?:am|would be)(?: very| really)? interested|(?:very )?happy|"
    rf"(?:is|sounds?|looks?) {_VERY}{_GOOD}(?: (?:to|for|with|by) (?:me|us))?|"
    r"i (?:really )?(?:like|love|fancy) (?:it|that|this|the sound of (?:it|that|this))|"
    r"(?:that|it|this) works for (?:me|us)|"
    r"(?:that|this|it) is (?:very |so |really )?(?:good|kind|nice|generous) of you|"
    r"(?:you have|you) (?:got|convinced|sold|persuaded) me|let us (?:do|go for) (?:it|that|this)|"
    r"i have (?:heard|read|understood) (?:everything|it all|enough)|"
    r"(?:i am|we are) (?:very |so )?(?:happy|pleased|glad)(?: with (?:it|that|this))?"
)
_CLOSING = (
    r"today|very much|right (?:now|away)|straight away|immediately|as well|too|with pleasure|for me|for us|"
    r"from (?:now|today)|"
    r"sir|madam|bye(?: bye)?|goodbye|my (?:wife|husband|partner) and (?:i|me)|over the phone|by phone|"
    r"have a (?:nice|good|great|lovely) (?:day|evening|afternoon|weekend|one)|"
    r"from me|(?:i am )?looking forward(?: to it)?|"
    r"what (?:else )?do you need(?: from me)?|what do i (?:have|need) to do(?: now| next)?|for the (?:whole )?year|"
    r"for (?:a year|(?:twelve|six|three|12|6|3) months)|"
    r"(?:and )?(?:when|how) does (?:it|that) (?:start|begin|work)|what happens (?:now|next)"
)
_TELLS = r"(?:(?:and )?(?:my|our) (?:\w+ )?(?:name|number|phone|email|mail|address|mobile) is|you can reach me) .+"
_SHORT = (
    r"you (?:can|may)|i (?:would )?say yes|you have my (?:okay|yes)|"
    rf"(?:i|we) (?:am|are|do|would|will)(?: (?:indeed|please))?|how {_GOOD}|correct|exactly|{_GOOD} (?:job|stuff)"
)
"""What is a yes where we asked."""
_SMALL = frozenset(vocabulary("it that this me us my the for to in up down on ahead and with at of be part you a go"))
_IT = r"(?:it|this|that|that one|this one)"
_OWN_WORD = re.compile(
    r"i|we|you|he|she|they|my|your|not|never|if|unless|but|only|except|when|once|until|would|could|might|may|say|says|"
    r"said|another|think|or|like|want|take|have|do|does|is|are|so|that|this|it"
)
"""What is not only said again, although we said it as well."""
_TURN = frozenset(vocabulary("not never no if unless but only or when once i shall would should can could may will"))
MOST_ECHOED = 8


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
    bare = replace(sentence, tokens=tuple(token for token in sentence.tokens if token.text != COMMA))
    ours = sentence.before or ""
    question = asked.question(ours)
    if len(bare.tokens) > LONGEST or DOUBTS["it may be mocking"].search(bare.text):
        return None
    grammar = _grammar(question, asked.called(ours), asked.names(ours))
    answers = (_parsed(bare, grammar, begins) for begins in _after_echo(bare.text, ours))
    found, end = next((one for one in answers if one), (None, None))
    if found is None or end is None or _may_turn(end["thanks"]) or _may_turn(end["tells"]):
        return None
    if question.is_for_offer is False and not re.search(rf"\b{NOUN}\b", found.said.group()):
        return None
    return found


def _parsed(bare: Sentence, grammar: _Grammar, begins: int) -> tuple[Answer, re.Match[str]] | None:
    """The answer that a sentence is from a word on, and its end; the later it accepts the better."""
    text = bare.text
    for place in reversed(_reached(grammar.piece, text, begins)):
        for accepts in (grammar.named, grammar.answers):
            for said in _matches(accepts, text, place):
                for rest in reversed(_reached(grammar.after, text, said.end() + 1)):
                    if end := grammar.end.fullmatch(text[rest:]):
                        return Answer(bare, said, accepts is grammar.named), end
    return None


@lru_cache(maxsize=1024)
def _matches(pattern: re.Pattern[str], text: str, begins: int) -> tuple[re.Match[str], ...]:
    """Whole words from a place on that a pattern matches, the most of them first."""
    ends = [gap.start() for gap in _GAP.finditer(text, begins)]
    return tuple(filter(None, (pattern.fullmatch(text, begins, end) for end in reversed(ends))))


def _reached(pattern: re.Pattern[str], text: str, begins: int) -> list[int]:
    """Where a word begins after any number of pieces, sorted; right after the space that would end the text, too.

    Each place is looked at once: pieces can be told apart in several ways, whose number doubles with every word.
    """
    found, waiting = {begins}, [begins]
    while waiting:
        ahead = {match.end() + 1 for match in _matches(pattern, text, waiting.pop())} - found
        found |= ahead
        waiting += ahead
    return sorted(found)


def _may_turn(text: str | None) -> bool:
    """Whether words that are not known one by one hold one that may turn an acceptance round."""
    rest = re.sub(r"\b(?:of|for|from) you\b", "", HARMLESS.sub(" ", text or "")).strip()
    return any(one.search(rest) for one in (*DOUBTS.values(), TURNS, WAVERS, DEMANDS, ASKED, BARGAINS))


def is_harmless(sentence: Sentence) -> bool:
    """Whether every word of a sentence is known, and none turns anything round."""
    text = " ".join(token.text for token in sentence.tokens if token.text != COMMA)
    ours = sentence.before or ""
    pieces = re.compile(_pieces(bool(asked.question(ours).is_for_offer), asked.names(ours)))
    return any(len(text) + 1 in _reached(pieces, text, begins) for begins in _after_echo(text, ours))


def _after_echo(text: str, ours: str) -> Iterator[int]:
    """Where an answer may begin: at once, or after words that are ours ("three months free, yes, I'll take it")."""
    yield 0
    said, place = set(ours.split()), 0
    for word in text.split()[:MOST_ECHOED]:
        if word not in said or _OWN_WORD.fullmatch(word):
            return
        place += len(word) + 1
        yield place


@lru_cache(maxsize=256)
def _grammar(question: asked.Question, called: frozenset[str], names: frozenset[str]) -> _Grammar:
    """What an answer to a question is made of. At its end what it is thanked for, and who it is (`tells`)."""
    is_asked = bool(question.is_for_offer)
    offers = "|".join(map(re.escape, sorted(called, key=len, reverse=True)))
    own = rf"(?:(?:the|your|that|this) )?(?:{offers})" if offers else NOTHING
    the = r"(?:all )?(?:the|your|this|that|these)"
    offer, wanted = (rf"(?:{own}|{the} {BETWEEN}{noun})" for noun in (NOUN, WANTED))
    named = "|".join(_accepts(offer, wanted))
    answers = "|".join((*_answers(wanted), *_said_back(question.words, wanted))) if is_asked else NOTHING
    piece = _pieces(is_asked, names)
    thanks = r"(?:and )?(?:thank you|thanks) (?P<thanks>for \S+(?: \S+){0,3})"
    end = rf"(?:{thanks})?(?:(?:^| )(?P<tells>{_TELLS}))?"
    return _Grammar(*map(re.compile, (piece, named, answers, f"{piece}|{_CLOSING}|{named}|{answers}", end)))


def _pieces(is_asked: bool, names: frozenset[str]) -> str:
    vocative = "|".join(map(re.escape, sorted(names))) or NOTHING
    return rf"(?:{_PIECE}|{vocative}|{_SHORT if is_asked else NOTHING})"


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


def _accepts(offer: str, wanted: str) -> tuple[str, ...]:
    """What accepts whatever was asked."""
    what = rf"(?:{_IT}|{offer})"
    return (
        rf"(?:i|we) {LEAD}accept(?: {offer})?",
        rf"(?:i|we) {LEAD}(?:sign up|enroll|join|subscribe|register)(?: (?:for|to|in) {what})?",
        rf"(?:i|we) {LEAD}(?:take|choose) {offer}",
        rf"(?:i|we) (?:will|want to|would (?:like|love) to|am going to) "
        rf"(?:have|get|go (?:for|with|ahead with)) {wanted}",
        rf"(?:i|we) (?:would (?:really |\w+ly )?(?:like|love)|(?:\w+ly )?want) {wanted}",
        rf"(?:i|we) will {LEAD}take {_IT}",
        rf"sign (?:me|us) up(?: (?:for|to) {what})?",
        rf"put (?:me|us|my name|our names) (?:up|down|in) for {what}",
        rf"(?:enroll|register|subscribe) (?:me|us)(?: (?:in|for|to|into) {what})?",
        rf"count (?:me|us) in(?: for {what})?",
        rf"(?:i|we) {LEAD}(?:take you up on|take advantage of|opt for) {offer}",
        rf"you (?:can|may) (?:sign (?:me|us) up|enroll (?:me|us)|put (?:me|us) down)(?: (?:for|in) {what})?",
    )


def _answers(wanted: str) -> tuple[str, ...]:
    """What accepts where we asked for it just before, and means anything elsewhere."""
    what = rf"(?:{_IT}|{wanted})"
    return (
        rf"(?:i|we) {LEAD}(?:take|accept|choose|go (?:for|with)) {what}",
        rf"(?:i|we) (?:will|want to|would (?:like|love) to|am going to) (?:have|get|try|do|start|give) {what}"
        r"(?: a (?:go|try))?",
        rf"(?:i|we) (?:would (?:really )?(?:like|love)|want) {what}",
        rf"(?:i|we) {LEAD}(?:go ahead|proceed|go for it|upgrade|switch|change|move|take part|be enrolled|"
        rf"be part of it|sign up)(?: (?:to|with|for|in) {what})?",
        rf"(?:i|we) {LEAD}(?:take you up on|take advantage of|opt for) {what}",
        rf"(?:i|we) (?:am|are) (?:going (?:for|with)|taking|accepting|all for|up for) {what}",
        r"(?:i|we) (?:would (?:love|like)|want|am (?:happy|glad)|would be (?:happy|glad|delighted)) to",
        r"(?:i|we) (?:(?:am|are) (?:all )?|want )in",
        r"put (?:it|that|the order) through",
        rf"(?:let us )?(?:do|{asked.ACTS.pattern}) (?:it|that)",
        r"(?:get|set|sort|book) (?:me|us|it|that) (?:started|up|out|in)",
        r"(?:you (?:can|may) )?take (?:it|that) as a yes",
        rf"(?:give me|let me have) {what}",
        r"you (?:can|may) (?:do (?:it|that)|go ahead)",
        rf"(?:i|we) would (?:like|love) you to (?:sign me up|enroll me|put me down|go ahead|do (?:it|that))"
        rf"(?: for {what})?",
        rf"(?:very |more than )?happy to (?:accept|go ahead|proceed|join|take {what}|do {_IT})(?: with {what})?",
        rf"(?:put|move|switch|upgrade|change|add|set) (?:me|us)(?: (?:down|in|on|over|up|across))?"
        rf"(?: (?:to|for|on|onto|with) {what})?",
        rf"(?:let us )?(?:go ahead|proceed)(?: with {what})?",
        r"(?:renew|register|upgrade|include) (?:me|us)",
        rf"you (?:can|may) (?:register|renew|upgrade|switch|sign|put) (?:me|us)(?: (?:up|down|over))?"
        rf"(?: (?:for|to|on) {what})?",
    )
