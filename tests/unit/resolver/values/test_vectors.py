"""Public vectors of phone numbers and e-mail addresses, where they are at hand."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest

from vitograph.resolver.model import Identifier, IdentifierKind
from vitograph.resolver.values.denylist import is_role_mailbox
from vitograph.resolver.values.normalize import identifier

SHARED = Path(os.environ.get("VITO_SHARED_DATA") or Path(__file__).parents[4].parent / "shared" / "data")


def rows(name: str) -> list[dict[str, str]]:
    path = SHARED / "vectors" / name
    if not path.is_file():
        pytest.skip(f"{name} is not at hand; VITO_SHARED_DATA names the folder that holds vectors/")
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_written_form_of_a_number_gives_its_e164() -> None:
    wrong = []
    for row in rows("phone_examples.csv"):
        try:
            read = identifier("phone", row["input"], row["default_region"]).value
        except ValueError as error:
            read = str(error)
        if read != row["e164"]:
            wrong.append((row["default_region"], row["form"], row["type"], row["input"], row["e164"], read))
    assert not wrong


def test_addresses_differ_from_the_provider_rules_by_design_only() -> None:
    """The vectors fold dots, tags and provider domains; ViTo takes the same addresses as valid and folds none of it."""
    for row in rows("email_normalize_validatorjs.csv"):
        sent = row["input"]
        try:
            read = identifier("email", sent).value
        except ValueError:
            assert not row["expected"] or '"' in sent or ".." in sent or not sent.isascii(), row
            continue
        assert read.partition("@")[0] == sent.strip().partition("@")[0].lower()


def test_known_role_mailboxes_are_mostly_known_here() -> None:
    """Our own list is shorter than a mail-verifier's on purpose; it covers the words that people really write to."""
    listed = {row["local_part"] for row in rows("role_mailboxes.csv")}
    for local in ("info", "support", "sales", "admin", "office", "contact", "billing", "hr", "press", "webmaster"):
        assert local in listed
        assert is_role_mailbox(Identifier(IdentifierKind.EMAIL, f"{local}@shop.com"))
