"""People and populations, told in a sentence each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import pytest

from vitograph.resolver.model import (
    Address,
    Assurance,
    Held,
    Identifier,
    IdentifierStatus,
    IdentifierUse,
    PersonKind,
    Profile,
)
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import load_model

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
Person = Callable[..., Profile]


class AverageTown:
    """A million persons whose every value is as frequent as the published average, unless said otherwise."""

    def __init__(self, persons: int = 1_000_000, uses: Mapping[str, IdentifierUse] | None = None) -> None:
        self.persons = persons
        self.uses = dict(uses or {})
        self.stated: dict[tuple[str, str], int] = {}

    def frequency(self, field: str, value: str) -> int:
        shares = {"given_name": 0.0027, "family_name": 0.0006, "full_name": 6.4e-6, "date_of_birth": 6.3e-5}
        return self.stated.get((field, value), int(self.persons * shares.get(field, 0.0)) + 2)

    def use(self, key: str) -> IdentifierUse:
        return self.uses.get(key, IdentifierUse(IdentifierStatus.EXCLUSIVE, 2))


def _person(
    view_id: str = "a",
    given: str | None = None,
    family: str | None = None,
    born: str | None = None,
    *identifiers: str,
    address: Address | None = None,
    gender: str | None = None,
    full: str | None = None,
    verified: bool = False,
    kind: PersonKind = PersonKind.KNOWN,
    seen: dt.datetime = NOW,
    count: int = 1,
) -> Profile:
    assurance = Assurance.VERIFIED if verified else Assurance.ASSERTED
    held = {key: Held(Identifier.parse(key), assurance, seen, seen, count) for key in identifiers}
    return Profile(
        view_id=view_id,
        kind=kind,
        given_names=(given,) if given else (),
        family_names=(family,) if family else (),
        full_names=(full,) if full else (),
        names=((given, family),) if given and family else (),
        birth_dates=(born,) if born else (),
        genders=(gender,) if gender else (),
        addresses=(address,) if address else (),
        identifiers=held,
    )


@pytest.fixture(scope="session")
def person() -> Person:
    return _person


@pytest.fixture(scope="session")
def town() -> type[AverageTown]:
    return AverageTown


@pytest.fixture(scope="session")
def model() -> Model:
    return load_model()
