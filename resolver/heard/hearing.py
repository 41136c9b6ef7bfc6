"""A call as it was heard: what the customer wants and states, and what event that makes. Pure.

Only the customer's words count; ours tell whether a bare "yes" answered an offer.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from vitograph.resolver.heard import asked, phrases
from vitograph.resolver.heard.birth import find_birth_dates
from vitograph.resolver.heard.emails import find_emails
from vitograph.resolver.heard.intents import Intent, Said, Want, accepts, find_intents, said_of, speaks_against
from vitograph.resolver.heard.names import find_names
from vitograph.resolver.heard.phones import find_phones
from vitograph.resolver.heard.stated import Stated, heard_again
from vitograph.resolver.heard.tokens import Sentence, plain_words, sentences
from vitograph.resolver.heard.words import Recheck, Word
from vitograph.resolver.model import ENROLLED, NEEDS_REVIEW

RECORDED = "call.recorded"
"""The type of a call in which nobody wanted anything that has a type of its own."""

CALL = "call"
_YES = re.compile(
    r"^(?:(?:oh|well|um|,|okay) )*(?:yes|sure|okay|absolutely|definitely|of course|alright|go ahead|please do)\b"
)
_ANSWER_WITHIN = 8.0  # seconds
_ORDER = (Want.OPT_OUT, Want.ACCEPTED, Want.DECLINED, Want.CALLBACK)


@dataclass(frozen=True, slots=True)
class Heard:
    """What a call says, each piece with its confidence, its doubts and its words."""

    intents: tuple[Intent, ...]
    stated: tuple[Stated, ...]

    def clear(self, kind: str) -> list[str]:
        """Stated values of a kind that may be used."""
        return [one.value for one in self.stated if one.kind == kind and one.is_clear and one.value]

    @property
    def doubts(self) -> tuple[str, ...]:
        """What a specialist should look at: `offer.accepted: it is negated`, `phone: …`; empty when all is clear."""
        pieces = [(one.want.value, one.doubts) for one in self.intents] + [
            (one.kind, one.doubts) for one in self.stated
        ]
        return tuple(dict.fromkeys(f"{name}: {doubt}" for name, doubts in pieces for doubt in doubts))


@dataclass(frozen=True, slots=True)
class Verdict:
    """The event that a call makes. `proposed` is what it would be if a specialist says so; None when it is that."""

    type: str
    target_id: str | None
    proposed: str | None


def hear(
    customer: Sequence[Word],
    ours: Sequence[Word] = (),
    rechecks: Sequence[Recheck] = (),
    region: str | None = None,
    today: dt.date | None = None,
) -> Heard:
    """Everything that can be read from a call. `region` (ISO 3166) is the country of numbers that name none."""
    spoken = sentences(customer, ours)
    intents = [_again(intent, spoken, customer, rechecks) for intent in find_intents(spoken)]
    if not any(intent.want is Want.ACCEPTED for intent in intents):
        intents += _taken_back(spoken) or _answers(spoken, sentences(ours, are_ours=True))
    stated = [
        *find_phones(customer, rechecks, region),
        *find_emails(customer, rechecks),
        *find_names(customer),
        *find_birth_dates(customer, today),
    ]
    return Heard(tuple(intents), tuple(stated))


def judge(heard: Heard, campaign: str | None, has_caller: bool) -> Verdict:
    """The event of a call: an enrolment only when the call names its campaign and the words are clear.

    A clear acceptance by somebody who cannot be told (no caller's number, and none that was heard clearly) is doubtful.
    """
    for want in _ORDER:
        ours = [intent for intent in heard.intents if intent.want is want]
        if not ours:
            continue
        type = ENROLLED if want is Want.ACCEPTED and campaign else want.value
        known = has_caller or heard.clear("phone") or heard.clear("email")
        nameless = want is Want.ACCEPTED and not known and any(one.kind in ("phone", "email") for one in heard.stated)
        if any(intent.is_clear for intent in ours) and not nameless and not _is_overruled(want, heard):
            return Verdict(type, campaign, None)
        return Verdict(f"{want.value}{NEEDS_REVIEW}", None, type)
    if any(not one.is_clear for one in heard.stated):
        return Verdict(f"{CALL}{NEEDS_REVIEW}", None, RECORDED)
    return Verdict(RECORDED, campaign, None)


def _is_overruled(want: Want, heard: Heard) -> bool:
    """Where acceptance is spoken of at all, nothing but a clear acceptance or a clear opt-out settles the call."""
    return want in (Want.DECLINED, Want.CALLBACK) and any(
        one.want is Want.ACCEPTED and not one.is_clear for one in heard.intents
    )


def _again(intent: Intent, spoken: Sequence[Sentence], words: Sequence[Word], rechecks: Sequence[Recheck]) -> Intent:
    """A clear acceptance must be one when its passage is heard again; of three hearings one may hold nothing at all."""
    if intent.want is not Want.ACCEPTED or not intent.is_clear:
        return intent
    own = [word for word in words if intent.said.start - 0.01 <= word.start <= intent.said.end]
    before = next((one.before for one in spoken if one.tokens[-1].end >= intent.said.start), None)
    again = [sentences(plain_words(text), before=before) for text in heard_again(own, rechecks)] if own else []
    others = [spoken for spoken in again if not accepts(spoken)]
    if 2 * len(others) > len(again) or any(map(speaks_against, others)):
        return intent.doubted("heard again, it was no clear acceptance")
    return intent


def _taken_back(spoken: Sequence[Sentence]) -> list[Intent]:
    """A yes that the same breath takes back, whatever it answered."""
    for place, sentence in enumerate(spoken):
        after = " ".join(one.text for one in spoken[place : place + 3])
        if _YES.search(sentence.text) and phrases.WAVERS.search(phrases.HARMLESS.sub(" ", after)):
            return [Intent(Want.ACCEPTED, 0.2, ("it is a yes that is taken back",), said_of(sentence.tokens))]
    return []


def _answers(spoken: Sequence[Sentence], ours: Sequence[Sentence]) -> list[Intent]:
    """A yes right after we asked whether the offer is accepted: for a specialist to listen to."""
    for question in ours:
        if question.end != "?" or not phrases.ABOUT_ACCEPTING.search(question.text):
            continue
        ended = question.tokens[-1].end
        for answer in spoken:
            if 0 <= answer.tokens[0].start - ended <= _ANSWER_WITHIN and _YES.search(answer.text):
                return [_only_yes(answer)]
    on_one_track = (one for one in spoken if not ours and one.before and asked.question(one.before).is_for_offer)
    return [_only_yes(answer) for answer in on_one_track if _YES.search(answer.text)][:1]


def _only_yes(answer: Sentence) -> Intent:
    return Intent(Want.ACCEPTED, 0.3, ("it is only a yes to our question",), said_of(answer.tokens))


__all__ = ["CALL", "ENROLLED", "RECORDED", "Heard", "Intent", "Said", "Stated", "Verdict", "Want", "hear", "judge"]
