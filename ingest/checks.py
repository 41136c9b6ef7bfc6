"""Checks on decoded JSON that collect every fault with its pointer, so that a sender sees all of them at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.storable import escaped, why_unstorable

MOST_FAULTS = 100
"""Reported for one input; one request must not turn into megabytes of complaints."""

DEEPEST = 20
"""Levels of objects and arrays in an event's properties, the properties object itself included."""

_DEEPEST_BODY = DEEPEST + 2


class Faults:
    """What is wrong with one input so far."""

    def __init__(self) -> None:
        self._found: dict[str, Fault] = {}

    def add(self, pointer: str, detail: str) -> None:
        """Only the first fault of a place counts: the others follow from it."""
        if len(self._found) < MOST_FAULTS:
            self._found.setdefault(pointer, Fault(pointer, detail))

    def __contains__(self, pointer: str) -> bool:
        return pointer in self._found

    def raise_if_any(self) -> None:
        if self._found:
            raise InvalidInput(list(self._found.values()))

    def refuse_unstorable(self, body: object) -> None:
        """Find all that neither JSON nor the graph can hold, in keys and values:
        NUL, lone surrogates, NaN and infinities, integers outside int64, nesting without end, values that are not JSON.
        Iterative, so that no depth of nesting exhausts the stack.
        """
        if _is_storable(body):
            return
        waiting: list[tuple[str, object, int]] = [("", body, 1)]
        while waiting and len(self._found) < MOST_FAULTS:
            pointer, value, depth = waiting.pop()
            if reason := _why_unstorable(value, depth):
                self.add(pointer, reason)
                continue
            for key, child in _children(value):
                place = f"{pointer}/{escaped(key)}"
                if reason := _why_unstorable_key(key):
                    self.add(place, reason)
                waiting.append((place, child, depth + 1))

    def refuse_unknown(self, pointer: str, value: Mapping[str, Any], known: Collection[str]) -> None:
        for key in value:
            if key not in known:
                self.add(f"{pointer}/{escaped(key)}", f"there is no such field; known are {', '.join(known)}")

    def text(self, pointer: str, value: object, longest: int, pattern: re.Pattern[str] | None = None) -> str | None:
        """The value when it is a string of 1 to `longest` characters that matches; None and a fault otherwise."""
        if not isinstance(value, str):
            self.add(pointer, "it must be a string")
        elif not 1 <= len(value) <= longest:
            self.add(pointer, f"it must have 1 to {longest} characters")
        elif pattern and not pattern.fullmatch(value):
            self.add(pointer, f"it must match {pattern.pattern}")
        elif pointer not in self:
            return value
        return None

    def printable(self, pointer: str, value: object, longest: int) -> str | None:
        """The same for an id: printable characters without spaces around them."""
        checked = self.text(pointer, value, longest)
        if checked is None or (checked.isprintable() and checked == checked.strip()):
            return checked
        self.add(pointer, "it must be printable characters without spaces around them")
        return None

    def mapping(self, pointer: str, value: object) -> dict[str, Any] | None:
        """The value when it is an object with string keys; None and a fault otherwise."""
        if isinstance(value, dict) and pointer not in self:
            return value
        self.add(pointer, "it must be an object")
        return None


def _is_storable(body: object) -> bool:
    """Whether there is nothing to find: most bodies hold nothing wrong, and need no pointers.

    All their texts are looked at as one.
    """
    level, depth, texts = [body], 1, list[str]()
    while level:
        following: list[object] = []
        for value in level:
            if isinstance(value, str):
                texts.append(value)
            elif _why_unstorable(value, depth) is not None:
                return False
            elif isinstance(value, dict):
                texts += value
                following += value.values()
            elif isinstance(value, list):
                following += value
        level, depth = following, depth + 1
    try:
        return why_unstorable("".join(texts)) is None
    except TypeError:  # a key that is no text
        return False


def _children(value: object) -> Iterable[tuple[object, object]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


def _why_unstorable_key(key: object) -> str | None:
    """The index of an array is a key too."""
    if isinstance(key, str):
        reason = why_unstorable(key)
        return reason and f"of its name: {reason}"
    return None if isinstance(key, int) else "its name is not a string"


def _why_unstorable(value: object, depth: int) -> str | None:
    if depth > _DEEPEST_BODY and isinstance(value, dict | list):
        return f"it is nested deeper than {DEEPEST} levels"
    return why_unstorable(value)
