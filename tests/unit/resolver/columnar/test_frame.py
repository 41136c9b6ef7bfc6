"""Columns hold what profiles said, all of it and in its order."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import profiles
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.joining import join_views
from vitograph.resolver.model import PersonKind, Profile
from vitograph.resolver.profiles import Stated, profile

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


@given(st.lists(views, unique_by=lambda profile: profile.view_id), st.lists(st.sampled_from("abc"), min_size=8))
@settings(max_examples=100, deadline=None)
def test_persons_are_joined_into_views_as_profiles_are(persons: list[Profile], drawn: list[str]) -> None:
    persons.sort(key=lambda person: person.view_id)
    view_of = drawn[: len(persons)]
    frame = join_views(Frame.of(persons), view_of)
    assert frame.view_ids == sorted(set(view_of))
    for place, view in enumerate(frame.view_ids):
        members = [person for person, other in zip(persons, view_of, strict=True) if other == view]
        kinds = {member.kind for member in members}
        kind = PersonKind.KNOWN if PersonKind.KNOWN in kinds else min(kinds)
        joined = profile(view, kind, map(_stated, members), [member.identifiers for member in members])
        assert frame.profile(place) == joined
        assert list(frame.profile(place).identifiers) == list(joined.identifiers), "in their order"


def _stated(person: Profile) -> Stated:
    return Stated(
        list(person.given_names),
        list(person.family_names),
        list(person.full_names),
        [json.dumps(name) for name in person.names],
        list(person.birth_dates),
        list(person.genders),
        [json.dumps(asdict(address)) for address in person.addresses],
    )
