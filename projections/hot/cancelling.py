"""A cancellation that comes while redis-py sends is heard.

redis-py sends by `asyncio.wait_for`, which before Python 3.12 drops a cancellation that comes when what it waits for
has just ended (https://github.com/python/cpython/issues/86296): a task that asks Valkey again and again is then never
ended. The task itself still knows that it was asked to end.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterable

from redis.asyncio.connection import AbstractConnection

_send = AbstractConnection.send_packed_command


async def _send_or_end(
    self: AbstractConnection, command: bytes | str | Iterable[bytes], check_health: bool = True
) -> None:
    """As redis-py does; a cancellation that came meanwhile ends it, and closes what its answer would come by."""
    task = asyncio.current_task()
    asked = task.cancelling() if task else 0
    await _send(self, command, check_health)
    if task and task.cancelling() > asked:
        await self.disconnect(nowait=True)
        raise asyncio.CancelledError


def hear_cancellations() -> None:
    """For all connections of this process; where Python does so itself nothing changes."""
    if sys.version_info < (3, 12):
        AbstractConnection.send_packed_command = _send_or_end  # type: ignore[method-assign]
