"""What there is to say when something cannot be written."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
LITTLE = 2**20  # bytes; with less than this left, whatever fails fails for want of room


def describe_os_error(error: OSError, folder: Path) -> str:
    """One sentence for a failure to write below the folder."""
    if error.errno in FULL:
        return describe_full_disk(folder)
    return f"{error.filename or folder} cannot be written: {error.strerror or error}"


def describe_full_disk(folder: Path) -> str:
    """One sentence, with the room that is left in MB."""
    return f"the disk of {folder} is full ({count_free(folder) / 1e6:.0f} MB free): make room, or choose another place"


def is_full(folder: Path, needed: int = LITTLE) -> bool:
    """Whether less than the needed number of bytes is free."""
    return count_free(folder) < needed


def count_free(folder: Path) -> int:
    """Bytes free to this user on the disk of the folder, or of the first parent that exists."""
    return shutil.disk_usage(next(place for place in (folder, *folder.parents) if place.exists())).free
