from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.deciding.decisions import (
    Concern,
    Edge,
    component,
    contradiction,
    joining,
    leaning,
    reasons_for_second_person,
    view_ids,
    view_of,
)
from vitograph.resolver.model import PersonKind

PEOPLE = "abcdefgh"
KINDS = {id: PersonKind.DEVICE if id in "ab" else PersonKind.KNOWN for id in PEOPLE}


def edges(text: str, decision: str = "d") -> list[Edge]:
    """`"ab bc"` as edges."""
    return [Edge(pair[0], pair[1], f"{decision}-{pair}") for pair in text.split()]


def test_a_known_person_represents_a_view_before_a_device_of_a_smaller_id() -> None:
    assert view_of({"a": PersonKind.DEVICE, "c": PersonKind.KNOWN, "b": PersonKind.DEVICE}) == "c"
    assert view_of({"a": PersonKind.DEVICE, "b": PersonKind.DEVICE}) == "a"
    with pytest.raises(ValueError, match="empty"):
        view_of({})


def test_a_component_reaches_through_others() -> None:
    assert component("c", edges("cd de fg")) == {"c", "d", "e"}
    assert component("h", edges("cd de fg")) == {"h"}


def test_joining_a_chain_whose_ends_are_kept_apart_is_contradicted_with_its_path() -> None:
    found = contradiction("d", "e", edges("cd ef"), edges("cf", "apart"))
    assert found is not None
    assert (found.path, found.decision) == (("c", "d", "e", "f"), "apart-cf")


def test_the_shortest_path_is_told() -> None:
    found = contradiction("d", "e", edges("cd ef"), edges("cf ed", "apart"))
    assert found is not None
    assert found.path == ("d", "e")


def test_whom_a_chain_joins_its_decisions_do_in_their_order() -> None:
    same = [Edge("b", "c", "d-2"), Edge("a", "b", "d-1"), Edge("c", "d", "d-3"), Edge("b", "e", "d-4")]
    assert joining("a", "d", same) == ("d-1", "d-2", "d-3")
    assert joining("e", "c", same) == ("d-4", "d-2")


def test_a_pair_kept_apart_from_somebody_else_contradicts_nothing() -> None:
    assert contradiction("c", "d", edges("ef"), edges("ce", "apart")) is None


def test_an_edge_leans_on_an_identifier_that_both_its_sides_hold() -> None:
    same = edges("cd de ef")
    assert leaning(same, {"c", "e"}) == edges("cd de")
    assert leaning(same, {"c"}) == []
    assert leaning(same, {"c", "g"}) == []


@pytest.mark.parametrize(
    ("left", "right", "events", "overrides", "reasons"),
    [
        (1, 1, 2, False, ()),
        (1, 4, 500, False, ()),
        (1, 5, 10, False, (Concern.FRAGMENTS,)),
        (1, 1, 501, False, (Concern.EVENTS,)),
        (2, 2, 10, False, (Concern.BRIDGE,)),
        (1, 1, 10, True, (Concern.OVERRIDE,)),
        (3, 3, 900, True, (Concern.FRAGMENTS, Concern.EVENTS, Concern.BRIDGE, Concern.OVERRIDE)),
    ],
)
def test_a_second_person_is_asked_for_when_more_is_at_stake(
    left: int, right: int, events: int, overrides: bool, reasons: tuple[Concern, ...]
) -> None:
    assert reasons_for_second_person(left, right, events, overrides=overrides) == reasons
    also = reasons_for_second_person(left, right, events, overrides=overrides, consents_conflict=True)
    assert also == (*reasons, Concern.CONSENT)


pairs = st.sampled_from(list(itertools.combinations(PEOPLE, 2)))


@dataclass
class World:
    """The smallest thing that decides as the graph does."""

    same: list[Edge] = field(default_factory=list)
    apart: list[Edge] = field(default_factory=list)
    decided: int = 0

    def decide(self, left: str, right: str, same: bool) -> None:
        self.decided += 1
        edge = Edge(left, right, f"d{self.decided}")
        if component(left, self.same) == component(right, self.same):
            return
        if not same:
            self.apart.append(edge)
        elif contradiction(left, right, self.same, self.apart) is None:
            self.same.append(edge)

    def retract(self, number: int, keep_apart: bool) -> None:
        gone = [edge for edge in self.same if edge.decision == f"d{number}"]
        self.same = [edge for edge in self.same if edge not in gone]
        self.apart = [edge for edge in self.apart if edge.decision != f"d{number}"]
        if gone and keep_apart:
            self.decided += 1
            self.apart.append(Edge(gone[0].left, gone[0].right, f"d{self.decided}"))


acts = st.one_of(
    st.tuples(st.just("decide"), pairs, st.booleans()),
    st.tuples(st.just("retract"), st.integers(1, 12), st.booleans()),
)


@given(st.lists(acts, max_size=40))
def test_no_sequence_of_decisions_and_retractions_puts_a_pair_kept_apart_into_one_view(acts: list) -> None:  # type: ignore[type-arg]
    world = World()
    for act, subject, flag in acts:
        world.decide(*subject, flag) if act == "decide" else world.retract(subject, flag)
        views = view_ids(KINDS, world.same)
        assert all(views[edge.left] != views[edge.right] for edge in world.apart)
        assert all(views[edge.left] == views[edge.right] for edge in world.same)
        assert len(world.same) == len(PEOPLE) - len(set(views.values())), "SAME edges form a forest"
        for id, view in views.items():
            members = {other: KINDS[other] for other in PEOPLE if views[other] == views[id]}
            assert view == view_of(members)
            assert members.keys() == component(id, world.same)


def connected(left: str, right: str, same: list[tuple[str, str]]) -> set[tuple[str, ...]]:
    """Every simple path between two persons, by brute force."""
    neighbours = {frozenset(pair) for pair in same}
    others = [id for id in PEOPLE if id not in (left, right)]
    paths = (
        (left, *between, right) for size in range(len(others) + 1) for between in itertools.permutations(others, size)
    )
    return {path for path in paths if all(frozenset(step) in neighbours for step in itertools.pairwise(path))}


small = st.sampled_from(list(itertools.combinations("cdef", 2)))


@given(small, st.lists(small, max_size=3), st.lists(small, max_size=3))
def test_a_contradiction_is_found_exactly_when_brute_force_finds_one(
    proposed: tuple[str, str], same: list[tuple[str, str]], apart: list[tuple[str, str]]
) -> None:
    joined = [*same, proposed]
    members = component(proposed[0], [Edge(*pair, "d") for pair in joined])
    expected = {pair for pair in apart if set(pair) <= members}
    found = contradiction(
        *proposed, [Edge(*pair, "d") for pair in same], [Edge(*pair, "-".join(pair)) for pair in apart]
    )
    assert (found is not None) == bool(expected)
    if found is not None:
        assert (found.path[0], found.path[-1]) in expected
        assert found.decision == f"{found.path[0]}-{found.path[-1]}"
        assert found.path in connected(found.path[0], found.path[-1], joined)


@given(st.lists(pairs, max_size=12), st.randoms())
def test_view_ids_do_not_depend_on_the_order_of_edges(same: list[tuple[str, str]], random) -> None:  # type: ignore[no-untyped-def]
    edges = [Edge(*pair, "d") for pair in same]
    shuffled = [Edge(edge.right, edge.left, edge.decision) for edge in edges]
    random.shuffle(shuffled)
    assert view_ids(KINDS, edges) == view_ids(KINDS, shuffled)
