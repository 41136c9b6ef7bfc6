"""Pseudonyms: joinable, of no length that tells, and turned back by nobody without the key."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.graph.analytics import shape
from vitograph.graph.analytics.masking import KEY_BYTES, Mask

MASK = Mask(bytes(range(KEY_BYTES)))
OTHER = Mask(bytes(KEY_BYTES))
LEAVES = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def test_one_value_of_one_kind_has_one_pseudonym() -> None:
    assert MASK.token("email", "a@b.c") == MASK.token("email", "a@b.c")
    assert MASK.token("email", "a@b.c") != MASK.token("name", "a@b.c")
    assert MASK.token("email", "a@b.c") != OTHER.token("email", "a@b.c")
    assert MASK.fingerprint != OTHER.fingerprint


def test_names_of_common_lengths_are_of_one_length() -> None:
    assert len({len(MASK.token("n", name)) for name in ("Al", "Maria", "Giovanni", "Bo", "Christa")}) == 1


def test_the_key_of_an_identifier_keeps_its_kind() -> None:
    key = MASK.key("phone:+34600100200")
    assert key.startswith("phone:~")
    assert MASK.reveal(key) == "phone:+34600100200"


@given(TREES)
def test_json_comes_back_as_it_was(value: object) -> None:
    masked = MASK.json(dumped({"a": value}))
    assert json.loads(MASK.reveal(masked)) == {"a": value}


@given(st.dictionaries(st.text(max_size=8), st.text(min_size=4, max_size=20), min_size=1, max_size=4))
def test_masked_json_holds_none_of_its_values(values: dict[str, str]) -> None:
    masked = json.loads(MASK.json(dumped(values)))
    assert all(value.startswith("~") for value in masked.values())


@given(st.text(max_size=80))
def test_a_text_that_holds_no_pseudonym_of_ours_stays(text: str) -> None:
    assert MASK.reveal(text) == text or text[:1] in "[{"


def test_a_forged_pseudonym_is_no_oracle() -> None:
    token = MASK.token("email", "a@b.c")
    forged = token[:-2] + ("A" if token[-2] != "A" else "B") + token[-1]
    assert MASK.reveal(forged) == forged
    assert OTHER.reveal(token) == token
    assert MASK.reveal(f"x {token} y") == "x a@b.c y"


@pytest.mark.parametrize(
    ("value", "is_plain"),
    [
        ("web_form", True),
        ("summer-offer", True),
        ("maria@example.com", False),
        ("+34600100200", False),
        ("34600100200", False),
        ("a b", False),
    ],
)
def test_a_code_is_told_from_a_value(value: str, is_plain: bool) -> None:
    assert (MASK.code("channel", value) == value) is is_plain


@pytest.mark.parametrize(
    ("value", "is_plain"),
    [
        ("01a21506-3df9-76f0-b91d-9c5c6f979794", True),
        ("shop:17", True),
        ("evt_1732450000", True),
        ("maria@example.com", False),
        ("+34600100200", False),
        ("600-100-200", False),
        ("Maria Lopez", False),
        ("sms:+34600100200:3", False),
        ("import:crm:4711:0a1b2c3d4e5f6071", False),
    ],
)
def test_an_id_that_holds_an_address_a_number_or_an_account_is_masked(value: str, is_plain: bool) -> None:
    assert (MASK.id("event", value) == value) is is_plain


def test_what_is_no_json_is_masked_as_a_whole() -> None:
    assert MASK.reveal(MASK.json("no json: Maria")) == "no json: Maria"
    assert "Maria" not in MASK.json("no json: Maria")


def test_what_is_not_named_is_not_copied() -> None:
    event = {"id": "e", "type": "page.viewed", "body_hash": "h", "reply": "{}", "new_property": "x", "traits": "{}"}
    assert shape.node("Event", event, MASK) == {"id": "e", "type": "page.viewed", "traits": "{}"}
    assert shape.link("SAME_AS", {"decision": "d", "weakened_by": ["phone:+34"]}, MASK) == {"decision": "d"}
    assert "ApiKey" not in shape.NODES


def test_the_person_of_an_identifier_alone_is_not_found_by_it() -> None:
    """Its id is worked out from the identifier, so who guesses that would find it."""
    nobody = {"id": "u-1", "view_id": "u-1", "kind": "unattributed", "founded_on": "phone:+34600100200"}
    kept = shape.node("Person", nobody, MASK)
    assert kept["id"] == kept["view_id"] == MASK.token("person", "u-1")
    assert kept["founded_on"] == MASK.key("phone:+34600100200")
