"""`python -m benchmarks.accuracy [SET …] [--data FOLDER] [--fit priors|levels] [--errors N]`: one line per set.

FOLDER defaults to VITO_SHARED_DATA, else ../shared/data. A set that is not there is skipped, with the reason.
`--fit` fits the priors (s, q) or the levels as well to the set's scored pairs first, without labels.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from benchmarks.accuracy.report import HEADER, errors, line
from benchmarks.accuracy.runs import prepare, run
from benchmarks.accuracy.sets import SETS, MissingSet


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("sets", nargs="*", help="names of sets; all when none is given")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VITO_SHARED_DATA", "../shared/data")))
    parser.add_argument("--fit", choices=("none", "priors", "levels"), default="none")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show N false and N missed pairs per set")
    chosen = parser.parse_args(arguments)
    print(HEADER)
    for record_set in SETS:
        if chosen.sets and record_set.name not in chosen.sets:
            continue
        try:
            prepared = prepare(record_set, chosen.data)
        except MissingSet as missing:
            print(f"{record_set.name:30}skipped: {missing}")
            continue
        finished = run(prepared, chosen.fit)
        print(line(record_set.name, finished), flush=True)
        for text in errors(finished, chosen.errors):
            print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
