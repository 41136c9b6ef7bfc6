"""Whatever JSON arrives, it is an observation or a refusal that can itself be written as JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vitograph.ingest.observations import parse
from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.model import IdentifierKind

NOW = dt.datetime(2026, 11, 25, 12, 0, tzinfo=dt.UTC)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(), max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
STRINGS = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["maria@example.com", "+14155550132", "null", "c1", "1990-03-02", "2026-11-24T10:00:00Z", "web", "guest", "US"]
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON | STRINGS,
        "channel": STRINGS | st.just("web"),
        "occurred_at": JSON | STRINGS,
        "identifiers": JSON
        | st.lists(
            st.fixed_dictionaries(
                {"kind": st.sampled_from(IdentifierKind).map(str) | STRINGS, "value": STRINGS | JSON},
                optional={"assurance": st.sampled_from(["verified", "asserted"]) | JSON, "region": STRINGS | JSON},
            ),
            max_size=4,
        ),
        "traits": JSON
        | st.dictionaries(st.sampled_from(["given_name", "date_of_birth", "gender"]), STRINGS, max_size=3),
        "event": JSON | st.fixed_dictionaries({"type": STRINGS | st.just("a.b")}, optional={"properties": JSON}),
    },
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON | NEARLY)
def test_any_json_value_is_an_observation_or_invalid_input(sent: Any) -> None:
    try:
        observation = parse(sent, received_at=NOW, default_region="US")
    except InvalidInput as refused:
        faults = [[fault.pointer, fault.detail] for fault in refused.faults]
    else:
        assert observation.carried
        assert 1 <= len(observation.id) <= 128
        assert observation.occurred_at.tzinfo is dt.UTC
        faults = [[observation.id, orjson.dumps(observation.event.properties).decode()]]
    assert faults
    orjson.dumps(faults)
