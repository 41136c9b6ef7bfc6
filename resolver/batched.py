"""A long list in parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in their order, so many at a time: `itertools.batched` of Python 3.12, with lists."""
    left = iter(items)
    while some := list(islice(left, size)):
        yield some
