"""`python -m benchmarks.size [10k 100k 1M] --out FILE`: what one machine holds, and how it answers then.

Of each size: so many persons, with three identifiers and five events each, made by Neo4j's offline import. Measured
are the import, the store on disk, the start of `vito up` on it, memory by process, and milliseconds of what people ask.
`--picture FILE.png` draws the figures of such a file (`--out` of an earlier run) and measures nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import tempfile
from pathlib import Path

from benchmarks.size.drawing import draw
from benchmarks.size.measuring import Figures, measure

SIZES = {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.size", description=__doc__)
    parser.add_argument("sizes", nargs="*", default=["10k", "100k"], help=", ".join(SIZES))
    parser.add_argument("--out", type=Path, default=Path("size.json"), help="figures by size; those there are kept")
    parser.add_argument("--events", type=int, default=5, help="of each person")
    parser.add_argument("--folder", type=Path, help="where the graphs are made; each is deleted once it was measured")
    parser.add_argument("--picture", type=Path, help="only draw what is in --out")
    asked = parser.parse_args()
    found: dict[str, Figures] = json.loads(asked.out.read_text()) if asked.out.exists() else {}
    if asked.picture:
        draw(found, asked.picture)
        return
    for size in asked.sizes:
        folder = Path(tempfile.mkdtemp(prefix=f"vito-size-{size}-", dir=asked.folder))
        try:
            found[size] = asyncio.run(measure(folder, SIZES[size], asked.events))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        asked.out.write_text(json.dumps(found, indent=1) + "\n")
    print(table(found))


def table(found: dict[str, Figures]) -> str:
    """One column a size."""
    lines = ["| | " + " | ".join(found) + " |", "|---|" + "---|" * len(found)]
    for name in next(iter(found.values())):
        lines.append(
            f"| {name} | " + " | ".join(f"{one.get(name, float('nan')):,.6g}" for one in found.values()) + " |"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
