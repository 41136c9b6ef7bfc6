"""Values that prove nothing are blocked, in every spelling, and ordinary ones are not."""

from __future__ import annotations

import pytest

from vitograph.resolver.model import Identifier, IdentifierKind
from vitograph.resolver.values.denylist import is_blocked, is_placeholder, is_role_mailbox
from vitograph.resolver.values.normalize import identifier

OPAQUE = (IdentifierKind.USER_ID, IdentifierKind.SESSION, IdentifierKind.COOKIE)


@pytest.mark.parametrize("kind", OPAQUE)
@pytest.mark.parametrize(
    "value",
    ["0", "0000", "-", "\u2014", "...", "00000000-0000-0000-0000-000000000000", "null", "NULL", "None", "nil",
     "undefined",
     "NaN", "n/a", "N.A.", "anonymous", "Guest", "unknown", "test", "true",
     "False", "[object Object]", "object Object",
     '"null"', "'undefined'", '""', "`none`", "\u201cguest\u201d", "distinct_id", "user_id", "{{ user.id }}",
     "${userId}",
     "<user_id>", "%USER_ID%", "$user", "-1", "not_authenticated",
     "(not set)", "xxx", "  null  ", "\uff4e\uff55\uff4c\uff4c",
     "?", "#N/A", "()", "{}", "[]", "ffffffff-ffff-ffff-ffff-ffffffffffff", "opt-out"],
)  # fmt: skip
def test_a_placeholder_is_blocked(kind: IdentifierKind, value: str) -> None:
    assert is_blocked(Identifier(kind, value))


@pytest.mark.parametrize(
    "value", ["crm:null", "shop:", "shop:-", "crm:'undefined'", "crm:00000000-0000-0000-0000-000000000000"]
)
def test_a_placeholder_of_an_issuer_is_blocked(value: str) -> None:
    assert is_blocked(Identifier(IdentifierKind.USER_ID, value))


@pytest.mark.parametrize(
    "value",
    ["1", "7", "42", "1111", "crm:1", "crm:0", "u-000", "maria", "nullable", "Guestrow", "testament", "0a", "İd"],
)
def test_an_ordinary_user_id_is_not_blocked(value: str) -> None:
    assert not is_blocked(Identifier(IdentifierKind.USER_ID, value))


@pytest.mark.parametrize("value", ["aaaaaaaa", "11111111", "ffffffffffffffff", "1111-1111"])
def test_a_cookie_of_one_character_is_blocked(value: str) -> None:
    assert is_blocked(Identifier(IdentifierKind.COOKIE, value))


@pytest.mark.parametrize(
    "value",
    ["noreply@shop.com", "no-reply@shop.com", "no_reply@shop.com", "no.reply@shop.com", "noreply+12@shop.com",
     "donotreply@shop.com", "do-not-reply@shop.com", "mailer-daemon@shop.com", "test@test.com", "test@test.co.uk",
     "none@none.com", "na@na.com", "null@null.com", "noemail@gmail.com", "no.email@gmail.com", "email@email.com",
     "name@domain.com", "user@domain.com", "undefined@shop.com", "unknown@unknown.org", "asdf@asdf.com",
     "nobody@nowhere.com", "xxx@noemail.com", "no@email.com", "customer@customer.com", "sin.correo@gmail.com",
     "x@x.com", "1234@1234.com", "asd@asd.com", "not@provided.com"],
)  # fmt: skip
def test_a_mailbox_that_nobody_reads_is_blocked(value: str) -> None:
    assert is_blocked(identifier("email", value))


@pytest.mark.parametrize(
    "value",
    ["maria@example.com", "test@example.com", "user@example.com", "a@example.com", "test@me.com", "na@company.com",
     "guest@hotel.com", "smith@smith.com", "max@email.com",
     "nora.reply@shop.com", "info@shop.com", "maria@test.com", "j.null@shop.com", "a@b.test"],
)  # fmt: skip
def test_an_ordinary_mailbox_is_not_blocked(value: str) -> None:
    assert not is_blocked(identifier("email", value))


@pytest.mark.parametrize(
    "value",
    ["+10000000000", "+11111111111", "+12222222222", "+1 234 567 8901", "+19999999999", "+49 1234567890",
     "+18005555555", "+266696687", "+15555555555", "+12125551212"],
)  # fmt: skip
def test_a_filler_number_is_blocked(value: str) -> None:
    assert is_placeholder(IdentifierKind.PHONE, value)


@pytest.mark.parametrize("value", ["0", "000-000-0000", "n/a", "anonymous", "Unknown", "-", "1234567890", "9876543210"])
def test_a_filler_that_is_no_number_is_blocked_too(value: str) -> None:
    assert is_placeholder(IdentifierKind.PHONE, value)


@pytest.mark.parametrize(
    "value",
    [
        "+14155550132",
        "+442079460958",
        "+4930901820",
        "+15550100",
        "+15559871234",
        "+16895550132;ext=11",
        "+34612345678",
        "+447123456789",
    ],
)
def test_an_ordinary_number_is_not_blocked(value: str) -> None:
    assert not is_placeholder(IdentifierKind.PHONE, value)


@pytest.mark.parametrize(
    "local",
    ["info", "Info", "sales", "customer-service", "customer.service", "support+eu", "ventas", "kontakt", "biuro",
     "bilgi", "atencion.al.cliente", "it", "hr", "team", "hello", "contact", "customer", "clientes",
     "office", "admin", "billing"]
)  # fmt: skip
def test_a_role_mailbox_is_told(local: str) -> None:
    assert is_role_mailbox(identifier("email", f"{local}@shop.com"))


@pytest.mark.parametrize(
    "local", ["maria", "info.maria", "salesman", "informatics", "maria+info", "teammate", "the.lopezes"]
)
def test_a_personal_mailbox_is_not_a_role(local: str) -> None:
    assert not is_role_mailbox(identifier("email", f"{local}@shop.com"))


def test_only_a_mailbox_has_a_role() -> None:
    assert not is_role_mailbox(Identifier(IdentifierKind.USER_ID, "info@shop.com"))
