"""What a dry run shows, and by what it is known."""

from __future__ import annotations

from vitograph.graph.deciding.retractions import Plan


def test_a_plan_is_known_by_all_that_it_shows_but_for_numbers_of_events() -> None:
    def shown(*fragments: str, events: int = 1, becomes: str = "suspected") -> str:
        part = {"view_id": "p-1", "fragments": list(fragments), "events": events}
        phone = {"key": "phone:+49301", "status": "shared", "becomes": becomes}
        return Plan(({"id": "d-1"},), (), ({"view_id": "p-1", "parts": [part]},), (phone,)).snapshot

    assert shown("p-1") == shown("p-1", events=9)
    assert len({shown("p-1"), shown("p-1", "p-2"), shown("p-1", becomes="exclusive")}) == 3
