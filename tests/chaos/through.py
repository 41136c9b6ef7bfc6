"""A program of ours that reaches Neo4j and Valkey over the lines of a chaos run: `python through.py MODULE`.

What it was told to reach it writes down for the lines (`CHAOS_TARGETS`), and becomes the program that reaches the
lines instead, by the clock of the programs.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    targets = Path(os.environ["CHAOS_TARGETS"])
    part = targets.with_name(f"{targets.name}.{os.getpid()}")
    part.write_text(json.dumps({"bolt": os.environ["VITO_NEO4J_URI"], "redis": os.environ["VITO_REDIS_URL"]}))
    part.replace(targets)
    os.environ |= {"VITO_NEO4J_URI": os.environ["CHAOS_BOLT"], "VITO_REDIS_URL": os.environ["CHAOS_REDIS"]}
    os.environ |= json.loads(os.environ["CHAOS_CLOCK"])
    os.execv(sys.executable, [sys.executable, "-m", sys.argv[1]])
