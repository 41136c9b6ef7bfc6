"""Who may call what, and which rows they may read: the policy file, keys, tokens of people, and their limits."""

from vitograph.api.access.callers import Callers
from vitograph.api.access.guard import Allowed, Reached, secret_of

__all__ = ["Allowed", "Callers", "Reached", "secret_of"]
