"""What Valkey answers with an error, as what it means to whoever asked: it cannot be used now, for all or for this.

Nothing needs Valkey: whatever it says, the graph answers and the outbox carries. So there is no error of it but these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from redis import exceptions

from vitograph.resolver.errors import HotMemoryRefuses, HotMemoryUnavailable

_AWAY = (
    exceptions.ConnectionError,  # also one that still loads its file
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    exceptions.OutOfMemoryError,
    exceptions.RedisClusterException,  # no node of the cluster answers, or none has the slot
    exceptions.ClusterError,
    exceptions.TryAgainError,
    OSError,
)

# What a server says that takes no writes now, and for which there is no exception of its own: it has too few replicas,
# it cannot write its file (as on a full disk), or the one it follows is away. A pipeline tells of its command first.
_REFUSES = re.compile(r"(?:^|caused error: \(?['\"]?)(NOREPLICAS|MISCONF|MASTERDOWN)\b")

_CODE = re.compile(r"[A-Z]{4,}\b")  # with which an error begins that has no exception of its own


_LACKS = re.compile(r"(?:ERR )?unknown command\b", re.IGNORECASE)


def is_lacking(error: exceptions.ResponseError) -> bool:
    """Whether a server has no such command, or not for this user: now as well as later."""
    return isinstance(error, exceptions.NoPermissionError) or _LACKS.match(str(error)) is not None


@contextmanager
def translated() -> Iterator[None]:
    """HotMemoryUnavailable for what holds for every call, HotMemoryRefuses for what may be about this one."""
    try:
        yield
    except _AWAY as error:
        raise HotMemoryUnavailable(f"Valkey does not answer: {type(error).__name__}") from error
    except exceptions.RedisError as error:
        if refuses := _REFUSES.search(str(error)):
            raise HotMemoryUnavailable(f"Valkey takes no writes: {refuses[1]}") from error
        code = _CODE.match(str(error))
        raise HotMemoryRefuses(f"Valkey refuses: {code[0] if code else type(error).__name__}") from error
