"""`mixing.mixed_by` of all views of a frame: whose history may hold events of somebody else at home."""

from __future__ import annotations

import numpy as np

from vitograph.resolver.columnar.frame import Bools, Frame
from vitograph.resolver.model import Assurance
from vitograph.resolver.scoring.mixing import ONCE, PROVING, is_of_a_home


def may_be_mixed(frame: Frame) -> Bools:
    """For each view whether it was seen by a phone number or a family's mailbox more than once, and never proven."""
    return frame.once(may_be_mixed, lambda: _may_be_mixed(frame))


def _may_be_mixed(frame: Frame) -> Bools:
    column, held, views = frame.identifiers, frame.held, len(frame)
    of_home, proving = (np.array(kinds, np.bool_)[column.codes] for kinds in _kinds(column.values))
    seen = of_home & (held["count"] > ONCE)
    proven = proving & (held["assurance"] == Assurance.VERIFIED)
    owners = column.owners
    return (np.bincount(owners[seen], minlength=views) > 0) & (np.bincount(owners[proven], minlength=views) == 0)


def _kinds(keys: list[str]) -> tuple[list[bool], list[bool]]:
    """Of each key whether all of a home may use it, and whether it can be proven to be one person's."""
    kinds = [key.partition(":") for key in keys]
    return [is_of_a_home(kind, value) for kind, _, value in kinds], [kind in PROVING for kind, _, _ in kinds]
