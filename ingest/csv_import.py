"""A CSV file read as observations, one row its own person, without holding the file in memory.

What becomes of a bad row, and why. A row is *rejected* when it cannot be told whose it is or what it says: no id, an id
that came before, too many or too few cells, a stray quote, or nothing readable beside the id. A *value* that cannot be
read (an e-mail address without an @, a phone number of no country, the 31st of April) does not sink its row: public and
customer data are full of them, and losing a person over a typo loses every link to them. Such a value is left out of
identifiers and traits, so that it is evidence of nothing; its raw text stays in the event's property `unread`, and it
is reported.

A second run adds nothing. An observation's id holds a hash of what was read from the row, so an unchanged row is a
replay, and a changed one (or one read with a better `--date-format`) is a new observation of the same `user_id`, hence
of the same person. Where no column gives `occurred_at` the body holds none, and the event happened when the file was
first imported: the truth as far as it is known, and a changed row is newer than what it changes.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

from vitograph.ingest.csv_columns import IDENTIFIER_FIELDS, REPORT, Options, Plan, plan, records, reported
from vitograph.ingest.observations import LONGEST_ID, default_assurance, parse
from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.model import Assurance, IdentifierKind, Observation
from vitograph.resolver.values.dates import USE_ISO
from vitograph.resolver.values.denylist import is_placeholder
from vitograph.resolver.values.normalize import TRAIT_FIELDS

CHANNEL = "import"
EVENT = "person.imported"
_LONGEST_UNREAD = 256
_SPREADSHEET_FRACTION = re.compile(r"\.0$")
_BETWEEN_ADDRESSES = re.compile(r"[;,|\s]+")
_BETWEEN_NUMBERS = re.compile(r"\s*[;|]\s*|\s+/\s+")


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that was left out of a row that was not."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: an observation, or the reason why it is rejected. `line` is where it begins; the header is line 1."""

    line: int
    cells: tuple[str, ...]
    observation: Observation | None = None
    reason: str | None = None
    unread: tuple[Unread, ...] = ()


def read(
    path: Path, options: Options, *, received_at: dt.datetime | None = None, planned: Plan | None = None
) -> Iterator[Row]:
    """Every row of the file in order. InvalidInput, before the first, when the file cannot be read as a whole."""
    layout = planned or plan(path, options)
    moment = received_at or dt.datetime.now(dt.UTC)
    first_seen: dict[str, int] = {}
    for line, cells in records(path, layout.delimiter):
        if isinstance(cells, csv.Error):
            yield Row(line, (), reason=f"the line cannot be read: {cells}")
            continue
        surplus = cells[len(layout.header) :]
        if len(cells) < len(layout.header) or any(cell.strip() for cell in surplus):
            reason = f"it has {len(cells)} cells where the header has {len(layout.header)}"
            yield Row(line, tuple(cells), reason=reason)
            continue
        id = cells[layout.id_index].strip()
        if id and (before := first_seen.setdefault(id, line)) != line:
            yield Row(line, tuple(cells), reason=f"its id is that of line {before}")
            continue
        yield _row(line, cells, id, layout, options, moment)


class Rejected:
    """Writes rejected rows to FILE.rejected.csv: `line`, `reason`, then the row's own cells, so that the mended file
    can be imported as it is. There is no file when nothing was rejected; one of an earlier run is removed.
    """

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path = path.with_name(f"{path.stem}.rejected.csv")
        self.count = 0
        self._own = slice(reported(header), None)
        self._header = header[self._own]
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file:
            self._file.close()

    def write(self, row: Row) -> None:
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow([*REPORT, *self._header])
        reason = row.reason or "imported without " + "; ".join(f"{left.field}: {left.reason}" for left in row.unread)
        csv.writer(self._file).writerow([row.line, reason, *row.cells[self._own]])
        self.count += 1


class Summary:
    """Counts of what became of rows and values, for the report at the end; reasons lose what differs by row."""

    def __init__(self) -> None:
        self.accepted = 0
        self.rejected: Counter[str] = Counter()
        self.unread: Counter[Unread] = Counter()

    def add(self, row: Row) -> None:
        self.unread.update(Unread(left.field, left.reason.partition(":")[0]) for left in row.unread)
        if row.reason is None:
            self.accepted += 1
        else:
            self.rejected[re.sub(r"\d+", "N", row.reason)] += 1


def _row(line: int, cells: Sequence[str], id: str, layout: Plan, options: Options, moment: dt.datetime) -> Row:
    if not id or is_placeholder(IdentifierKind.USER_ID, f"{options.source}:{id}"):
        return Row(line, tuple(cells), reason="it has no id")
    body, fields = _body(cells, id, layout, options)
    try:
        observation, unread = _parse_leniently(body, fields, layout.date_format, moment)
    except InvalidInput as refused:
        return Row(line, tuple(cells), reason="; ".join(fault.detail for fault in refused.faults))
    if len(observation.carried) < 2 and not observation.stated:
        return Row(line, tuple(cells), reason="nothing but its id could be read", unread=unread)
    return Row(line, tuple(cells), replace(observation, id=_id(observation, id, options.source)), None, unread)


