"""Which columns of a CSV file hold which import field: said by hand, or told by their names."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.model import Assurance, IdentifierKind
from vitograph.resolver.values.dates import column_format
from vitograph.resolver.values.normalize import TRAIT_FIELDS, country

IDENTIFIER_FIELDS = ("email", "phone", "cookie", "session")
IMPORT_FIELDS = (*TRAIT_FIELDS, *IDENTIFIER_FIELDS, "occurred_at")

_SYNONYMS: Mapping[str, str] = {
    "given_name": "givenname given firstname first fname forename vorname nombre nombres prenom",
    "family_name": "familyname family lastname last lname surname nachname apellido apellidos nom",
    "full_name": "fullname name displayname customername personname contactname clientname patientname",
    "date_of_birth": "dateofbirth birthdate dob birthday birthdt geburtsdatum fechanacimiento fechadenacimiento",
    "gender": "gender sex geschlecht sexo",
    "street": "street streetaddress streetname address address1 addressline1 addressline addr addr1 line line1 strasse",
    "city": "city cityname town suburb locality ort stadt ciudad municipality ville",
    "region": "region state statecode stateprovince province county bundesland provincia",
    "postal_code": "postalcode postcode zip zipcode plz codigopostal cp codepostal pincode",
    "country": "country countrycode countryname land pais pays",
    "email": "email emailaddress emailaddr emailid mail email1 email2 primaryemail workemail personalemail correo",
    "phone": "phone phonenumber phoneno phone1 phone2 telephone telephonenumber tel telno mobile mobilephone "
    "mobilenumber cell cellphone homephone workphone phonehome phonework phonemobile telefon telefono handy",
    "cookie": "cookie cookieid",
    "session": "session sessionid",
    "occurred_at": "occurredat",
}
_HOUSE_NUMBERS = frozenset({"streetnumber", "streetno", "housenumber", "houseno", "hausnummer"})
_FIELD_OF = {
    synonym: (name, rank) for name, synonyms in _SYNONYMS.items() for rank, synonym in enumerate(synonyms.split())
}
_DELIMITERS = ",;\t|"
REPORT = ("line", "reason")
"""Columns of FILE.rejected.csv before those of the file itself: they say nothing about anybody."""
_SAMPLE = 100
_SOURCE = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True, slots=True)
class Options:
    """What `vito import` was told. InvalidInput where it makes no sense.

    `mapping` names the columns of a field; several columns of one trait are joined with spaces in the order given (a
    house number and a street; year, month and day), several of one identifier are an identifier each.
    """

    source: str
    id_column: str
    mapping: Mapping[str, Sequence[str]] = field(default_factory=dict)
    assurance: Mapping[IdentifierKind, Assurance] = field(default_factory=dict)
    date_format: str | None = None
    region: str | None = None

    def __post_init__(self) -> None:
        faults = []
        if not _SOURCE.fullmatch(self.source):
            faults.append(Fault("/source", "it must be 1 to 64 letters, digits, dots, dashes and underscores"))
        for name in self.mapping:
            if name not in IMPORT_FIELDS:
                faults.append(Fault(f"/map/{name}", f"there is no such field; known are {', '.join(IMPORT_FIELDS)}"))
        if self.region is not None:
            try:
                country(self.region)
            except ValueError as error:
                faults.append(Fault("/region", str(error)))
        if faults:
            raise InvalidInput(faults)


@dataclass(frozen=True, slots=True)
class Plan:
    """How a file will be read, found by one pass over it before anything is imported.

    `columns` maps a field to column indices, `guessed` names the fields that were told by their names, `rows` counts
    the rows below the header (blank ones aside) and `date_format` is the given one, or the one that the column shows.
    """

    delimiter: str
    header: tuple[str, ...]
    id_index: int
    columns: Mapping[str, tuple[int, ...]]
    guessed: frozenset[str]
    date_format: str | None
    rows: int

    @property
    def unread(self) -> tuple[str, ...]:
        """The columns of the file that no field and no id is read from."""
        read = {self.id_index, *range(reported(self.header)), *chain.from_iterable(self.columns.values())}
        return tuple(column for index, column in enumerate(self.header) if column and index not in read)


def plan(path: Path, options: Options) -> Plan:
    """The plan for a file. InvalidInput when it is not UTF-8, has no header, or lacks a column that was named; and when
    it is none that can be read again, as a pipe.
    """
    if not path.is_file():
        raise InvalidInput(
            [Fault("", f"{path.name} can be read only once, and is read twice: write it to a file first")]
        )
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = list(islice(file, _SAMPLE))
        delimiter = _delimiter(sample, options.id_column)
        header = tuple(cell.strip() for cell in _header(sample, delimiter))
        id_index = _index(header, options.id_column, "/id-column")
        by_hand = _by_hand(header, options.mapping)
        taken = {id_index, *range(reported(header)), *(index for group in by_hand.values() for index in group)}
        guessed = _guess(header, set(by_hand), taken)
        columns = {**guessed, **by_hand}
        dates = _Counted(_dates(path, delimiter, columns.get("date_of_birth", ())))
        shown = column_format(dates)
    except UnicodeDecodeError as error:
        detail = f"{path.name} is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8 first"
        raise InvalidInput([Fault("", detail)]) from None
    return Plan(delimiter, header, id_index, columns, frozenset(guessed), options.date_format or shown, dates.count)


def reported(header: Sequence[str]) -> int:
    """How many of its first columns are of REPORT, as in a file of rejected rows that was mended."""
    return len(REPORT) if tuple(header[: len(REPORT)]) == REPORT else 0


def records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Every row below the header that is not blank, with the line it begins on (the header is on line 1)."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, cells in _tolerant(file, delimiter):
            if line > 1 and (isinstance(cells, csv.Error) or any(cell.strip() for cell in cells)):
                yield line, cells


def _tolerant(lines: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Rows with their first lines; the error itself in place of a row that has one: a cell longer than 128 KiB, a quote
    that nothing closes, text behind one that closes. Only the line on which such a row begins is lost: a stray quote
    would take all that follows with it.
    """
    source = _Again(lines)
    line = 1
    while True:
        reader = csv.reader(source, delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                yield line, cells
                line += source.taken()
            return
        except csv.Error as error:
            yield line, _without_blanks(source.go_back(), delimiter) or error
            line += 1


def _without_blanks(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line of which only blanks between a closing quote and a delimiter are wrong; None of another."""
    mended = re.sub(rf'"[ \t]+(?={re.escape(delimiter)}|[\r\n]|$)', '"', line)
    try:
        return next(csv.reader([mended], delimiter=delimiter, strict=True), None) if mended != line else None
    except csv.Error:
        return None


class _Again:
    """Lines, those of the row that is being read kept: a cell ends after 128 KiB, so an open quote keeps no more."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._ahead: deque[str] = deque()
        self._row: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._ahead.popleft() if self._ahead else next(self._lines)
        self._row.append(line)
        return line

    def taken(self) -> int:
        """The number of lines of the row that has been read."""
        count = len(self._row)
        self._row = []
        return count

    def go_back(self) -> str:
        """To the second line of the row that could not be read; its first."""
        first, *others = self._row
        self._ahead.extendleft(reversed(others))
        self._row = []
        return first


class _Counted:
    """Passes texts on and counts them."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.count = 0
        self._texts = texts

    def __iter__(self) -> Iterator[str]:
        for text in self._texts:
            self.count += 1
            yield text


def _dates(path: Path, delimiter: str, columns: Sequence[int]) -> Iterator[str]:
    """The birth date of every row, '' where there is none."""
    for _, cells in records(path, delimiter):
        if isinstance(cells, csv.Error) or max(columns, default=0) >= len(cells):
            yield ""
        else:
            yield " ".join(cells[index] for index in columns)


def _header(sample: Sequence[str], delimiter: str) -> list[str]:
    first = next((cells for _, cells in _tolerant(sample, delimiter)), [])
    return first if isinstance(first, list) else []


def _delimiter(sample: Sequence[str], id_column: str) -> str:
    """The delimiter by which the header has the id column, then the most rows as many cells as the header."""

    def fit(delimiter: str) -> tuple[bool, int, int]:
        rows = [row for _, row in _tolerant(sample, delimiter) if isinstance(row, list) and row]
        width = len(rows[0]) if rows else 0
        named = any(_plain(cell) == _plain(id_column) for cell in rows[0]) if rows else False
        return named, sum(len(row) == width for row in rows) if width > 1 else 0, width

    return max(_DELIMITERS, key=fit)


def _by_hand(header: Sequence[str], mapping: Mapping[str, Sequence[str]]) -> dict[str, tuple[int, ...]]:
    return {
        name: tuple(_index(header, column, f"/map/{name}") for column in columns)
        for name, columns in mapping.items()
        if columns
    }


def _guess(header: Sequence[str], settled: set[str], taken: set[int]) -> dict[str, tuple[int, ...]]:
    """Fields told by the names of columns that nobody spoke for. An identifier has all columns that fit, a trait the
    one that fits best (state before county), a street the house number as well.
    """
    fitting: dict[str, list[tuple[int, int]]] = {}
    house_number: tuple[int, ...] = ()
    for index, column in enumerate(header):
        if index in taken:
            continue
        name, rank = _FIELD_OF.get(_plain(column), ("", 0))
        if name and name not in settled:
            fitting.setdefault(name, []).append((rank, index))
        elif not house_number and _plain(column) in _HOUSE_NUMBERS:
            house_number = (index,)
    found = {
        name: tuple(index for _, index in fits) if name in IDENTIFIER_FIELDS else (min(fits)[1],)
        for name, fits in fitting.items()
    }
    if "street" in found:
        found["street"] = tuple(sorted(found["street"] + house_number))
    return found


def _index(header: Sequence[str], column: str, pointer: str) -> int:
    """The column of exactly this name, else of this name but for case, spaces and punctuation."""
    for spelling in (str, _plain):
        for index, cell in enumerate(header):
            if spelling(cell) == spelling(column):
                return index
    raise InvalidInput([Fault(pointer, f"there is no column {column!r}; there are {', '.join(header) or 'none'}")])


def _plain(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())
