"""Every error that is raised on purpose has its status, and none has two ways to it."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import vitograph
from vitograph.api.errors import STATUS, status_of
from vitograph.resolver.errors import VitoError


def every_error(kind: type[VitoError] = VitoError) -> list[type[VitoError]]:
    for module in pkgutil.walk_packages(vitograph.__path__, "vitograph."):
        if "embedded.jvm" not in module.name and "leash" not in module.name:
            importlib.import_module(module.name)
    return [child for sub in kind.__subclasses__() for child in (sub, *every_error(sub))]


@pytest.mark.parametrize("kind", every_error(), ids=lambda kind: kind.__name__)
def test_it_has_a_status(kind: type[VitoError]) -> None:
    assert 400 <= status_of(kind.__new__(kind)) <= 599


def test_the_table_names_no_error_twice() -> None:
    assert len(STATUS) == len(set(STATUS))
