"""What a customer answers is read by what we asked: "I'd like that" accepts where we asked for it, and nowhere else."""

from __future__ import annotations

import pytest

from tests.unit.resolver.heard.test_frames import SECTIONS
from tests.unit.resolver.heard.test_utterances import Line, lines
from vitograph.resolver.heard.asked import called, question
from vitograph.resolver.heard.hearing import ENROLLED, hear, judge
from vitograph.resolver.heard.passages import passages
from vitograph.resolver.heard.tokens import plain_words, sentences
from vitograph.resolver.heard.words import Word

LINES = list(lines("answers"))
OFFER = "A: We have the summer offer for you. Would you like to take it?"
ANSWERS = ("I'd like that", "I'll have that", "yes I'd like to take it", "I'm in")


def tracks(call: str) -> tuple[list[Word], list[Word]]:
    """The customer's words and ours, a third of a second each, with a second between turns."""
    theirs: list[Word] = []
    ours: list[Word] = []
    now = 0.0
    for turn in call.split(" | "):
        now += 1.0
        for text in turn.removeprefix("A: ").split():
            (ours if turn.startswith("A: ") else theirs).append(Word(text, now, now + 0.3, 0.95))
            now += 0.3
    return theirs, ours


def event_of(call: str) -> str:
    return judge(hear(*tracks(call), region="US"), "summer", has_caller=True).type


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.section}-{line.text[-60:]}")
def test_an_answer_is_read_by_what_we_asked(line: Line) -> None:
    assert (event_of(line.text) == ENROLLED) is (line.section == "accept")


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.section}-{line.text[-60:]}")
def test_nor_does_a_call_on_one_track_enrol_who_says_no(line: Line) -> None:
    """Both speakers in one row of words."""
    text = line.text.replace("A: ", "").replace(" | ", " ")
    assert line.section == "accept" or judge(hear(plain_words(text), region="US"), "summer", True).type != ENROLLED


@pytest.mark.parametrize(
    "said", ["I'd like that.", "Yes, I accept.", "That sounds good, sign me up. Thank you very much."]
)
def test_an_answer_accepts_on_one_track_where_our_question_can_be_told(said: str) -> None:
    ours = "Hello, this is Anna. We have the summer offer for you. Would you like to take it?"
    heard = hear(plain_words(f"{ours} {said} You will get a letter. Can I take your name?"), region="US")
    assert judge(heard, "summer", True).type == ENROLLED
    assert judge(hear(plain_words(f"{ours} Yes, please."), region="US"), "summer", True).type.endswith("needs_review")
    heard = hear(plain_words(f"Hello, this is Anna. Would you like to hear more? {said}"), region="US")
    assert judge(heard, "summer", True).type != ENROLLED or "sign me up" in said


@pytest.mark.parametrize("said", ANSWERS)
def test_an_answer_accepts_where_we_asked_for_it(said: str) -> None:
    assert event_of(f"{OFFER} | {said}.") == ENROLLED
    assert event_of(f"A: Is it okay if I record this call? | {said}.") != ENROLLED


@pytest.mark.parametrize("frame", SECTIONS["never"])
def test_no_frame_turns_an_answer_into_an_enrolment(frame: str) -> None:
    said = [frame.replace("{A}", one[0].upper() + one[1:]).replace("{a}", one) for one in ANSWERS]
    assert [text for text in said if event_of(f"{OFFER} | {text}") == ENROLLED] == []


@pytest.mark.parametrize("said", ["okay it is fine", "go ahead", "i want it and i would like to take it"])
def test_what_can_be_read_in_many_ways_is_read_once(said: str) -> None:
    """The ways double with every word; one word that nobody knows, and each would be tried."""
    repeated = " ".join(f"{said} {said} {said} {said} {said} {said} {said} {said} {said}".split()[:38])
    assert event_of(f"{OFFER} | {repeated}") == event_of(f"{OFFER} | {said}")
    assert event_of(f"{OFFER} | {repeated} banana") != ENROLLED


def test_a_word_of_ours_ends_no_sentence_that_goes_on() -> None:
    spoken, ours = tracks("i will not | A: no hurry take your time | accept the offer")
    assert len(sentences(spoken, ours)) == 1


@pytest.mark.parametrize(
    ("ours", "is_for_offer"),
    [
        ("would you like to take the summer offer", True),
        ("the summer offer is half price shall i sign you up for it", True),
        ("the survey takes a minute shall i sign you up for it", False),
        ("do you want to change your appointment", False),
        ("the offer is good for a month can i send you the brochure", False),
        ("would you like to take the offer or think about it", None),
        ("you can take it in our shop", False),
        ("", None),
    ],
)
def test_what_we_asked_is_the_last_thing_we_asked(ours: str, is_for_offer: bool | None) -> None:
    assert question(ours).is_for_offer is is_for_offer


def test_our_offer_is_what_we_called_it() -> None:
    assert called("we can move you to the vito max plan it is better than the acme plan") == {
        "vito max",
        "vito max plan",
    }


def test_an_answer_is_heard_a_second_time() -> None:
    """In a stretch whose question was in the one before it, as well."""
    spoken, ours = tracks(f"{OFFER} | yes i'd like that | A: thank you very much")
    assert len(passages(spoken, ours)) == 1
    assert len(passages(spoken, [word for word in ours if word.start > spoken[-1].end])) == 1
