"""Whose anonymous history is it?"""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

from vitograph.resolver.model import IdentifierStatus, IdentifierUse, PersonKind, Profile
from vitograph.resolver.scoring.device import score_device
from vitograph.resolver.scoring.parameters import Model

COOKIE = "cookie:c1"
LONG_AGO = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)


def device(person: Any, *said: str | None, **more: Any) -> Profile:
    profile: Profile = person("d", *(said or (None, None, None)), COOKIE, kind=PersonKind.DEVICE, **more)
    return profile


def held_by(town: Any, holders: int, status: IdentifierStatus = IdentifierStatus.EXCLUSIVE) -> Any:
    return town(uses={COOKIE: IdentifierUse(status, holders)})


def test_the_only_known_user_of_a_device_is_likely_its_visitor(person: Any, town: Any, model: Model) -> None:
    found = score_device(
        person("a", "maria", "schmidt", None, COOKIE, count=4), device(person), held_by(town, 1), model
    )
    assert found.p_same > 0.8
    assert math.fsum(row.bits_household for row in found.evidence) == found.bits_household


def test_use_and_nearness_in_time_speak_for_a_person(person: Any, town: Any, model: Model) -> None:
    def chance(**more: Any) -> float:
        known = person("a", "maria", "schmidt", None, COOKIE, **more)
        return score_device(known, device(person), held_by(town, 1), model).p_same

    assert chance(count=8) > chance(count=1) > chance(count=1, seen=LONG_AGO)


def test_of_several_users_each_uses_the_device_often(person: Any, town: Any, model: Model) -> None:
    def chance(count: int, status: IdentifierStatus) -> float:
        known = person("a", "maria", "schmidt", None, COOKIE, count=count)
        return score_device(known, device(person), held_by(town, 2, status), model).p_same

    assert chance(8, IdentifierStatus.SUSPECTED) == chance(1, IdentifierStatus.SUSPECTED)
    assert chance(8, IdentifierStatus.EXCLUSIVE) > chance(1, IdentifierStatus.EXCLUSIVE)


def test_a_kiosk_belongs_to_nobody(person: Any, town: Any, model: Model) -> None:
    known = person("a", "maria", "schmidt", None, COOKIE)
    assert score_device(known, device(person), held_by(town, 50), model).p_same < 0.1
    assert score_device(known, device(person), held_by(town, 1, IdentifierStatus.SHARED), model).p_same < 0.01


def test_a_family_tablet_is_not_decided_by_the_cookie(person: Any, town: Any, model: Model) -> None:
    known = person("a", "maria", "schmidt", None, COOKIE)
    family = score_device(known, device(person), held_by(town, 3, IdentifierStatus.SUSPECTED), model)
    accounts = score_device(known, device(person), held_by(town, 3), model)
    assert family.p_same < 0.6 < accounts.p_same, "several accounts that nothing tells apart are mostly one person's"


def test_another_name_stated_on_the_device_speaks_against(person: Any, town: Any, model: Model) -> None:
    known = person("a", "maria", "schmidt", None, COOKIE, count=4)
    named = device(person, "peter", "schmidt", None)
    assert score_device(known, named, held_by(town, 1), model).p_same < 0.5


def test_without_a_shared_identifier_there_is_nothing(person: Any, town: Any, model: Model) -> None:
    found = score_device(person("a", "maria"), device(person), held_by(town, 1), model)
    assert found.p_same < 1e-5
    assert found.band == "-"


def test_a_session_of_ones_own_on_a_kiosk_does_not_bring_its_history(person: Any, town: Any, model: Model) -> None:
    """What most know of the device decides, not what only one does."""
    known = person("a", "maria", "schmidt", None, COOKIE, "session:s1")
    kiosk = person("d", None, None, None, COOKIE, *(f"session:s{n}" for n in range(1, 9)), kind=PersonKind.DEVICE)
    uses = {"session:s1": IdentifierUse(IdentifierStatus.EXCLUSIVE, 1)}
    shared = town(uses={**uses, COOKIE: IdentifierUse(IdentifierStatus.SHARED, 8)})
    assert score_device(known, kiosk, shared, model).p_same < 1e-5
    tablet = town(uses={**uses, COOKIE: IdentifierUse(IdentifierStatus.SUSPECTED, 4)})
    assert score_device(known, kiosk, tablet, model).p_same < 0.6


def test_the_more_of_its_sessions_became_theirs_the_likelier_it_is_theirs(person: Any, town: Any, model: Model) -> None:
    def chance(sessions: int) -> float:
        known = person("a", None, None, None, COOKIE, *(f"session:s{n}" for n in range(sessions)))
        visitor = person("d", None, None, None, COOKIE, *(f"session:s{n}" for n in range(4)), kind=PersonKind.DEVICE)
        return score_device(
            known, visitor, town(uses={COOKIE: IdentifierUse(IdentifierStatus.SUSPECTED, 2)}), model
        ).p_same

    assert chance(0) < chance(1) < chance(2) < chance(4)
