"""When a message happened, by a clock that may be wrong.

Segment documents `timestamp = receivedAt - (sentAt - originalTimestamp)`: https://segment.com/docs/connections/spec/common/#timestamps
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from vitograph.ingest.observations import CLOCK_SKEW, EARLIEST

NETWORK = dt.timedelta(seconds=60)
"""How much later than `sentAt` a request may come and its clock still be right. Correcting such small differences would
shuffle the events of one sender by the latency of each request, and order is what times are for.
"""


def moment(message: Mapping[str, Any], sent_at: object, received_at: dt.datetime) -> dt.datetime:
    """When the message happened, in UTC; when it was received, where it says nothing that can be.

    `timestamp` beside `originalTimestamp` was corrected already. What was said is moved by the skew of the sender's
    clock, where `sentAt` (of the message, else of its batch) shows one.
    """
    said, original = read_time(message.get("timestamp")), read_time(message.get("originalTimestamp"))
    happened = said or original
    sent = read_time(message.get("sentAt")) or read_time(sent_at)
    if happened is not None and sent is not None and not (said and original):
        happened = _moved(happened, received_at - sent)
    if happened is None or not EARLIEST <= happened <= received_at + CLOCK_SKEW:
        return received_at
    return happened


def _moved(happened: dt.datetime, skew: dt.timedelta) -> dt.datetime | None:
    """By the skew, unless that is the network's; None where no calendar holds it."""
    try:
        return happened + skew if abs(skew) > NETWORK else happened
    except OverflowError:
        return None


def read_time(value: object) -> dt.datetime | None:
    """An ISO 8601 time in UTC; one without an offset is taken as UTC. None where it is none."""
    if not isinstance(value, str):
        return None
    try:
        found = dt.datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None
