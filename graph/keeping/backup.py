"""A backup: the records of a graph in files, with a manifest by which they are known to be whole and the same graph.

It holds personal data, those of people who are erased later among them: a restore leaves out whoever is on the list of
erasures that it is given. The key of the tombstones is in none of the files.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from vitograph.graph.driver import Graph, Row, Transaction
from vitograph.graph.keeping.rebuilding import Rebuilding
from vitograph.graph.keeping.records import at_offset, decode, encode
from vitograph.graph.keeping.replay import fingerprint, rebuild
from vitograph.graph.keeping.rereading import KINDS, LIST_KEPT, PAGE, histories, reread
from vitograph.graph.keeping.upkeep import judge_anew
from vitograph.graph.people.tombstones import GET_SEAL
from vitograph.graph.queries import load
from vitograph.resolver.batched import batched
from vitograph.resolver.deciding.forgetting import Forgetting
from vitograph.resolver.erasure import Seal, Sealed
from vitograph.resolver.errors import WrongState
from vitograph.resolver.model import IdentifierStatus

MARK_BATCHES = load("replay/mark_batches")

RECORD_STATUSES = load("replay/record_statuses")

FORMAT = 1
# Of a manifest: whoever is not in the histories is exclusive. Before, they told those alone whose status had changed.
ALL = "all"
MANIFEST = "manifest.json"
# A graph that is written to while it is read is read again, this often.
ATTEMPTS = 3


async def backup(graph: Graph, folder: Path) -> dict[str, Any]:
    """Writes the graph into a folder; the manifest. WrongState when it is written to all the time."""
    _make(folder)
    for _ in range(ATTEMPTS):
        before = await fingerprint(graph)
        files = await _write(graph, folder)
        if await fingerprint(graph) == before:
            manifest = {
                "format": FORMAT,
                "at": dt.datetime.now(dt.UTC).isoformat(),
                "fingerprint": asdict(before),
                "statuses": ALL,
                "seal": await _check(graph),
                "files": files,
            }
            with _create(folder / MANIFEST) as file:
                file.write(orjson.dumps(manifest, option=orjson.OPT_INDENT_2))
                _settle(file)
            return manifest
    raise WrongState("the graph was written to while it was read, each time: hold the channels for as long as it takes")


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest, once every file is what it says. WrongState."""
    try:
        manifest: dict[str, Any] = orjson.loads((folder / MANIFEST).read_bytes())
        written_in = manifest["format"]
    except FileNotFoundError:
        raise WrongState(f"{folder} holds no whole backup: {MANIFEST} is missing") from None
    except (orjson.JSONDecodeError, LookupError, TypeError):
        raise WrongState(f"{folder / MANIFEST} is no manifest of a backup, or is damaged") from None
    if written_in != FORMAT:
        raise WrongState(f"this is a backup of format {written_in}; this version reads format {FORMAT}")
    for name, said in manifest["files"].items():
        path = folder / name
        if not path.exists() or _hash(path) != said["sha256"]:
            raise WrongState(f"{path} is not what was backed up: its checksum is another one")
    return manifest


async def restore(folder: Path, target: Graph, erasures: Path | None = None) -> Rebuilding:
    """Rebuilds a backup in an empty graph; without those on a list of erasures, too, if one is given.

    It is proved to be what was recorded; identifiers that stood by the rules of another version are judged anew then.
    WrongState when a file is damaged, the erasure key is another one, or what was written is not what was backed up.
    """
    manifest = read_manifest(folder)
    listed = read_erasures(erasures) if erasures is not None else Erasures(None, [], True)
    checks = {manifest["seal"], listed.check} - {None}
    if checks and (target.seal is None or checks != {target.seal.check}):
        raise WrongState("this graph was erased from under another erasure key: set VITO_ERASURE_KEY to that one")
    records = _read(folder)
    own = [row for row in _lines(folder / "kept.ndjson") if row["label"] == "Tombstone"]
    tombstones = _by_hash([*own, *listed.tombstones])
    if is_later := len(tombstones) > len(own):
        assert target.seal is not None
        records = _without(records, tombstones, _forgetting(folder, tombstones, target.seal))
    rebuilding = await rebuild(records, target)
    if is_later:
        await target.write(lambda tx: tx.run(MARK_BATCHES))
    elif asdict(await fingerprint(target)) != manifest["fingerprint"]:
        await _stand_as_recorded(target, folder, all_told=manifest.get("statuses") == ALL)
        if asdict(await fingerprint(target)) != manifest["fingerprint"]:
            raise WrongState("the graph that was written is not the one that was backed up")
        await judge_anew(target)
    return rebuilding


