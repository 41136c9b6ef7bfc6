"""An identifier in a query is `kind:value`."""

import pytest

from vitograph.api.routes.persons import normalised_key
from vitograph.resolver.errors import InvalidInput


@pytest.mark.parametrize("identifier", ["maria@example.com", "+34600100200", "email"])
def test_an_identifier_without_its_kind_is_refused_with_the_form_it_needs(identifier: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        normalised_key("/identifier", identifier, "ES")
    assert "email:maria@example.com" in refused.value.faults[0].detail
