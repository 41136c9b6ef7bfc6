"""Rows of import fields -> profiles: the one place where raw values are normalised for the harness."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping

from vitograph.resolver.model import Address, Assurance, Held, Identifier, IdentifierKind, PersonKind, Profile

SEEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
_NUMBERS = re.compile(r"\d+")
_MONTH_FIRST = re.compile(r"^(\d{1,2})/(\d{1,2})/(\d{2,4})$")


def profile_of(record: str, fields: Mapping[str, str]) -> Profile:
    """The profile of one row, as one view that stated its fields once."""
    values = {field: normal for field, raw in fields.items() if (normal := text(raw))}
    given, family, full = values.get("given_name"), values.get("family_name"), values.get("full_name")
    born = date(fields["date_of_birth"]) if "date_of_birth" in fields else None
    address = Address(*(values.get(part) for part in ("street", "city", "region", "postal_code", "country")))
    gender = gender_of(values.get("gender"))
    held = [
        *_held(IdentifierKind.EMAIL, email(fields.get("email"))),
        *_held(IdentifierKind.PHONE, phone(fields.get("phone"))),
    ]
    return Profile(
        view_id=record,
        kind=PersonKind.KNOWN,
        given_names=(given,) if given else (),
        family_names=(family,) if family else (),
        full_names=(full,) if full else (),
        names=((given, family),) if given and family else (),
        birth_dates=(born,) if born else (),
        genders=(gender,) if gender else (),
        addresses=(address,) if address != Address() else (),
        identifiers={one.identifier.key: one for one in held},
    )


def text(raw: str) -> str | None:
    """NFKC, case-folded, single spaces; None when nothing but signs is left."""
    folded = " ".join(unicodedata.normalize("NFKC", raw).casefold().split())
    return folded if any(sign.isalnum() for sign in folded) else None


def date(raw: str) -> str | None:
    """ISO 8601. Month and day change places when only that makes a date; None when nothing does."""
    month_first = _MONTH_FIRST.match(raw.strip())
    if month_first:
        month, day, year = (int(part) for part in month_first.groups())
        return _valid(year + (1900 if year < 100 else 0), month, day)
    digits = raw.strip()
    if re.fullmatch(r"\d{8}", digits):
        return _valid(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    parts = [int(part) for part in _NUMBERS.findall(raw)]
    return _valid(*parts) if len(parts) == 3 else None


def _valid(year: int, month: int, day: int) -> str | None:
    for one, other in ((month, day), (day, month)):
        try:
            return dt.date(year, one, other).isoformat()
        except ValueError:
            continue
    return None


def gender_of(raw: str | None) -> str | None:
    return raw[0] if raw and raw[0] in "fm" else None


def email(raw: str | None) -> str | None:
    address = (raw or "").strip().casefold()
    local, at, domain = address.partition("@")
    return address if local and at and "." in domain else None


def phone(raw: str | None) -> str | None:
    digits = "".join(_NUMBERS.findall((raw or "").casefold().partition("x")[0]))
    return digits if len(digits) >= 7 else None


def _held(kind: IdentifierKind, value: str | None) -> list[Held]:
    return [Held(Identifier(kind, value), Assurance.ASSERTED, SEEN, SEEN)] if value else []
