"""A CSV file becomes observations: rows are lost only when nothing can be made of them, values only when unreadable."""

from __future__ import annotations

import csv
import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vitograph.ingest.csv_import import Options, Rejected, Row, Summary, plan, read
from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.model import Assurance, IdentifierKind, Observation

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.csv"


def imported(file: Path, text: str | bytes, **options: Any) -> list[Row]:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read(file, Options("crm", options.pop("id_column", "id"), **options), received_at=NOW))


def only(rows: Sequence[Row]) -> Observation:
    (row,) = rows
    assert row.observation is not None, row.reason
    return row.observation


def keys(observation: Observation) -> Mapping[str, Assurance]:
    return {carried.identifier.key: carried.assurance for carried in observation.carried}


def test_a_row_is_an_observation_of_its_own_person(file: Path) -> None:
    observation = only(
        imported(
            file,
            "ID,First Name,Surname,DOB,E-Mail,Phone Number,Street Number,Address 1,Post Code,cookie,plan\n"
            "7,Maria,Lopez,1990-03-02,Maria@Example.com,(415) 555-0132,12,Main St,94 110,c-1,gold\n",
            region="us",
        )
    )
    assert keys(observation) == {
        "user_id:crm:7": Assurance.VERIFIED,
        "email:maria@example.com": Assurance.ASSERTED,
        "phone:+14155550132": Assurance.ASSERTED,
        "cookie:c-1": Assurance.OBSERVED,
    }
    assert observation.traits.date_of_birth == "1990-03-02"
    assert observation.traits.address
    assert (observation.traits.address.street, observation.traits.address.postal_code) == ("12 main st", "94110")
    assert (observation.channel, observation.event.type) == ("import", "person.imported")
    assert observation.id.startswith("import:crm:7:")
    assert observation.occurred_at == NOW
    assert "gold" not in repr(observation)


def test_assurance_can_be_told_by_kind(file: Path) -> None:
    told = {IdentifierKind.EMAIL: Assurance.VERIFIED, IdentifierKind.USER_ID: Assurance.ASSERTED}
    observation = only(imported(file, "id,email\n7,m@example.com\n", assurance=told))
    assert keys(observation) == {"user_id:crm:7": Assurance.ASSERTED, "email:m@example.com": Assurance.VERIFIED}


def test_a_date_that_needs_a_format_is_told_the_option(file: Path) -> None:
    [row] = imported(file, "id,email,birthday\n7,m@example.com,4.5.1971\n")
    [left] = row.unread
    assert left.reason == "it can be read as more than one date; use YYYY-MM-DD or give --date-format"


def test_a_column_that_nothing_is_read_from_is_known(file: Path) -> None:
    file.write_text("line,reason,id,first_name,Geburt,phone,mobile\n")
    assert plan(file, Options("crm", "id")).unread == ("Geburt",)
    assert plan(file, Options("crm", "id", {"date_of_birth": ["Geburt"]})).unread == ()


def test_a_field_mapped_by_hand_is_not_guessed_and_its_columns_are_joined(file: Path) -> None:
    text = "id,name,first_name,by,bm,bd,email\n1,A,Maria,1990,3,2,m@example.com\n"
    options = {"mapping": {"given_name": ["name"], "date_of_birth": ["by", "bm", "BD"]}}
    observation = only(imported(file, text, **options))
    assert observation.stated == {"given_name": "A", "date_of_birth": "1990 3 2"}
    assert observation.traits.date_of_birth == "1990-03-02"


def test_the_column_that_fits_best_is_the_trait(file: Path) -> None:
    observation = only(imported(file, "id,county,state,address_2,address_1,hausnummer\n1,Kings,NY,Apt 4,Main St,12\n"))
    assert observation.stated == {"region": "NY", "street": "Main St 12"}


def test_several_columns_and_several_values_in_a_cell_are_several_identifiers(file: Path) -> None:
    text = 'id,email,work_email,phone\n1,"a@example.com; b@example.com",c@example.com,+14155550132 / +14155550133\n'
    assert list(keys(only(imported(file, text))))[1:] == [
        "email:a@example.com", "email:b@example.com", "email:c@example.com", "phone:+14155550132", "phone:+14155550133",
    ]  # fmt: skip


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_delimiters_line_endings_and_byte_order_marks_are_told(
    file: Path, delimiter: str, ending: str, mark: str
) -> None:
    rows = [["id", "email", "city"], ["1", "m@example.com", "New York, NY"], ["2", "n@example.com", "Berlin; Mitte"]]
    text = mark + ending.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows) + ending
    found = imported(file, text)
    assert [row.line for row in found] == [2, 3]
    assert all(row.observation for row in found)


def test_a_quoted_cell_may_hold_line_breaks(file: Path) -> None:
    rows = imported(file, 'id,street,email\n1,"12 Main St\nApt 4",a@example.com\n\n2,x,b@example.com\n')
    assert [row.line for row in rows] == [2, 5]
    assert rows[0].observation
    assert rows[0].observation.traits.address
    assert rows[0].observation.traits.address.street == "12 main st apt 4"


