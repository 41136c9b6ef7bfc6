"""What is told of the work while it runs: figures, log lines and traces, by names and never by values."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # workers, which know no framework, are told of here too
    from fastapi.telemetry import TelemetryConfig

TELEMETRY: TelemetryConfig = {"tracing": False, "metrics": False, "logs": False}
"""The framework's own stays off: it would tell paths and queries, which name persons."""
