"""In which view a fragment was, and since when."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.deciding.decisions import Edge, view_ids
from vitograph.resolver.deciding.history import Act, Stay, stays
from vitograph.resolver.model import PersonKind

KINDS = dict.fromkeys("abcde", PersonKind.KNOWN)


def act(seq: int, left: str, right: str, decision: str, joins: bool = True) -> Act:
    return Act(seq, f"t{seq}", f"d{seq}", Edge(left, right, decision), joins)


def test_who_was_never_joined_is_where_they_began() -> None:
    assert stays("a", KINDS, []) == [Stay("a", None, None)]


def test_a_merged_id_tells_where_it_is_and_a_parted_one_too() -> None:
    joined = act(1, "a", "c", "d1")
    assert stays("c", KINDS, [joined]) == [Stay("c", None, None, "t1"), Stay("a", "t1", "d1")]
    parted = act(2, "a", "c", "d1", joins=False)
    assert stays("c", KINDS, [joined, parted])[-1] == Stay("c", "t2", "d2")
    assert stays("a", KINDS, [joined, parted]) == [Stay("a", None, None)], "whose id the view has stayed in it"


acts = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from("abcde"), st.booleans()), max_size=12)


@given(acts)
def test_the_last_stay_is_the_present_view_and_stays_follow_on(log: list[tuple[str, str, bool]]) -> None:
    made: list[Act] = []
    edges: dict[str, Edge] = {}
    for seq, (left, right, joins) in enumerate(log, 1):
        if joins and left != right:
            made.append(act(seq, left, right, f"d{seq}"))
            edges[f"d{seq}"] = made[-1].edge
        elif edges:
            gone, edge = edges.popitem()
            made.append(Act(seq, f"t{seq}", f"d{seq}", Edge(edge.left, edge.right, gone), False))
    views = view_ids(KINDS, edges.values())
    for person in KINDS:
        found = stays(person, KINDS, made)
        assert found[-1].view_id == views[person]
        assert found[-1].until is None
        assert all(one.until == other.since for one, other in itertools.pairwise(found))
