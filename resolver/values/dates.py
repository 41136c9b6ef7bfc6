"""Birth dates in the channel's own words become ISO 8601, or are refused where two readings are possible."""

from __future__ import annotations

import datetime as dt
import re
import time
import unicodedata
from collections.abc import Iterable, Iterator

USE_ISO = "use YYYY-MM-DD"
"""How the sentences end that ask for a form with one reading."""

EARLIEST = 1850
"""No living person, and hardly a customer record, is older (years)."""

_PLACEHOLDERS = frozenset({"1900-01-01", "1901-01-01", "1899-12-30", "1899-12-31", "1970-01-01"})
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene januar janvier janv jänner",
            "february feb febrero februar février fevrier fev fév",
            "march mar marzo märz maerz mrz mär mars",
            "april apr abril abr avril avr",
            "may mayo mai",
            "june jun junio juni juin",
            "july jul julio juli juillet juil",
            "august aug agosto ago août aout",
            "september sep sept septiembre septembre",
            "october oct octubre oktober okt octobre",
            "november nov noviembre novembre",
            "december dec diciembre dic dezember dez décembre déc",
        ),
        start=1,
    )
    for name in names.split()
}
_TIME_OF_DAY = re.compile(r"(?<=\d)(?:T|\s+)[0-2]?\d:\d{2}.*$", re.DOTALL | re.IGNORECASE)
_ZONE = re.compile(r"(?:Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)$", re.IGNORECASE)
_PARTS = re.compile(r"\d+|[^\W\d_]+")
_SEPARATORS = re.compile(r"[\s,./\-_]*")
_ORDINALS = frozenset({"st", "nd", "rd", "th", "de", "del", "of", "er", "le"})
_WITNESSES = 3
_AGREEMENT = 0.9


class PlaceholderDate(ValueError):
    """The date is one that forms and spreadsheets fill in by themselves; it says nothing about a person."""


def parse_date(text: str, date_format: str | None = None, today: dt.date | None = None) -> str:
    """The date as YYYY-MM-DD.

    Only forms with a single plausible reading (1850 to tomorrow) are taken: 25/12/1990 is, 03/04/1990 is not, and no
    two-digit year is. `date_format` (strptime codes) settles both; a two-digit year is then the latest one not in the
    future, since these are birth dates. A text that does not follow the format is still read when it is unambiguous.
    A time of day is left out, but for one of a zone that is not midnight: 23:00 in UTC is the next day in Berlin.
    PlaceholderDate for 1900-01-01, 1970-01-01, 0000-00-00 and their like; ValueError with a sentence for the rest.
    """
    last = (today or dt.datetime.now(dt.UTC).date()) + dt.timedelta(days=1)
    whole = unicodedata.normalize("NFKC", text).strip()
    plain = _TIME_OF_DAY.sub("", whole)
    hour, zones = _ZONE.subn("", whole[len(plain) :])
    if zones and re.search("[1-9]", hour):
        raise ValueError("it is a time, and which day that is depends on the zone; write the day as YYYY-MM-DD")
    if not plain or len(plain) > 64:
        raise ValueError("it is empty or too long for a date")
    digits = re.sub(r"\D", "", plain)
    if len(digits) >= 6 and len(set(digits)) == 1:
        raise PlaceholderDate("the date is a placeholder")
    readings = set(_by_format(plain, date_format, last)) or {day for day in _readings(plain, date_format, last) if day}
    if len(readings) > 1:
        raise ValueError(f"it can be read as more than one date; {USE_ISO}")
    if not readings and re.search(r"\d", plain) and not re.search(r"\d{3}", plain):
        raise ValueError(f"a year of two digits can be two years; {USE_ISO}")
    if not readings:
        raise ValueError(f"it is not a date ViTo can read, or not a plausible one; {USE_ISO}")
    iso = readings.pop().isoformat()
    if iso in _PLACEHOLDERS:
        raise PlaceholderDate("the date is a placeholder")
    return iso


def column_format(texts: Iterable[str]) -> str | None:
    """The date format that a whole column shows, or None: of the values that can be read one way only, at least three
    and nine in ten put the day (or the month) first. One such value alone proves nothing about its neighbours.
    """
    first = second = short = total = 0
    for text in texts:
        parts = re.fullmatch(r"\s*(\d{1,2})([./-])(\d{1,2})\2(\d{2}|\d{4})(?:\D.*)?", text, re.DOTALL)
        if parts is None:
            continue
        total += 1
        short += len(parts[4]) == 2
        first += int(parts[1]) > 12 >= int(parts[3])
        second += int(parts[3]) > 12 >= int(parts[1])
    witnesses = max(first, second)
    if witnesses < _WITNESSES or witnesses < _AGREEMENT * (first + second):
        return None
    year = "%y" if short > total / 2 else "%Y"
    return f"%d/%m/{year}" if first > second else f"%m/%d/{year}"


def _by_format(text: str, date_format: str | None, last: dt.date) -> Iterator[dt.date]:
    """The date in exactly the given format, when it is plausible."""
    if not date_format:
        return
    try:
        year, month, day = time.strptime(text, date_format)[:3]
    except (ValueError, re.error):
        return
    if "%y" in date_format and (year, month, day) > (last.year, last.month, last.day):
        year -= 100
    if date := _on(year, month, day, last):
        yield date


def _readings(text: str, date_format: str | None, last: dt.date) -> Iterator[dt.date | None]:
    """Every reading of the text as year, month and day."""
    if _SEPARATORS.sub("", _PARTS.sub("", text)):
        return
    parts = [part for part in _PARTS.findall(text.casefold()) if part not in _ORDINALS]
    if len(parts) == 1 and re.fullmatch(r"\d{8}", parts[0]):
        only = parts[0]
        yield _on(int(only[:4]), int(only[4:6]), int(only[6:]), last)
        parts = [only[:2], only[2:4], only[4:]]
    if len(parts) != 3:
        return
    named = [index for index, part in enumerate(parts) if part in _MONTHS]
    if len(named) == 1 and named[0] < 2:
        month = _MONTHS[parts.pop(named[0])]
        if all(part.isdecimal() for part in parts):
            yield _on(_year(parts[1], date_format, last), month, int(parts[0]), last)
            yield _on(_year(parts[0], None, last), month, int(parts[1]), last)
    elif all(part.isdecimal() for part in parts):
        yield from _numeric(parts, date_format, last)


def _numeric(parts: list[str], date_format: str | None, last: dt.date) -> Iterator[dt.date | None]:
    """Three numbers: year first when it has four digits; else day and month in the format's order, or in either."""
    a, b, c = (int(part) for part in parts)
    if len(parts[0]) == 4:
        yield _on(a, b, c, last)
        return
    year = _year(parts[2], date_format, last)
    if leading := re.search("%[dmbB]", date_format or ""):
        day, month = (a, b) if leading[0] == "%d" else (b, a)
        if settled := _on(year, month, day, last):
            yield settled
            return
    yield _on(year, b, a, last)
    yield _on(year, a, b, last)


def _year(part: str, date_format: str | None, last: dt.date) -> int:
    """The year of four digits, or of two where the format says `%y`; else one that no date has."""
    if len(part) == 4:
        return int(part)
    if len(part) > 2 or "%y" not in (date_format or ""):
        return 0
    year = last.year - last.year % 100 + int(part)
    return year if year <= last.year else year - 100


def _on(year: int, month: int, day: int, last: dt.date) -> dt.date | None:
    if year < EARLIEST:
        return None
    try:
        date = dt.date(year, month, day)
    except (ValueError, OverflowError):
        return None
    return date if date <= last else None
