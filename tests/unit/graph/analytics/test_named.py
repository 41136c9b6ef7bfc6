"""Named queries: what their headers promise is what they take."""

from __future__ import annotations

import pytest

from vitograph.graph.analytics.named import NamedQuery, get_named, list_named
from vitograph.graph.analytics.text import check_text
from vitograph.resolver.errors import InvalidInput, UnknownThing


@pytest.mark.parametrize("query", list_named(), ids=lambda query: query.name)
def test_a_named_query_says_what_it_is_and_passes_the_gate(query: NamedQuery) -> None:
    check_text(query.text)
    assert query.doc.endswith(".")
    assert query.returns
    assert all(parameter.doc for parameter in query.parameters)
    assert query.complete({}).keys() == {parameter.name for parameter in query.parameters}
    for parameter in query.parameters:
        parameter.check(parameter.default)


def test_what_is_left_out_is_the_default_and_what_is_unknown_is_refused() -> None:
    query = get_named("shared_identifiers_by_degree")
    assert query.complete({"at_least": 3}) == {"kind": None, "at_least": 3}
    for given in ({"at_least": None}, {"at_least": True}, {"at_least": 1.5}, {"kind": 1}, {"other": 1}):
        with pytest.raises(InvalidInput):
            query.complete(given)
    with pytest.raises(UnknownThing):
        get_named("nothing")
