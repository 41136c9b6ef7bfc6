"""Whose sitting a session is: who logged in on it last, until a logout or an idle time ends it, however late told."""

from __future__ import annotations

import datetime as dt

from vitograph.resolver.attributing.holdings import Hold, Holdings

# A session is one sitting by contract; should a channel forget to end it, it ends after this idle time.
SITTING = dt.timedelta(hours=4)

# Events that end a session: what comes after them on the same session id is another sitting.
# It is known by the last part of its type: `user.logged_out`, `session.ended`, `logout`.
ENDS_SESSION = frozenset(
    {"logout", "log_out", "logged_out", "signout", "sign_out", "signed_out", "session_ended", "session_expired"}
)
ENDS_OF_A_SESSION = frozenset({"ended", "end", "expired", "closed", "timed_out"})


def ends_session(event_type: str) -> bool:
    """Whether an event of this type is the end of a sitting."""
    whole, _, last = event_type.rpartition(".")
    return last in ENDS_SESSION or (whole.rpartition(".")[2] == "session" and last in ENDS_OF_A_SESSION)


def is_sitting_of(hold: Hold, session: str, at: dt.datetime, holdings: Holdings) -> bool:
    """Whether what happened then on a session (its key) is of the known person whom it is bound to by that hold.

    Not before their view logged in, nor after an idle time. Where others logged in on it as well, or somebody logged
    out, not before the last of all logins, which must be this view's: what arrives late may be of any sitting before,
    and a login that arrives late neither ends the one that goes on nor begins one again that was ended since.
    """
    if hold.last_seen is not None and abs(at - hold.last_seen) > SITTING:
        return False
    views = holdings.views(session)
    own = views.pop(holdings.fragments[hold.person_id].view_id)
    logins = [moment for hold in own for moment in (hold.first_bound, hold.last_bound) if moment is not None]
    others = [hold.last_bound for holds in views.values() for hold in holds if hold.last_bound is not None]
    logouts = [hold.last_out for hold in holdings.holds[session].values() if hold.last_out is not None]
    if not (others or logouts):
        return not logins or at >= min(logins)
    last = max(logins, default=None)
    if last is None or at < last:
        return False
    return all(last >= other for other in others) and all(last > out for out in logouts)
