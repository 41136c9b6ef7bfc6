"""The analysts' process: `python -m vitograph.api.analysts.serve SOCKET`, until SIGTERM.

It has its own memory, its own turn at the processors and, below it, its own Neo4j: what a query does there, recording
does not feel.
"""

from __future__ import annotations

import os
import resource
import secrets
import sys
from functools import partial
from pathlib import Path

import uvicorn

from vitograph.api.analysts.service import create_service
from vitograph.api.secret_files import kept_secret
from vitograph.api.settings import Settings, read_settings
from vitograph.api.telemetry.logs import configure_logs
from vitograph.graph.analytics.masking import KEY_BYTES, Mask

NICE = 5  # how far behind everybody else's work this stands
MEMORY = 1 << 30
"""Bytes of its own: the driver makes all values of a row before any limit of an answer can see them."""


def main() -> None:
    """Serves on the socket until SIGTERM."""
    os.nice(NICE)
    confine(MEMORY)
    settings = read_settings()
    configure_logs("analysts", settings.log_level)
    config = uvicorn.Config(
        create_service(settings, provide_mask(settings)),
        uds=sys.argv[1],
        log_config=None,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    uvicorn.Server(config).run()


def confine(most: int) -> None:
    """Who asks for more memory in this process gets a MemoryError or, in the driver's compiled parts, ends the process;
    another is started. Its children are free of that (`leash.py`).
    """
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def provide_mask(settings: Settings) -> Mask:
    """The mask of the key that was set; else of the one in the data folder, made when there is none."""
    if settings.analytics_key is not None:
        return Mask(bytes.fromhex(settings.analytics_key.get_secret_value()))
    path: Path = settings.data.resolve() / "analytics.key"
    return Mask(bytes.fromhex(kept_secret(path, partial(secrets.token_hex, KEY_BYTES))))


if __name__ == "__main__":
    main()