def _body(cells: Sequence[str], id: str, layout: Plan, options: Options) -> tuple[dict[str, Any], list[str]]:
    """The row as an observation body, and the field of each of its identifiers."""
    body: dict[str, Any] = {"channel": CHANNEL, "identifiers": [], "traits": {}}
    fields: list[str] = []

    def carry(kind: IdentifierKind, value: str) -> None:
        assurance = options.assurance.get(kind) or (
            Assurance.VERIFIED if kind is IdentifierKind.USER_ID else default_assurance(kind)
        )
        region = {"region": options.region} if kind is IdentifierKind.PHONE and options.region else {}
        body["identifiers"].append({"kind": str(kind), "value": value, "assurance": assurance.label} | region)
        fields.append(str(kind))

    carry(IdentifierKind.USER_ID, f"{options.source}:{id}")
    for name, columns in layout.columns.items():
        texts = [text for column in columns if (text := cells[column].strip())]
        if name in IDENTIFIER_FIELDS:
            for value in _several(name, texts):
                carry(IdentifierKind(name), value)
        elif texts and name in TRAIT_FIELDS:
            body["traits"][name] = " ".join(texts)
        elif texts:
            body[name] = _moment(" ".join(texts))
    return body, fields


def _several(name: str, texts: Sequence[str]) -> list[str]:
    """The values in the cells of one identifier; a cell may list several e-mail addresses or phone numbers. The `.0` of
    a spreadsheet is no part of a number.
    """
    found: list[str] = []
    for text in texts:
        if name == "email" and text.count("@") > 1:
            found += _BETWEEN_ADDRESSES.split(text)
        elif name == "phone":
            found += (_SPREADSHEET_FRACTION.sub("", number) for number in _BETWEEN_NUMBERS.split(text))
        else:
            found.append(text)
    return [value for value in dict.fromkeys(found) if value]


def _moment(text: str) -> str:
    """An ISO date or time as RFC 3339; one without an offset is taken as UTC. Other texts come back as they are."""
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).isoformat()


def _parse_leniently(
    body: dict[str, Any], fields: list[str], date_format: str | None, moment: dt.datetime
) -> tuple[Observation, tuple[Unread, ...]]:
    """The observation without the values that cannot be read. InvalidInput when the id itself is one of them."""
    left_out: list[Unread] = []
    raw: dict[str, str] = {}
    while True:
        body["event"] = {"type": EVENT, "properties": {"unread": raw} if raw else {}}
        try:
            observation = parse(body, received_at=moment, default_region=None, date_format=date_format)
        except InvalidInput as refused:
            pointers = {fault.pointer.removesuffix("/value"): fault.detail for fault in refused.faults}
            for pointer in sorted(pointers, key=_place, reverse=True):
                name, text = _take_out(body, fields, pointer, refused)
                raw[name] = _storable(f"{raw[name]}; {text}" if name in raw else text)
                left_out.append(Unread(name, pointers[pointer].replace(USE_ISO, f"{USE_ISO} or give --date-format")))
            continue
        placeholders = (warning.partition(":")[0] for warning in observation.warnings)
        left_out.extend(Unread(_field(pointer, fields), "it is a placeholder") for pointer in placeholders)
        return observation, tuple(left_out)


def _take_out(body: dict[str, Any], fields: list[str], pointer: str, refused: InvalidInput) -> tuple[str, str]:
    """Take the value at the pointer out of the body; its field and its text."""
    match pointer.split("/"):
        case ["", "identifiers", index] if int(index) > 0:
            return fields.pop(int(index)), body["identifiers"].pop(int(index))["value"]
        case ["", "traits", name]:
            return name, body["traits"].pop(name)
        case ["", "occurred_at"]:
            return "occurred_at", body.pop("occurred_at")
        case _:
            raise refused


def _field(pointer: str, fields: Sequence[str]) -> str:
    _, group, name = pointer.split("/")
    return fields[int(name)] if group == "identifiers" else name


def _place(pointer: str) -> tuple[str, int]:
    """Sorts pointers so that, taken from the end, no removal shifts an index still to come."""
    group, _, last = pointer.rpartition("/")
    return group, int(last) if last.isdecimal() else 0


def _storable(text: str) -> str:
    return text.replace("\0", "\ufffd")[:_LONGEST_UNREAD]


def _id(observation: Observation, row_id: str, source: str) -> str:
    """`import:NAME:<row id>:<hash>`; a row id too long or not printable is replaced by its own hash."""
    read_as = f"{observation.body_hash}{observation.traits.date_of_birth}"
    content = hashlib.sha256(read_as.encode()).hexdigest()[:16]
    whole = f"{CHANNEL}:{source}:{row_id}:{content}"
    if len(whole) <= LONGEST_ID and whole.isprintable():
        return whole
    return f"{CHANNEL}:{source}:{hashlib.sha256(row_id.encode()).hexdigest()[:16]}:{content}"


__all__ = ["CHANNEL", "EVENT", "Options", "Plan", "Rejected", "Row", "Summary", "Unread", "plan", "read"]
