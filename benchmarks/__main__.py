"""`make bench`: every benchmark, one after another."""

from __future__ import annotations

from benchmarks import ingest
from benchmarks.accuracy.__main__ import main as measure_accuracy

if __name__ == "__main__":
    measure_accuracy(["--fit", "priors"])
    ingest.main()
