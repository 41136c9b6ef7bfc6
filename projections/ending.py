"""When a loop ends: a cancellation must not be lost on its way."""

from __future__ import annotations

import asyncio


def goes_on() -> bool:
    """Whether nobody has asked this task to end.

    On Python 3.11 a cancellation can be lost: its `wait_for` answers with what came in the same moment instead
    (python/cpython#86296), and redis-py sends through it. What a task was asked for is remembered all the same.
    """
    task = asyncio.current_task()
    return task is None or not task.cancelling()
