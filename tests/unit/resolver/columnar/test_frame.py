"""Columns hold what profiles said, all of it and in its order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import profiles
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.model import PersonKind, Profile

views = st.sampled_from("abcdefgh").flatmap(lambda id: st.sampled_from(PersonKind).flatmap(lambda k: profiles(id, k)))


@given(st.lists(views, unique_by=lambda profile: profile.view_id))
@settings(max_examples=60, deadline=None)
def test_a_frame_gives_back_the_profiles_it_was_made_of(made_of: list[Profile]) -> None:
    frame = Frame.of(made_of)
    given_back = [frame.profile(view) for view in range(len(frame))]
    assert given_back == sorted(made_of, key=lambda profile: profile.view_id)
    for ours, theirs in zip(given_back, sorted(made_of, key=lambda profile: profile.view_id), strict=True):
        assert list(ours.identifiers) == list(theirs.identifiers), "in their order"


def test_a_view_comes_once() -> None:
    with pytest.raises(ValueError, match="once each"):
        Frame.of([Profile("a", PersonKind.KNOWN), Profile("a", PersonKind.DEVICE)])
