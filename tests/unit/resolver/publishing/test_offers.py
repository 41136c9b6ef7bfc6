"""Rules of offers: what is kept, what is refused and why, and that none of them can raise, or hold anybody up."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitograph.resolver.publishing.offers import LONGEST_RULE, SAMPLES, Situation, is_offered, why_refused

NOW = dt.datetime(2026, 6, 1, 9, 30, tzinfo=dt.UTC)
MARIA = Situation(True, ("summer-offer",), "es-ar", NOW).variables()
NOBODY = Situation(False, (), "", NOW).variables()


@pytest.mark.parametrize(
    ("rule", "maria", "nobody"),
    [
        ("true", True, True),
        ("known", True, False),
        ('known && !("winter-offer" in campaigns)', True, False),
        ('"summer-offer" in campaigns', True, False),
        ("size(campaigns) == 0", False, True),
        ('locale.startsWith("es")', True, False),
        ('now < timestamp("2026-06-01T09:30:01Z")', True, True),
        ("now.getHours() >= 12", False, False),
        ('now - timestamp("2026-05-31T09:30:00Z") > duration("23h")', True, True),
        ('known ? "summer-offer" in campaigns : locale == ""', True, True),
    ],
)
def test_rules_say_to_whom_an_offer_is_made(rule: str, maria: bool, nobody: bool) -> None:
    assert why_refused(rule) is None
    assert (is_offered(rule, MARIA), is_offered(rule, NOBODY)) == (maria, nobody)


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("", "1 to 500 characters"),
        ("  ", "1 to 500 characters"),
        ("known" + " || known" * 60, "1 to 500 characters"),
        ("known\n&& known", "one line"),
        ("known &&", "is not CEL"),
        ("(" * 200 + "known" + ")" * 200, "is not CEL"),
        ("age > 18", "names 'age'"),
        ("false && email == ''", "names 'email'"),
        ('open("/etc/passwd") == ""', "uses 'open'"),
        ('"a".matches("(a{1000}){1000}")', "uses 'matches'"),
        ("campaigns.all(c, campaigns.all(d, campaigns.all(e, true)))", "go over a list"),
        ("campaigns . map (c, c) == []", "go over a list"),
        ("known + 1 == 2", "fails for an unknown visitor"),
        ('campaigns[0] == "summer-offer"', "fails for an unknown visitor"),
        ("1 / 0 == 1", "fails for an unknown visitor"),
        ("size(campaigns)", "true or false for every visitor"),
        ('known ? true : "perhaps"', "true or false for every visitor"),
        ("campaigns.foo == 1", "fails for an unknown visitor"),
    ],
)
def test_what_is_no_rule_is_refused_with_the_reason(rule: str, reason: str) -> None:
    refused = why_refused(rule)
    assert refused is not None
    assert reason in refused
    assert len(refused) < 400


OPERANDS = ("known", "campaigns", "locale", "now", "true", "1", "'a'", "[1]", "{'a': 1}", "null", "size", "has")
SIGNS = ("(", ")", "[", "]", "&&", "||", "!", "==", "<", "+", "-", "*", "/", "%", "in", "?", ":", ".", ",", " ")
words = st.sampled_from(OPERANDS + SIGNS)


@settings(max_examples=300, deadline=None)
@given(st.lists(words, max_size=14).map("".join) | st.text(max_size=40))
def test_no_rule_raises_and_what_is_kept_answers(rule: str) -> None:
    refused = why_refused(rule)
    for variables in (MARIA, NOBODY, {}, {"known": "x", "campaigns": 3}):
        assert is_offered(rule, variables) in (True, False)
    if refused is None:
        assert all(is_offered(rule, sample.variables()) in (True, False) for sample in SAMPLES)


@pytest.mark.parametrize(
    "rule",
    [
        "campaigns" + " + campaigns" * 38 + " == []",
        '"' + "a" * 200 + '".contains("' + "a" * 150 + 'b")',
        "!" * 490 + "known",
        "-" * 480 + "1 == 1",
        "known || " * 50 + "known",
        "campaigns[0]" + "[0]" * 100 + " == 1",
        "[" * 240 + "]" * 240 + " == []",
    ],
)
def test_the_dearest_rules_are_cheap(rule: str) -> None:
    """Measured in the time of this thread, so that other work on the machine does not count."""
    assert len(rule) <= LONGEST_RULE
    met = Situation(True, tuple(f"campaign-{number:055}" for number in range(50)), "de", NOW).variables()
    why_refused(rule)
    before = time.thread_time()
    for _ in range(10):
        is_offered(rule, met)
    assert (time.thread_time() - before) / 10 < 0.05
