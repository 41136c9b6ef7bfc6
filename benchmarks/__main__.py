"""`make bench`: accuracy and intake, one after the other; each of the others is a module that `--help` tells of."""

from __future__ import annotations

import argparse

from benchmarks.accuracy.__main__ import main as measure_accuracy
from benchmarks.ingest.__main__ import main as measure_intake

if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__).parse_args()
    measure_accuracy(["--fit", "priors"])
    measure_intake()
