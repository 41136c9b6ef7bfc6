"""Everything that an installed ViTo runs on has a licence that somebody looked at."""

from __future__ import annotations

import pytest

from docs.generators.licences import BY_HAND, EXCEPTIONS, LOCK, Licensed, list_licences, list_refused, write


def test_nothing_that_is_shipped_is_without_a_licence_we_take() -> None:
    assert [one.name for one in list_refused(list_licences(LOCK.read_text()))] == []


def test_the_page_names_every_package_of_the_lock() -> None:
    told = write()
    assert all(f"| {one.name} | {one.version} | {one.expression} |" in told for one in list_licences(LOCK.read_text()))


def test_no_exception_outlives_its_package() -> None:
    shipped = {one.name for one in list_licences(LOCK.read_text())}
    assert {*EXCEPTIONS, *BY_HAND} <= shipped


def test_a_package_without_a_licence_or_with_one_that_binds_is_refused() -> None:
    unknown, binding = Licensed("nobody-knows", "1", None), Licensed("certify", "1", "MPL-2.0")
    assert list_refused([unknown, binding, Licensed("fine", "1", "MIT")]) == [unknown, binding]
    assert [one.expression for one in list_licences("not-a-package-of-anybody==1.0\n")] == [None]


@pytest.mark.parametrize(
    ("expression", "permissive"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("Apache-2.0 AND MPL-2.0", False),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", False),
        ("MIT AND (Apache-2.0 OR GPL-3.0-only)", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
        ("LicenseRef-Proprietary", False),
    ],
)
def test_an_expression_is_read_as_spdx_means_it(expression: str, permissive: bool) -> None:
    assert Licensed("one", "1", expression).is_permissive is permissive