@pytest.mark.parametrize(
    "bad", ['1,"Ann,a@example.com', '1,a@example.com,"Ann', '1,"An"n,a@example.com', '1,"Ann', '"'], ids=repr
)
def test_a_stray_quote_loses_its_own_line_and_no_other(file: Path, bad: str) -> None:
    people = [f'{n},"Joe\nAnn {n}",a{n}@example.com' for n in range(2, 600)]
    text = "\n".join(["id,name,email", bad, *people]) + "\n"
    first, *others = imported(file, text)
    assert (first.line, first.observation) == (2, None)
    assert "the line cannot be read" in (first.reason or "")
    assert [row.line for row in others] == list(range(3, 3 + 2 * len(others), 2))
    assert [row.cells[0] for row in others if row.observation] == [str(n) for n in range(2, 600)]
    assert plan(file, Options("crm", "id")).rows == 1 + len(others)


def test_blanks_behind_a_closing_quote_are_nothing(file: Path) -> None:
    text = 'id,name,email\n1,"Maria" ,"m@example.com" \n2,"Ann" x,a@example.com\n3,Bo,b@example.com\n'
    rows = imported(file, text)
    assert rows[0].cells == ("1", "Maria", "m@example.com")
    assert [bool(row.observation) for row in rows] == [True, False, True]


def test_quotes_within_a_cell_are_text(file: Path) -> None:
    (row,) = imported(file, 'id,full_name,email\n1,Joe "T" Doe,a@example.com\n')
    assert row.cells[1] == 'Joe "T" Doe'


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",Maria,m@example.com", "no id"),
        ("  ,Maria,m@example.com", "no id"),
        ("null,Maria,m@example.com", "no id"),
        ("1,Maria,m@example.com", "that of line 2"),
        ("2,Maria", "2 cells"),
        ("2,Maria,m@example.com,x", "4 cells"),
        ("2,,", "nothing but its id"),
        ("2,N/A,not an address", "nothing but its id"),
        ("2\x00,Maria,m@example.com", "NUL"),
        ("x" * 513 + ",Maria,m@example.com", "512 characters"),
        ("x" * 200_000 + ",Maria,m@example.com", "cannot be read"),
    ],
)
def test_a_row_that_says_nothing_about_anybody_is_rejected(file: Path, row: str, reason: str) -> None:
    first, second = imported(file, f"id,given_name,email\n1,Ann,a@example.com\n{row}\n")
    assert first.observation
    assert second.observation is None
    assert reason in (second.reason or "")


@pytest.mark.parametrize("id", ["0", "00", "1.0", "ä b", "a:b", "x" * 400, "{1}x"])
def test_any_other_id_is_an_id(file: Path, id: str) -> None:
    observation = only(imported(file, f"id,email\n{id},a@example.com\n"))
    assert f"user_id:crm:{id}" in keys(observation)
    assert len(observation.id) <= 128


@pytest.mark.parametrize(
    ("column", "value", "field"),
    [("email", "maria(at)example.com", "email"), ("phone", "555-0132", "phone"), ("dob", "31/04/1990", "date_of_birth"),
     ("dob", "03/04/1990", "date_of_birth"), ("city", "x" * 300, "city"), ("cookie", "a\x00b", "cookie"),
     ("occurred_at", "last week", "occurred_at"), ("occurred_at", "2199-01-01T00:00:00+00:00", "occurred_at")],
)  # fmt: skip
def test_an_unreadable_value_does_not_sink_its_row_and_its_raw_text_is_kept(
    file: Path, column: str, value: str, field: str
) -> None:
    (row,) = imported(file, f"id,first_name,{column}\n1,Maria,{value}\n", region="US")
    assert row.observation
    assert row.observation.traits.given_name == "maria"
    assert [left.field for left in row.unread] == [field]
    assert row.observation.event.properties == {"unread": {field: value.replace("\0", "\ufffd")[:256]}}


def test_several_unreadable_values_leave_the_right_ones(file: Path) -> None:
    text = "id,email,email2,phone,mobile,dob\n1,bad,good@example.com,worse,+14155550132,never\n"
    (row,) = imported(file, text)
    assert row.observation
    assert list(keys(row.observation)) == ["user_id:crm:1", "email:good@example.com", "phone:+14155550132"]
    assert row.observation.event.properties["unread"] == {"email": "bad", "phone": "worse", "date_of_birth": "never"}


def test_a_placeholder_is_dropped_and_counted(file: Path) -> None:
    (row,) = imported(file, "id,first_name,city,email\n1,Maria,unknown,none@none.com\n")
    assert row.observation
    assert list(keys(row.observation)) == ["user_id:crm:1"]
    assert sorted(left.field for left in row.unread) == ["city", "email"]


