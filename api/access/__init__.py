"""Who may call what, and which rows they may read: the policy file, keys, tokens of people, and their limits."""

from vitograph.api.access.callers import Callers
from vitograph.api.access.guard import (
    Admits,
    Allowed,
    Reached,
    admit,
    from_anywhere,
    is_still_known,
    permitted,
    secret_of,
)

__all__ = [
    "Admits",
    "Allowed",
    "Callers",
    "Reached",
    "admit",
    "from_anywhere",
    "is_still_known",
    "permitted",
    "secret_of",
]
