"""What a body of Segment's says is what its message says."""

from __future__ import annotations

import math

import pytest

from vitograph.api.routes.segment import _decoded
from vitograph.api.wire.errors import Problem
from vitograph.ingest.segment.messages import Source, observation_bodies


def test_two_accounts_that_differ_in_a_long_number_stay_two() -> None:
    numbers = ("202611280000000000001", "202611280000000000002")
    bodies = [f'{{"type": "identify", "userId": {number}}}'.encode() for number in numbers]
    observed = [observation_bodies(_decoded(body), "2026-11-28T10:00:00Z", Source("k-1"))[0] for body in bodies]
    assert [one["identifiers"][0]["value"] for one in observed] == list(numbers)


def test_what_json_does_not_hold_is_read_and_what_is_none_is_refused() -> None:
    assert math.isnan(_decoded(b'{"a": NaN, "b": 1234567890123456789012}')["a"])
    assert _decoded(b'{"a": "\\ud800"}') == {"a": "\ud800"}
    for body in (b"{", b'{"a": 1234567890123456789012', b"[" * 100_000, b'{"a": ' + b"9" * 5_000 + b"}"):
        with pytest.raises(Problem, match="malformed JSON"):
            _decoded(body)
