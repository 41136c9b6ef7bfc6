"""What goes together when a decision is taken back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.deciding.decisions import component
from vitograph.resolver.deciding.retraction import Scope, Standing, taken_back


def log(text: str) -> list[Standing]:
    """`"a=b b=c a!d"` as decisions of effect in that order."""
    return [
        Standing(f"d{seq}", seq, "same" if word[1] == "=" else "different", word[0], word[2])
        for seq, word in enumerate(text.split(), 1)
    ]


def back(entries: list[Standing], seq: int, scope: Scope, stays: str = "a") -> list[int]:
    return [one.seq for one in taken_back(entries[seq - 1], entries, scope, stays)]


def test_a_decision_alone_is_the_default() -> None:
    assert back(log("a=b b=c c=d"), 2, Scope.DECISION) == [2]


def test_the_subtree_is_the_part_that_does_not_stay() -> None:
    entries = log("a=b b=c c=d c=e a=f")
    assert back(entries, 2, Scope.SUBTREE, stays="a") == [4, 3, 2]
    assert back(entries, 2, Scope.SUBTREE, stays="d") == [5, 2, 1]


def test_what_was_decided_on_the_joined_view_rests_on_its_link() -> None:
    assert back(log("a=b b=c d=e a!d"), 1, Scope.CAUSED) == [4, 2, 1]
    assert back(log("a=b b=c d=e a!d"), 2, Scope.CAUSED) == [4, 2]
    assert back(log("a=b b=c d=e a!d"), 3, Scope.CAUSED) == [4, 3], "the pair kept apart was of both views"


def test_nothing_rests_on_what_joined_nobody() -> None:
    assert back(log("a!b b=c"), 1, Scope.CAUSED) == [1]


@st.composite
def logs(draw: st.DrawFn) -> list[Standing]:
    """Decisions as they may come about: a join joins two views."""
    entries: list[Standing] = []
    pairs = st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")).filter(lambda pair: pair[0] != pair[1])
    for seq, (left, right) in enumerate(draw(st.lists(pairs, min_size=1, max_size=12)), 1):
        same = [one.edge for one in entries if one.joins]
        if left not in component(right, same):
            entries.append(Standing(f"d{seq}", seq, draw(st.sampled_from(["same", "same", "different"])), left, right))
    return entries


@given(logs(), st.data())
def test_whatever_goes_the_named_one_goes_and_nothing_older_that_it_does_not_hold(
    entries: list[Standing], data: st.DataObject
) -> None:
    first = data.draw(st.sampled_from(entries))
    caused = taken_back(first, entries, Scope.CAUSED, first.left)
    assert first in caused
    assert all(one.seq >= first.seq for one in caused)
    left = [one for one in entries if one not in caused]
    if first.joins:
        # Played without it, what is left could have been decided just so: each was of a view without that link.
        for one in left:
            older = [other.edge for other in entries if other.joins and other.seq < one.seq]
            kept = [other.edge for other in left if other.joins and other.seq < one.seq]
            for end in (one.left, one.right):
                assert component(end, older) == component(end, kept)


@given(logs(), st.data())
def test_a_subtree_and_what_stays_share_no_fragment(entries: list[Standing], data: st.DataObject) -> None:
    first = data.draw(st.sampled_from(entries))
    hanging = taken_back(first, entries, Scope.SUBTREE, first.left)
    left = [one.edge for one in entries if one.joins and one not in hanging]
    if first.joins:
        assert component(first.right, left) == {first.right}, "the other end stands alone"
