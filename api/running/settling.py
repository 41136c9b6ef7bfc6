"""A store that was built beside the old one is put in its place.

Folders of the data folder, and what each means: `neo4j` is the store; `neo4j.part` is being built, and worth nothing;
`neo4j.ready` is whole, and takes the place of the store as soon as nobody uses it; `neo4j.old` is to be deleted. So a
crash at any moment leaves a store, and `settle` goes on from there.
"""

from __future__ import annotations

import shutil
from pathlib import Path


def settle(data: Path) -> None:
    """A whole new store takes the place of the old one, and nothing else is left. Nobody may use either."""
    store, ready, old = data / "neo4j", data / "neo4j.ready", data / "neo4j.old"
    if ready.is_dir():
        if store.is_dir():
            shutil.rmtree(old, ignore_errors=True)
            store.rename(old)
        ready.rename(store)
    for rest in (old, data / "neo4j.part"):
        shutil.rmtree(rest, ignore_errors=True)
