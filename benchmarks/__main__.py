"""`make bench`: every benchmark, one after another."""

from __future__ import annotations

from benchmarks.accuracy.__main__ import main as measure_accuracy
from benchmarks.ingest.__main__ import main as measure_intake

if __name__ == "__main__":
    measure_accuracy(["--fit", "priors"])
    measure_intake()