def test_a_second_run_is_the_first_again_and_a_changed_row_is_new(file: Path) -> None:
    text = "id,first_name,email\n1,Maria,m@example.com\n2,Ann,a@example.com\n"
    first = [row.observation for row in imported(file, text)]
    again = list(read(file, Options("crm", "id"), received_at=NOW + dt.timedelta(days=1)))
    assert [(o.id, o.body_hash) for o in first if o] == [
        (row.observation.id, row.observation.body_hash) for row in again if row.observation
    ]
    changed = [row.observation for row in imported(file, text.replace("Ann", "Anna"))]
    assert [a and b and a.id == b.id for a, b in zip(first, changed, strict=True)] == [True, False]


def test_a_better_date_format_makes_a_new_observation(file: Path) -> None:
    text = "id,dob\n1,03/04/1990\n"
    read_as = {only(imported(file, text, date_format=form)).id for form in ("%d/%m/%Y", "%m/%d/%Y")}
    assert len(read_as) == 2


def test_a_column_of_dates_shows_its_own_order(file: Path) -> None:
    dates = ["03/04/1990", "25/12/1990", "26/12/1990", "27/12/1990"]
    rows = imported(file, "id,dob\n" + "".join(f"{n},{date}\n" for n, date in enumerate(dates)))
    assert rows[0].observation
    assert rows[0].observation.traits.date_of_birth == "1990-04-03"
    assert plan(file, Options("crm", "id")).date_format == "%d/%m/%Y"


def test_a_time_of_the_row_is_used(file: Path) -> None:
    text = "id,email,created\n1,a@example.com,2022-05-29 03:00:00\n"
    observation = only(imported(file, text, mapping={"occurred_at": ["created"]}))
    assert observation.occurred_at == dt.datetime(2022, 5, 29, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "options", "words"),
    [
        (b"id,email\n1,\xe9@example.com\n", {}, "not UTF-8"),
        ("id,email\n".encode("utf-16"), {}, "not UTF-8"),
        ("", {}, "no column 'id'"),
        ("a,b\n1,2\n", {}, "no column 'id'; there are a, b"),
        ("id,b\n1,2\n", {"mapping": {"email": ["mail"]}}, "no column 'mail'"),
        ("id,b\n1,2\n", {"mapping": {"shoe_size": ["b"]}}, "no such field"),
        ("id,b\n1,2\n", {"region": "ZZ"}, "country code"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_before_anything_is_imported(
    file: Path, text: str | bytes, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(InvalidInput, match=words):
        imported(file, text, **options)


def test_what_can_be_read_only_once_is_refused(file: Path) -> None:
    """It is read twice: a pipe would be empty by then, and an import of nothing end well."""
    os.mkfifo(file)
    with pytest.raises(InvalidInput, match="write it to a file first"):
        plan(file, Options("crm", "id"))


@pytest.mark.parametrize("source", ["", "a:b", "a b", "x" * 65])
def test_a_source_is_an_issuer(source: str) -> None:
    with pytest.raises(InvalidInput):
        Options(source, "id")


def test_rejected_rows_can_be_mended_and_imported(file: Path) -> None:
    summary = Summary()
    rows = imported(file, "id,email\n1,a@example.com\n,b@example.com\n1,c@example.com\n2,bad\n")
    with Rejected(file, ("id", "email")) as rejected:
        for row in rows:
            summary.add(row)
            if row.reason:
                rejected.write(row)
    assert (summary.accepted, rejected.count) == (1, 3)
    with rejected.path.open(encoding="utf-8", newline="") as written:
        again = list(csv.DictReader(written))
    assert [(row["line"], row["id"], row["email"]) for row in again] == [
        ("3", "", "b@example.com"), ("4", "1", "c@example.com"), ("5", "2", "bad"),
    ]  # fmt: skip
    assert rejected.path.name == "people.rejected.csv"
    again = list(read(rejected.path, Options("crm", "id"), received_at=NOW))
    assert [(row.reason is None, row.unread != ()) for row in again] == [(False, False), (True, False), (False, True)]
    assert all(row.observation.traits.address is None for row in again if row.observation), "a line is no street"
    with Rejected(rejected.path, plan(rejected.path, Options("crm", "id")).header) as twice:
        twice.write(again[2])
    assert twice.path.read_text().splitlines()[0] == "line,reason,id,email"
    with Rejected(file, ("id", "email")):
        assert not rejected.path.exists()
    assert not rejected.path.exists()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), min_size=1, max_size=6), max_size=6
    )
)
def test_any_table_is_read_to_its_end(file: Path, table: list[list[str]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as written:
        csv.writer(written, quoting=csv.QUOTE_ALL).writerows([["id", "email", "dob", "name"], *table])
    rows = list(read(file, Options("crm", "id"), received_at=NOW))
    assert all((row.observation is None) != (row.reason is None) for row in rows)
    assert len(rows) == sum(any(cell.strip() for cell in row) for row in table)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.binary(max_size=60))
def test_any_file_is_read_or_refused(file: Path, content: str | bytes) -> None:
    try:
        imported(file, b"id,email\n" + (content.encode() if isinstance(content, str) else content))
    except InvalidInput:
        return
