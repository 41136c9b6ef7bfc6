"""The gate's first part: what is refused before any server sees it, and what quoting may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.analysts.corpus import BOMBS, PARAMETERS, queries
from vitograph.graph.analytics.lexing import bare
from vitograph.graph.analytics.text import check_parameters, check_text
from vitograph.resolver.errors import InvalidInput, RefusedQuery


@pytest.mark.parametrize("name", BOMBS)
def test_what_a_server_would_choke_on_never_reaches_one(name: str) -> None:
    with pytest.raises(RefusedQuery):
        check_text(BOMBS[name])


@pytest.mark.parametrize("query", queries("legitimate"))
def test_queries_of_analysts_pass_and_are_not_taken_for_hostile_ones(query: str) -> None:
    check_text(query)
    check_parameters(PARAMETERS)


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("EXPLAIN RETURN 1", "EXPLAIN"),
        ("CYPHER 25 profile RETURN 1", "PROFILE"),
        ("CYPHER runtime=slotted RETURN 1", "options"),
        ("CYPHER 25 runtime = slotted RETURN 1", "options"),
        ("USE system MATCH (n) RETURN n", "USE"),
        ("CALL { USE `system` MATCH (n) RETURN n } RETURN n", "USE"),
        ("RETURN 1; RETURN 2", "one statement"),
        (r"RETURN '\u0027'", "escapes"),
        ("RETURN 'a' = ~ 'b'", "=~"),
        ("RETURN REDUCE /* */ (s = 0, x IN [] | s)", "reduce"),
        ("UNWIND [1] AS x RETURN range(1, x)", "range"),
        ("UNWIND range(1, 2) AS a UNWIND [range(1, 3)] AS b RETURN a", "range"),
    ],
)
def test_the_reason_is_said(query: str, reason: str) -> None:
    with pytest.raises(RefusedQuery, match=reason):
        check_text(query)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("RETURN 'a' AS a", "RETURN '' AS a"),
        (r"RETURN 'it\'s' AS a", "RETURN '' AS a"),
        (r"RETURN 'ends \\' DELETE n //'", "RETURN '' DELETE n  "),
        ('RETURN "=~ \'" AS a', "RETURN '' AS a"),
        ("MATCH (n:`a``b`) RETURN n", "MATCH (n:``) RETURN n"),
        ("RETURN 1 // DELETE\n+ 2", "RETURN 1  \n+ 2"),
        ("RETURN 1 /* ' */ + '/*' + 2", "RETURN 1   + '' + 2"),
        ("RETURN 'open DELETE n", "RETURN ''"),
        ("RETURN 1 /* open DELETE n", "RETURN 1  "),
    ],
)
def test_only_what_is_not_quoted_counts(text: str, seen: str) -> None:
    assert bare(text) == seen


@given(st.text(st.sampled_from(list("a '\"`\\/*\n")), max_size=40))
def test_what_is_bare_holds_nothing_quoted(text: str) -> None:
    assert bare(bare(text)) == bare(text)


@given(st.text(max_size=60).filter(lambda text: "'" not in text and "\\" not in text))
def test_a_literal_may_say_anything(text: str) -> None:
    assert bare(f"RETURN '{text}' AS a") == "RETURN '' AS a"


def nested(depth: int) -> list[object]:
    value: list[object] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "parameters",
    [
        {"a": 2**63},
        {"a": [{"b": -(2**63) - 1}]},
        {"a-b": 1},
        {"": 1},
        {"é": 1},
        {"a": "x" * 2**20},
        {"a": nested(60)},
    ],
    ids=["large", "small inside", "sign", "empty", "letter", "long", "deep"],
)
def test_parameters_that_cannot_be_sent_are_refused(parameters: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        check_parameters(parameters)
