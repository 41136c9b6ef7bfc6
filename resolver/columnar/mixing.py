"""`mixing.mixed_by` of all views of a frame: whose history may hold events of somebody else at home."""

from __future__ import annotations

import numpy as np

from vitograph.resolver.columnar.frame import Bools, Frame
from vitograph.resolver.model import Assurance, IdentifierKind
from vitograph.resolver.scoring.mixing import ONCE, is_of_a_home


def may_be_mixed(frame: Frame) -> Bools:
    """For each view whether more events came by a phone number or a family's mailbox than it proved to be its own."""
    return frame.once(may_be_mixed, lambda: _may_be_mixed(frame))


def _may_be_mixed(frame: Frame) -> Bools:
    column, held, views = frame.identifiers, frame.held, len(frame)
    of_home, mail, account = (np.array(kinds, np.bool_)[column.codes] for kinds in _kinds(column.values))
    owners, count, proven = column.owners, held["count"], held["assurance"] == Assurance.VERIFIED
    own = np.maximum(np.bincount(owners, count * (proven & account), minlength=views), ONCE)
    others = of_home & (count > own[owners])
    return (np.bincount(owners[others], minlength=views) > 0) & (
        np.bincount(owners[proven & mail], minlength=views) == 0
    )


def _kinds(keys: list[str]) -> tuple[list[bool], list[bool], list[bool]]:
    """Of each key whether all of a home may use it, and whether it is an e-mail address, or an account."""
    kinds = [key.partition(":") for key in keys]
    return (
        [is_of_a_home(kind, value) for kind, _, value in kinds],
        [kind == IdentifierKind.EMAIL for kind, _, _ in kinds],
        [kind == IdentifierKind.USER_ID for kind, _, _ in kinds],
    )
