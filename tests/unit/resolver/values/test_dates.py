"""A birth date has one reading or none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.values.dates import PlaceholderDate, column_format, parse_date

TODAY = dt.date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("1990-03-02", "1990-03-02"),
        (" 1990/3/2 ", "1990-03-02"),
        ("1990.03.02", "1990-03-02"),
        ("1990 3 2", "1990-03-02"),
        ("19900302", "1990-03-02"),
        ("25121990", "1990-12-25"),
        ("1990-03-02T00:00:00Z", "1990-03-02"),
        ("1990-03-02 00:00:00.000", "1990-03-02"),
        ("1990-03-02T00:00:00+01:00", "1990-03-02"),
        ("1990-03-02 00:00:00+00", "1990-03-02"),
        ("1990-03-02 13:45", "1990-03-02"),
        ("3 March 1990", "1990-03-03"),
        ("March 3, 1990", "1990-03-03"),
        ("March 3rd, 1990", "1990-03-03"),
        ("3rd of March 1990", "1990-03-03"),
        ("03-Mar-1990", "1990-03-03"),
        ("1990 Mar 3", "1990-03-03"),
        ("3. März 1990", "1990-03-03"),
        ("3 de marzo de 1990", "1990-03-03"),
        ("25/12/1990", "1990-12-25"),
        ("12/25/1990", "1990-12-25"),
        ("25.12.1990", "1990-12-25"),
        ("3/3/1990", "1990-03-03"),
        ("2000-02-29", "2000-02-29"),
        ("2026-11-26", "2026-11-26"),
        ("\uff11990-03-02", "1990-03-02"),
    ],
)
def test_a_date_with_one_reading_is_taken(text: str, iso: str) -> None:
    assert parse_date(text, today=TODAY) == iso


@pytest.mark.parametrize("text", ["03/04/1990", "3.4.1990", "12-10-1990", "12101990"])
def test_a_date_with_two_readings_asks_for_another_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"use YYYY-MM-DD$"):
        parse_date(text, today=TODAY)


@pytest.mark.parametrize("text", ["1990-03-01T23:00:00.000Z", "1990-03-01 23:00:00+00", "1990-03-01T05:00:00+01:00"])
def test_a_time_of_a_zone_is_no_day_unless_it_is_midnight(text: str) -> None:
    with pytest.raises(ValueError, match="depends on the zone"):
        parse_date(text, today=TODAY)


@pytest.mark.parametrize("text", ["25/12/90", "17-May-90", "4/12/82", "90-03-02"])
def test_a_year_of_two_digits_asks_for_another_form(text: str) -> None:
    with pytest.raises(ValueError, match=r"use YYYY-MM-DD$"):
        parse_date(text, today=TODAY)


@pytest.mark.parametrize(
    "text",
    ["", "hello", "1990", "1990-13-01", "1990-02-30", "1849-12-31", "2026-11-27", "3 Brumaire 1990", "1/2/199",
     "1990-03-02; DROP", "99999999999999999999 March 1990", "x" * 10_000, "\x00", "\ud800", "²/3/1990", "31/11/1990"],
)  # fmt: skip
def test_what_is_no_plausible_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(it|a year|the date)"):
        parse_date(text, today=TODAY)


@pytest.mark.parametrize(
    "text", ["1900-01-01", "1970-01-01", "1/1/1900", "01/01/1970", "0000-00-00", "1111-11-11", "99999999", "11/11/1111"]
)
def test_a_placeholder_is_told_from_a_mistake(text: str) -> None:
    with pytest.raises(PlaceholderDate):
        parse_date(text, today=TODAY)


@pytest.mark.parametrize(
    ("text", "date_format", "iso"),
    [
        ("03/04/1990", "%d/%m/%Y", "1990-04-03"),
        ("03/04/1990", "%m/%d/%Y", "1990-03-04"),
        ("3-4-1990", "%m/%d/%Y", "1990-03-04"),
        ("4/12/82", "%m/%d/%y", "1982-04-12"),
        ("4/2/31", "%m/%d/%y", "1931-04-02"),
        ("1/1/26", "%m/%d/%y", "2026-01-01"),
        ("17-May-90", "%m/%d/%y", "1990-05-17"),
        ("20/8/1991", "%m/%d/%y", "1991-08-20"),
        ("1990-03-02", "%d/%m/%Y", "1990-03-02"),
        ("02 1990 03", "%d %Y %m", "1990-03-02"),
    ],
)
def test_a_format_settles_what_is_ambiguous_and_forbids_nothing_that_is_not(
    text: str, date_format: str, iso: str
) -> None:
    assert parse_date(text, date_format, TODAY) == iso


def test_a_column_shows_its_format_by_the_values_that_have_one_reading() -> None:
    assert column_format(["1/2/1990", "25/12/1990", "13/1/1980", "14/1/1980"]) == "%d/%m/%Y"
    assert column_format(["1/2/90", "12/25/90", "1/13/80", "1/14/80"]) == "%m/%d/%y"
    assert column_format(["1/2/1990", "25/12/1990"]) is None
    assert column_format(["25/12/1990", "13/1/1980", "14/1/1980", "1/14/1980", "1/15/1980"]) is None
    assert column_format(["1990-01-02"] * 10) is None


@given(
    st.dates(dt.date(1902, 1, 1), dt.date(2026, 1, 1)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d %B %Y", "%Y/%m/%d"])
)
def test_unambiguous_forms_come_back_as_the_date_they_were(date: dt.date, form: str) -> None:
    text = date.strftime(form)
    if date.isoformat() == "1970-01-01":
        return
    try:
        assert parse_date(text, today=TODAY) == date.isoformat()
    except PlaceholderDate:
        assert len(set(text)) == 1


@given(st.text(max_size=40), st.none() | st.text(max_size=10))
def test_any_text_is_a_date_or_a_value_error(text: str, date_format: str | None) -> None:
    try:
        iso = parse_date(text, date_format, TODAY)
    except ValueError:
        return
    assert parse_date(iso, None, TODAY) == iso