async def export_erasures(graph: Graph, path: Path) -> int:
    """Writes the list of erasures, hashes only, over an older one; how many tombstones it holds."""
    part = path.with_name(f".{path.name}.part")
    part.unlink(missing_ok=True)
    count, after, digest = 0, "", hashlib.sha256()
    with _create(part) as file:

        def write(row: Row) -> None:
            line = encode(row) + b"\n"
            digest.update(line)
            file.write(line)

        write({"check": await _check(graph), "is_closed": True})
        while rows := await graph.rows(LIST_KEPT, label="Tombstone", after=after, limit=PAGE):
            for row in rows:
                write(row)
            count, after = count + len(rows), rows[-1]["ref"]
        write({"tombstones": count, "sha256": digest.hexdigest()})
        _settle(file)
    part.replace(path)
    return count


@dataclass(frozen=True, slots=True)
class Erasures:
    """A list of erasures: by what its key is known, and its tombstones. What 1.0 wrote is not closed: whether it is
    whole nobody can tell.
    """

    check: str | None
    tombstones: list[Row]
    is_closed: bool


def read_erasures(path: Path) -> Erasures:
    """A list of erasures. WrongState when it is none, or not whole."""
    lines = path.read_bytes().splitlines(keepends=True)
    try:
        rows = [decode(line) for line in lines]
    except orjson.JSONDecodeError:
        rows = []
    if not rows or "check" not in rows[0]:
        raise WrongState(f"{path} is no list of erasures, or is damaged: `vito erasures export` writes one")
    head, *tombstones = rows
    if is_closed := head.get("is_closed", False):
        last = tombstones.pop() if tombstones else {}
        digest = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
        if last != {"tombstones": len(tombstones), "sha256": digest}:
            raise WrongState(f"{path} is not whole: its last line does not tell its checksum")
    return Erasures(head["check"], tombstones, is_closed)


async def _write(graph: Graph, folder: Path) -> dict[str, dict[str, Any]]:
    files: dict[str, dict[str, Any]] = {}
    _empty(folder)
    handles = {kind: _create(folder / f"{kind}.ndjson") for kind in KINDS}
    counts = dict.fromkeys(KINDS, 0)
    try:
        async for kind, row in reread(graph):
            handles[kind].write(encode(row) + b"\n")
            counts[kind] += 1
        for handle in handles.values():
            _settle(handle)
    finally:
        for handle in handles.values():
            handle.close()
    for kind in KINDS:
        path = folder / f"{kind}.ndjson"
        files[path.name] = {"records": counts[kind], "sha256": _hash(path)}
    return files


async def _read(folder: Path) -> AsyncIterator[tuple[str, Row]]:
    for kind in KINDS:
        for row in _lines(folder / f"{kind}.ndjson"):
            yield kind, row


async def _stand_as_recorded(target: Graph, folder: Path, *, all_told: bool) -> None:
    recorded = {row["key"]: row for row in _lines(folder / "history.ndjson")}
    rows = list(recorded.values())
    async for row in histories(target):
        if row["key"] not in recorded and (all_told or row["history"]["status_since"] is not None):
            rows.append({**row, "status": IdentifierStatus.EXCLUSIVE.value, "history": dict.fromkeys(row["history"])})
    for some in batched(rows, PAGE):
        await target.write(partial(_record_statuses, rows=some))


async def _record_statuses(tx: Transaction, *, rows: Sequence[Row]) -> None:
    await tx.run(RECORD_STATUSES, rows=at_offset(rows))


def _by_hash(tombstones: list[Row]) -> dict[str, Row]:
    """Each once, as it was written last."""
    in_order = sorted(tombstones, key=lambda row: row["properties"]["at"].to_native())
    return {row["properties"]["hash"]: row for row in in_order}


def _forgetting(folder: Path, tombstones: dict[str, Row], seal: Seal) -> Forgetting:
    erased = {hash: row["properties"]["at"].to_native() for hash, row in tombstones.items()}
    return Forgetting.of_log(seal, erased, _lines(folder / "entry.ndjson"))


async def _without(
    records: AsyncIterator[tuple[str, Row]], tombstones: dict[str, Row], forget: Forgetting
) -> AsyncIterator[tuple[str, Row]]:
    """The records without those who were erased since, and with all these tombstones in the place of their own."""
    for row in tombstones.values():
        yield "kept", row
    verdicts = sum(row["properties"]["kind"] == Sealed.APART for row in tombstones.values())
    head = {"name": "seal", "check": forget.seal.check, "verdicts": verdicts}
    yield "kept", {"ref": "seal", "label": "Head", "properties": head}
    async for kind, row in records:
        is_old = kind == "kept" and (row["label"] == "Tombstone" or row["properties"].get("name") == "seal")
        if not is_old and (left := forget(kind, row)) is not None:
            yield kind, left


def _make(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise WrongState(f"{folder} is not empty: a backup has a folder of its own")


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _lines(path: Path) -> Iterator[Row]:
    with path.open("rb") as file:
        for line in file:
            yield decode(line)


def _create(path: Path) -> BinaryIO:
    """A new file that only its owner can read: it holds personal data."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _settle(file: BinaryIO) -> None:
    """On the disk: what is told to be backed up outlives a power cut."""
    file.flush()
    os.fsync(file.fileno())


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def _check(graph: Graph) -> str | None:
    rows = await graph.rows(GET_SEAL)
    return rows[0]["check"] if rows else None
