"""An acceptance that is denied, put under a condition, quoted, taken back or mocked is never an enrolment."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from pathlib import Path

import pytest

from vitograph.resolver.heard.hearing import ENROLLED, hear, judge
from vitograph.resolver.heard.tokens import plain_words

EACH = 6
"""Acceptances that are tried in a frame; which ones is a function of the frame."""

GREETINGS = ("", "Hello. ", "Yes, good morning. ", "Hi, my name is Maria Lopez. ", "Um, okay. ", "So, yes. ")
GOODBYES = ("", " Thank you.", " Have a nice day.", " My number is 415 555 2671.", " Bye.")


def sections() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    name = ""
    for line in Path(__file__).with_name("frames.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            name = line.strip("[]")
        elif line and not line.startswith("#"):
            found[name].append(line)
    return found


SECTIONS = sections()


def is_enrolled(text: str) -> bool:
    return judge(hear(plain_words(text), region="US"), "summer", has_caller=True).type == ENROLLED


def fillings(frame: str) -> list[str]:
    """The frame around several acceptances, in a call that goes on before and after it."""
    chance = random.Random(frame)
    found = []
    for said in chance.sample(SECTIONS["acceptances"], EACH):
        text = frame.replace("{A}", said[0].upper() + said[1:]).replace("{a}", said)
        found.append(chance.choice(GREETINGS) + text + chance.choice(GOODBYES))
    return found


@pytest.mark.parametrize("frame", SECTIONS["never"])
def test_what_is_not_meant_is_no_enrolment(frame: str) -> None:
    assert [text for text in fillings(frame) if is_enrolled(text)] == []


@pytest.mark.parametrize("frame", [frame for frame in SECTIONS["never"] if "?" not in frame])
def test_nor_is_it_where_full_stops_were_heard_as_commas(frame: str) -> None:
    joined = [re.sub(r"[.!] (?=[A-Z])", ", ", text) for text in fillings(frame)]
    assert [text for text in joined if is_enrolled(text)] == []


def test_every_acceptance_is_one_by_itself() -> None:
    """Else the frames would prove nothing."""
    said = [said[0].upper() + said[1:] + "." for said in SECTIONS["acceptances"]]
    assert [text for text in said if not is_enrolled(text)] == []


def test_nine_in_ten_acceptances_are_found_in_what_callers_say_around_them() -> None:
    missed = [text for text in SECTIONS["accepts"] if not is_enrolled(text)]
    assert len(missed) <= len(SECTIONS["accepts"]) / 10, missed
    around = [
        greeting + said[0].upper() + said[1:] + "." + goodbye
        for said in SECTIONS["acceptances"]
        for greeting in GREETINGS
        for goodbye in GOODBYES
    ]
    missed = [text for text in around if not is_enrolled(text)]
    assert len(missed) <= len(around) / 10, missed
