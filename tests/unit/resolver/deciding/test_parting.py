"""Who met whom by the log, and what of it is told."""

from __future__ import annotations

import datetime as dt

import orjson
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.deciding.decisions import Edge, component
from vitograph.resolver.deciding.history import Act
from vitograph.resolver.deciding.parting import BLANK, SETTLED, Meeting, blanked, meetings
from vitograph.resolver.deciding.reopening import news
from vitograph.resolver.deciding.replay import acts

ROW = {"comparison": "name", "left": "zenobia", "right": "maria", "bits_stranger": 3.0}


def at(seq: int) -> dt.datetime:
    return dt.datetime(2026, 11, 1, 12, seq, tzinfo=dt.UTC)


def act(seq: int, edge: Edge, joins: bool = True) -> Act:
    return Act(seq, at(seq).isoformat(), f"d-{seq}", edge, joins)


def test_who_was_in_one_view_met_from_the_first_time_to_the_last() -> None:
    az, bc, ab = Edge("a", "z", "d-1"), Edge("b", "c", "d-2"), Edge("a", "b", "d-3")
    told = [act(1, az), act(2, bc), act(3, ab), act(4, az, joins=False)]
    assert meetings({"z"}, told) == {
        "a": Meeting(1, at(1), at(4)),
        "b": Meeting(3, at(3), at(4)),
        "c": Meeting(3, at(3), at(4)),
    }
    again = meetings({"z"}, [*told, act(5, Edge("c", "z", "d-5"))])
    assert {id: (one.seq, one.until) for id, one in again.items()} == {"a": (1, None), "b": (3, None), "c": (3, None)}


def test_what_was_scored_before_they_met_or_found_after_they_parted_is_not_touched() -> None:
    met = Meeting(2, at(2), at(4))
    assert met.touches(at(1), at(3))
    assert not met.touches(at(0), at(1))
    assert met.touches(at(5), at(5)), "it may have been read before they were parted"
    assert not met.touches(at(5) + SETTLED, at(5) + SETTLED)
    assert met.with_other(Meeting(1, at(1), None)) == Meeting(1, at(1), None)


def test_what_is_decided_keeps_what_it_weighed_and_what_waits_is_told_anew() -> None:
    evidence = orjson.dumps({"evidence": [ROW]}).decode()
    kept = blanked({"decision": "d-1", "evidence": evidence, "reopened": None})
    assert kept["reopened"] is None
    assert orjson.loads(kept["evidence"] or "") == {
        "evidence": [ROW | dict.fromkeys(("left", "right"), BLANK.format(1))]
    }
    assert blanked({"evidence": evidence}) == {"evidence": None, "reopened": None}


def test_what_was_blanked_is_no_news() -> None:
    """Rows of one comparison that state several values stay several rows."""
    shared = {"comparison": "email", "group": "email", "level": "equal", "bits_stranger": 9.0, "bits_household": 3.0}
    rows = [shared | {"left": f"email:{name}@example.com", "right": f"email:{name}@example.com"} for name in "abc"]
    kept = blanked({"decision": "d-1", "evidence": orjson.dumps({"evidence": rows}).decode()})
    told = news(orjson.loads(kept["evidence"] or "")["evidence"], rows)
    assert (told.bits_stranger, told.bits_household, told.reopens) == (0.0, 0.0, False)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.booleans()), max_size=14))
def test_whoever_links_ever_joined_with_somebody_met_them(steps: list[tuple[int, int, bool]]) -> None:
    """Beside looking for everybody anew after each act."""
    told, standing = [], dict[str, Edge]()
    now, expected = set[str](), dict[str, tuple[int, int | None]]()
    for seq, (left, right, joins) in enumerate(steps):
        if joins or not standing:
            edge = Edge(f"p{left}", f"p{right}", f"d-{seq}")
            standing[edge.decision] = edge
        else:
            edge = standing.pop(sorted(standing)[left % len(standing)])
        told.append(act(seq, edge, edge.decision in standing))
        before, now = now, component("p0", standing.values()) | component("p1", standing.values())
        now = now - {"p0", "p1"}
        expected |= {id: (expected.get(id, (seq, None))[0], None) for id in now}
        expected |= {id: (expected[id][0], seq) for id in before - now}
    met = meetings({"p0", "p1"}, told)
    ends = {id: None if one.until is None else one.until.minute for id, one in met.items()}
    assert {id: (one.seq, ends[id]) for id, one in met.items()} == expected


def entry(seq: int, **more: object) -> dict[str, object]:
    said = {"id": f"d-{seq}", "seq": seq, "at": at(seq).isoformat(), "entry": "decision", "verdict": "same"}
    return {**said, "left": "a", "right": "b", "concerns": [], **more}


def test_a_link_comes_with_its_confirmation_and_goes_with_what_takes_its_place() -> None:
    log = [
        entry(1, concerns=["bridge"]),
        entry(2, entry="confirmation", confirms="d-1"),
        entry(3, entry="retraction", verdict="retract", supersedes="d-1"),
        entry(4, verdict="different"),
    ]
    assert [(one.seq, one.edge.decision, one.joins) for one in acts(log)] == [(2, "d-1", True), (3, "d-1", False)]
