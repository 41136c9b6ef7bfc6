"""What is wrong with an observation that was made of another body, told of the places that its sender wrote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from vitograph.resolver.errors import Fault, InvalidInput
from vitograph.resolver.model import Observation

Places = Mapping[str, str]
"""By a pointer into the observation body, or how it begins, the one into the body that was sent: narrow ones first."""


@contextmanager
def told_of(places: Places) -> Iterator[None]:
    """InvalidInput that is raised here points to where it was sent."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput([Fault(_as_sent(one.pointer, places), one.detail) for one in error.faults]) from None


def warned_of(observation: Observation, places: Places) -> Observation:
    """The observation, with its warnings about where it was sent."""
    return replace(observation, warnings=tuple(_as_sent(warning, places) for warning in observation.warnings))


def _as_sent(told: str, places: Places) -> str:
    """A pointer, or a sentence that begins with one."""
    for ours, theirs in places.items():
        if told == ours or told.startswith((f"{ours}/", f"{ours}:")):
            return theirs + told.removeprefix(ours)
    return told
