"""What is counted in columns is what the graph would count, value by value."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import profiles
from vitograph.graph.batch.population import population_of
from vitograph.graph.batch.read import Whole
from vitograph.resolver.columnar.frame import Frame
from vitograph.resolver.columnar.joining import join_views
from vitograph.resolver.model import PersonKind, Profile
from vitograph.resolver.scoring.frequencies import stated_values

persons = st.sampled_from("abcdefgh").flatmap(
    lambda id: st.sampled_from((PersonKind.KNOWN, PersonKind.DEVICE)).flatmap(lambda kind: profiles(id, kind))
)


@given(
    st.lists(persons, max_size=8, unique_by=lambda profile: profile.view_id),
    st.lists(st.sampled_from("abc"), min_size=8),
)
@settings(max_examples=60, deadline=None)
def test_frequencies_are_views_of_known_persons(crowd: list[Profile], drawn: list[str]) -> None:
    crowd.sort(key=lambda person: person.view_id)
    view_of, frame = drawn[: len(crowd)], Frame.of(crowd)
    population = population_of(Whole(frame, view_of, join_views(frame, view_of), [], {}, {}))
    known = [(one, view) for one, view in zip(crowd, view_of, strict=True) if one.kind is PersonKind.KNOWN]
    expected = Counter(key for key, _ in {(key, view) for one, view in known for key in stated_values(one)})
    found = Counter(
        {
            f"{field}:{value}": count
            for field, values in population.frequencies.items()
            for value, count in values.items()
        }
    )
    assert found == expected
    assert population.persons == sum(one.view_id == view for one, view in known)
