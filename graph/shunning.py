"""What others import only because it is installed is kept from them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without(*packages: str) -> Iterator[None]:
    """Whoever imports one of these packages meanwhile finds it missing, unless it was imported before."""
    absent = [name for name in packages if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None there halts an import
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
