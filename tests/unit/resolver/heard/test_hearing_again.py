"""What a telephone makes of a phrase is put right; what was heard again decides what an acceptance is worth."""

from __future__ import annotations

import pytest

from vitograph.resolver.heard.hearing import ENROLLED, RECORDED, hear, judge
from vitograph.resolver.heard.passages import left_open, passages
from vitograph.resolver.heard.tokens import plain_words
from vitograph.resolver.heard.words import Recheck

DOUBTFUL = "offer.accepted.needs_review"
FIRST = "It's a yes from me."


def event_of(text: str, *again: str) -> str:
    words = plain_words(text)
    rechecks = [Recheck(0.0, words[-1].end, one) for one in again]
    return judge(hear(words, rechecks=rechecks, region="US"), "summer", has_caller=True).type


@pytest.mark.parametrize(
    "heard",
    [
        "Yes, find me up, please.",
        "Yes, you can find me up right now.",
        "Yeah, okay, find us up.",
        "Fine me up for the offer.",
        "Yes, I accept the offer. Please sign need up.",
        "Yes, please go ahead and then roll me.",
        "Please in roll me in the summer offer.",
        "Yes, I want the gold plant.",
        "Yes, I accept you offer.",
    ],
)
def test_what_a_telephone_makes_of_an_acceptance_is_one(heard: str) -> None:
    assert event_of(heard) == ENROLLED


@pytest.mark.parametrize(
    "heard",
    [
        "Please do not find me up.",
        "Don't roll me in the offer.",
        "I won't let you find me up.",
        "You can't find me up.",
        "You can find me up.",  # a voice said "You can't sign me up", and was heard so twice
        "Never find us up.",
        "Please don't sign need up.",
        "You can't sign need up.",
        "I'd sign if the need came up.",
        "Find me up if it's free.",
        "Can you find me up?",
        "He told you to find me up.",
        "Find me up. Actually, no.",
        "Can you find me that offer?",
        "You can find me up there.",
        "I'd like to find out.",
        "Fine, up to you.",
        "Roll me over.",
        "Yes, I want the potted plant.",
        "I don't want the gold plant.",
        "I don't accept you offer.",
    ],
)
def test_what_is_put_right_is_as_doubtful_as_what_was_said(heard: str) -> None:
    assert event_of(heard) != ENROLLED


@pytest.mark.parametrize(
    "heard", ["Okay, find me that.", "Okay, find these up.", "Okay, fine be that", "Find me that, please."]
)
def test_what_may_have_been_an_acceptance_is_for_a_specialist(heard: str) -> None:
    assert event_of(heard) == DOUBTFUL
    assert event_of("Can you find me that offer?") == event_of("I want to find me that house.") == RECORDED


def test_the_words_are_told_as_they_were_heard() -> None:
    [intent] = hear(plain_words("Yes, go ahead and then roll me.")).intents
    assert intent.said.words == "then roll me."


def test_okay_then_sets_no_condition() -> None:
    assert event_of("Okay then, I accept.") == ENROLLED
    assert event_of("Waive the fee. Then, I accept.") == DOUBTFUL
    assert event_of("Okay, then I accept.") == DOUBTFUL


@pytest.mark.parametrize(
    ("again", "type"),
    [
        (["It's a yes from me."], ENROLLED),
        (["It's a gift from me."], DOUBTFUL),
        (["It's a gift from me.", "It's a yes from me."], ENROLLED),
        (["It's a gift from me.", "It's a gift for me."], DOUBTFUL),
        (["It's not a yes from me.", "It's a yes from me."], DOUBTFUL),
        (["It's a yes from me if it's free.", "It's a yes from me."], DOUBTFUL),
        (["No thanks.", "It's a yes from me."], DOUBTFUL),
        (["Is it a gift from me?", "It's a yes from me."], DOUBTFUL),
    ],
)
def test_of_three_hearings_one_may_hold_nothing_and_none_may_speak_against(again: list[str], type: str) -> None:
    assert event_of(FIRST, *again) == type


@pytest.mark.parametrize(
    ("again", "is_open"),
    [
        ("It's a yes from me.", False),
        ("It's a gift from me.", True),
        ("It's not a yes from me.", False),
        ("Stop calling me.", False),
    ],
)
def test_a_third_hearing_is_for_what_the_second_left_open(again: str, is_open: bool) -> None:
    words = plain_words(FIRST)
    [(first, last)] = passages(words)
    assert left_open(words, Recheck(first, last, again)) is is_open


def test_a_number_needs_no_third_hearing() -> None:
    words = plain_words("My number is 415 555 2671.")
    [(first, last)] = passages(words)
    assert not left_open(words, Recheck(first, last, "My number is 415 555 2672."))
