"""More than 900 utterances: what must be heard in each. Each file says how it came about and what its first run gave.

`worked_on`, `second_held_out`, `third_held_out`, `reviewed` and `everyday` shaped the rules; the other two did not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from vitograph.resolver.heard.hearing import ENROLLED, RECORDED, hear, judge
from vitograph.resolver.heard.tokens import plain_words
from vitograph.resolver.heard.words import Recheck
from vitograph.resolver.model import NEEDS_REVIEW

FOLDER = Path(__file__).parent
KINDS = {"phone": {"phone"}, "email": {"email"}, "name": {"full_name", "given_name"}, "birth": {"date_of_birth"}}
EVENTS: dict[str, Callable[[str], bool]] = {
    "accept": lambda type: type == ENROLLED,
    "doubt": lambda type: type.endswith(NEEDS_REVIEW),
    "never": lambda type: type != ENROLLED,
    "decline": lambda type: type.removesuffix(NEEDS_REVIEW) == "offer.declined",
    "callback": lambda type: type == "callback.requested",
    "opt_out": lambda type: type == "opt_out",
    "nothing": lambda type: type == RECORDED,
}


@dataclass(frozen=True)
class Line:
    section: str
    text: str
    expected: str


def lines(name: str) -> Iterator[Line]:
    section = ""
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            text, _, expected = line.partition("=>")
            yield Line(section, text.strip(), expected.strip())


WORKED_ON = [
    line for name in ("worked_on", "second_held_out", "third_held_out", "reviewed", "everyday") for line in lines(name)
]
HELD_OUT = [line for name in ("held_out", "fourth_held_out") for line in lines(name)]
MISSED = {
    "Yes, I'd like to take you up on the offer.",
    "I'd like to be enrolled in the campaign.",
    "Okay, I will take the deal.",
    "You can count me in.",
    "You can sign me up for the summer offer.",
    "Yes, I accept. How much do I pay each month?",
    "I have read the letter and I accept the offer.",
    "I'd like to accept the offer. My address has not changed.",
    "I'll take the offer. My neighbor recommended it.",
    "We accept the offer. Our company is growing.",
    "I love the offer. I accept it.",
    "I want to enroll. Please tell me what to do.",
    "Enroll me, please. I have my card right here.",
}
"""Acceptances that the rules leave to a specialist; those with `you can` may have been a "can't"."""


def event_of(text: str) -> str:
    return judge(hear(plain_words(text), region="US"), "summer", has_caller=True).type


def values_of(line: Line) -> tuple[list[str | None], int]:
    """The values that may be used, and how many are marked for review."""
    found = [one for one in hear(plain_words(line.text), region="US").stated if one.kind in KINDS[line.section]]
    return [one.value for one in found if one.is_clear], sum(not one.is_clear for one in found)


def is_right(line: Line) -> bool:
    if line.section not in KINDS:
        return EVENTS[line.section](event_of(line.text))
    clear, doubtful = values_of(line)
    if line.expected.startswith("?"):
        return (not clear and doubtful > 0) or (clear == [line.expected[1:]] and not doubtful)
    return (clear, doubtful) == ([line.expected] if line.expected else [], 0)


@pytest.mark.parametrize(
    "line",
    [line for line in WORKED_ON if line.text not in MISSED],
    ids=lambda line: f"{line.section}-{line.text[:50]}",
)
def test_what_was_worked_on_is_heard_as_it_should(line: Line) -> None:
    assert is_right(line), (event_of(line.text), hear(plain_words(line.text), region="US"))


@pytest.mark.parametrize(
    "line", [line for line in HELD_OUT if line.section in ("doubt", "never")], ids=lambda line: line.text[:50]
)
def test_no_held_out_doubt_becomes_an_enrolment(line: Line) -> None:
    assert event_of(line.text) != ENROLLED


@pytest.mark.parametrize(
    "line", [line for line in HELD_OUT if line.section == "phone"], ids=lambda line: line.text[:50]
)
def test_a_held_out_phone_number_is_exact_or_marked(line: Line) -> None:
    clear, _ = values_of(line)
    assert clear in ([], [line.expected.removeprefix("?")])


def test_held_out_acceptances_are_found() -> None:
    accepted = [line for line in HELD_OUT if line.section == "accept"]
    missed = [line.text for line in accepted if not is_right(line)]
    assert len(missed) <= len(accepted) / 10, missed


def test_nearly_all_that_is_held_out_is_heard_as_it_should() -> None:
    wrong = [line.text for line in HELD_OUT if not is_right(line)]
    assert len(wrong) <= len(HELD_OUT) / 20, wrong


def test_there_are_enough_utterances_of_every_kind() -> None:
    counts = Counter(line.section for line in WORKED_ON + HELD_OUT)
    assert sum(counts.values()) >= 600
    assert min(counts.values()) >= 9
    assert len({line.text for line in WORKED_ON}) == len(WORKED_ON)


@pytest.mark.parametrize(
    "said",
    [
        "We will take the offer.",
        "Okay, I will sign up for this.",
        "I do accept the offer, thank you.",
        "You can sign me up.",
        "I can confirm that I accept the offer.",
        "We are happy to accept the offer.",
    ],
)
def test_a_will_that_may_have_been_a_wont_is_for_a_specialist(said: str) -> None:
    """Voices said "We won't take the offer" and "You can't sign me up"; twice the model heard "will" and "can"."""
    assert event_of(said) == "offer.accepted.needs_review"
    assert event_of(f"Yes, {said[0].lower()}{said[1:]}") == ENROLLED
    short = said.replace(" will ", "'ll ").replace(" are ", "'re ").replace(" do ", " ")
    assert event_of(short.removeprefix("You can ").replace("can confirm", "confirm")) == ENROLLED


@pytest.mark.parametrize(
    "said",
    [
        "You can call year 212-555-0147.",
        "Call me on my order 212-555-0147.",
        "My email is Anna Zostnitz and it samples of cons.",
        "My email address is shown on this folder with mail.",
    ],
)
def test_what_was_misheard_of_a_number_or_an_address_is_for_a_specialist(said: str) -> None:
    stated = hear(plain_words(said), region="US").stated
    assert [one.is_clear for one in stated if one.kind in ("phone", "email")] == [False]


@pytest.mark.parametrize(
    "said", ["My email is not working.", "My email is down, sorry.", "My order number is 5550147."]
)
def test_what_only_sounds_like_one_is_none(said: str) -> None:
    assert [one for one in hear(plain_words(said), region="US").stated if one.kind in ("phone", "email")] == []


def test_a_number_whose_figures_stand_apart_is_for_a_specialist() -> None:
    said = "It's oh seven, er, seven double oh, nine, let me see, double oh, one, two, three."
    [phone] = hear(plain_words(said), region="GB").stated
    assert (phone.kind, phone.value, phone.doubts) == ("phone", None, ("it could not be read",))
    assert hear(plain_words("It is 15 pounds a month, for 12 months, or 150 a year."), region="GB").stated == ()


def test_a_digit_that_was_heard_clearly_is_not_said_to_be_unclear() -> None:
    [phone] = hear(plain_words("It's oh one six one four nine six oh one two three."), region="GB").stated
    assert phone.doubts == ("nothing says that it is a telephone number",)


def test_a_row_of_figures_that_was_heard_only_again_is_for_a_specialist() -> None:
    words = plain_words("We continue at CMD, high, high, high, zero in to seven.")
    again = Recheck(0.0, words[-1].end, "He's in four years to empty, five, five, five, five, zero into seven.")
    [phone] = hear(words, rechecks=(again,), region="US").stated
    assert (phone.kind, phone.value, phone.doubts) == ("phone", None, ("heard again, it was a row of figures",))
    assert hear(words, rechecks=(Recheck(0.0, words[-1].end, "We continue."),), region="US").stated == ()
