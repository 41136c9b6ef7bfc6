"""What a log of decisions comes to."""

from __future__ import annotations

from typing import Any

from vitograph.resolver.deciding.decisions import contradiction
from vitograph.resolver.deciding.replay import Effect, effect

_NOTHING = ("concerns", "supersedes", "confirms", "keep_apart", "keeps", "identifiers")


def told(*entries: tuple[str, str, dict[str, Any]]) -> Effect:
    """The effect of entries about one pair, each told as (kind, verdict, what else it says); the first is `d1`."""
    return effect(
        {"id": f"d{number}", "entry": kind, "verdict": verdict, "left": "p", "right": "q"}
        | dict.fromkeys(_NOTHING)
        | says
        for number, (kind, verdict, says) in enumerate(entries, 1)
    )


APART = ("decision", "different", {})
HOME = ("decision", "household", {})


def test_unsure_lets_a_never_link_stand_and_so_does_taking_it_back() -> None:
    unsure = ("decision", "unsure", {"supersedes": "d1", "keep_apart": True, "keeps": "different"})
    back = ("retraction", "retract", {"supersedes": "d2", "keep_apart": True, "keeps": "different"})
    for log in ((APART,), (APART, unsure), (APART, unsure, back)):
        found = told(*log)
        assert [edge.decision for edge in found.apart] == [f"d{len(log)}"]
        assert contradiction("p", "q", [], found.apart) is not None


def test_a_household_stands_again_where_the_join_that_overrode_it_is_taken_back() -> None:
    same = ("decision", "same", {"supersedes": "d1", "concerns": ["override"]})
    yes = ("confirmation", "same", {"confirms": "d2"})
    back = ("retraction", "retract", {"supersedes": "d2", "keep_apart": True, "keeps": "household"})
    joined = told(HOME, same, yes)
    assert ([edge.decision for edge in joined.same], joined.apart, joined.household) == (["d2"], (), ())
    found = told(HOME, same, yes, back)
    assert found.same == ()
    assert [edge.decision for edge in found.apart] == [edge.decision for edge in found.household] == ["d4"]


def test_what_was_called_shared_is_again() -> None:
    shared = ("decision", "shared_identifier", {"identifiers": ["phone:+49301"]})
    unsure = ("decision", "unsure", {"supersedes": "d1"})
    back = ("retraction", "retract", shared[2] | {"supersedes": "d2", "keep_apart": True, "keeps": "shared_identifier"})
    assert told(shared, unsure).shared == {}, "as older versions wrote it"
    assert told(shared, unsure, back).shared == {"d3": ["phone:+49301"]}


def test_a_retraction_of_an_older_version_says_what_it_said_then() -> None:
    same = ("decision", "same", {"supersedes": "d1"})
    for keep_apart in (True, False):
        found = told(HOME, same, ("retraction", "retract", {"supersedes": "d2", "keep_apart": keep_apart}))
        assert (len(found.apart), found.household) == (int(keep_apart), ())
