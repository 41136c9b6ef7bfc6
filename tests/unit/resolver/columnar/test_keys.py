"""Columns hang views on the keys that the rules name, and bring the same views together."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import Town, profiles
from vitograph.resolver.blocking import MOST_VIEWS, blocking_keys
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.keys import rule_keys
from vitograph.resolver.columnar.pairs import blocked, held, together
from vitograph.resolver.model import IdentifierStatus, PersonKind, Profile

views = st.sampled_from("abcdefgh").flatmap(
    lambda id: st.sampled_from((PersonKind.KNOWN, PersonKind.DEVICE)).flatmap(lambda kind: profiles(id, kind))
)
crowds = st.lists(views, max_size=8, unique_by=lambda profile: profile.view_id)


@given(crowds)
@settings(max_examples=60, deadline=None)
def test_every_key_of_every_rule_has_those_who_hang_on_it(crowd: list[Profile]) -> None:
    frame = Frame.of(crowd)
    expected: dict[str, Counter[frozenset[int]]] = defaultdict(Counter)
    hanging: dict[str, set[int]] = defaultdict(set)
    for place in range(len(frame)):
        profile = frame.profile(place)
        for key in blocking_keys(profile) if profile.kind is PersonKind.KNOWN else ():
            hanging[key].add(place)
    for key, owners in hanging.items():
        expected[key.partition(":")[0]][frozenset(owners)] += 1
    for rule in rule_keys(frame):
        found: dict[int, list[int]] = defaultdict(list)
        for owner, key in zip(rule.owner.tolist(), rule.key.tolist(), strict=True):
            found[key].append(owner)
        assert all(len(owners) == len(set(owners)) for owners in found.values()), rule.rule
        assert Counter(map(frozenset, found.values())) == expected[rule.rule], rule.rule


def test_a_key_that_is_too_common_for_its_rule_brings_nobody_together() -> None:
    crowd = [Profile(f"{n:03}", PersonKind.KNOWN, birth_dates=("1980-05-17",)) for n in range(41)]
    assert MOST_VIEWS["date"] == 40
    assert len(together(blocked(Frame.of(crowd[:40])).keyed).left) == 40 * 39 // 2
    found = blocked(Frame.of(crowd))
    assert len(together(found.keyed).left) == 0
    assert found.dropped == {"date": 1}


@given(crowds, st.integers(2, 5))
@settings(max_examples=60, deadline=None)
def test_an_identifier_brings_its_holders_together_unless_it_is_shared(crowd: list[Profile], most: int) -> None:
    town = Town(1000, 7, 4, tuple(IdentifierStatus))
    frame = Frame.of(crowd)
    pairs = together(held(frame, town, most))
    expected = set()
    for a, b in combinations(range(len(frame)), 2):
        both = frame.profile(a).identifiers.keys() & frame.profile(b).identifiers
        uses = [town.use(key) for key in both]
        if any(use.status in ("exclusive", "suspected") and use.holders <= most for use in uses):
            expected.add((a, b))
    assert set(zip(pairs.left.tolist(), pairs.right.tolist(), strict=True)) == expected
