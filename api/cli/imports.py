"""`vito import`: a CSV file in, one observation of its own person a row."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from vitograph.api.cli.options import DataOption, open_graph_of, progress_bar, show_persons
from vitograph.graph.driver import Graph
from vitograph.graph.intake.observations import Recorded, record
from vitograph.graph.people.marks import PUT_OFF
from vitograph.graph.resolving.resolution import Resolver, Tally
from vitograph.ingest.csv_columns import Options, Plan, plan
from vitograph.ingest.csv_import import Rejected, Row, Summary, read
from vitograph.resolver.errors import Erased, Fault, GraphUnavailable, InvalidInput, ReusedId
from vitograph.resolver.model import Assurance, IdentifierKind
from vitograph.resolver.scoring.parameters_json import load_model

CHUNK = 250
"""Rows of one transaction."""

console = Console(stderr=True)


@dataclass(slots=True)
class Outcome:
    """What an import did: rows accepted now, rows known before, and the lines of rows of the erased."""

    added: int = 0
    known: int = 0
    erased: set[int] = field(default_factory=set)
    summary: Summary = field(default_factory=Summary)
    resolved: Tally = field(default_factory=Tally)


def import_file(
    file: Annotated[Path, typer.Argument(help="a CSV file with a header", exists=True, dir_okay=False)],
    source: Annotated[str, typer.Option(help="names the source; a row's account is SOURCE:<id>")],
    id_column: Annotated[str, typer.Option(help="the column with each row's id")],
    map: Annotated[list[str] | None, typer.Option(help="FIELD=COLUMN, where names do not tell")] = None,
    assurance: Annotated[list[str] | None, typer.Option(help="KIND=LEVEL, e.g. email=verified")] = None,
    date_format: Annotated[str | None, typer.Option(help="of birth dates, e.g. %d/%m/%Y")] = None,
    region: Annotated[str | None, typer.Option(help="country of phone numbers without one, e.g. AU")] = None,
    data: DataOption = None,
) -> None:
    """Imports people from a CSV file. Bad rows go to FILE.rejected.csv with the reason; a second run adds nothing."""
    options = Options(source, id_column, _mapping(map or []), _assurances(assurance or []), date_format, region)
    layout = plan(file, options)
    with Rejected(file, layout.header) as rejected:
        try:
            outcome = asyncio.run(_import(file, options, layout, rejected, data))
        except GraphUnavailable as error:
            raise GraphUnavailable(f"{error}; run it again: what came in is not added twice") from error
    _tell(file, outcome, layout, rejected)


async def _import(file: Path, options: Options, layout: Plan, rejected: Rejected, data: Path | None) -> Outcome:
    outcome = Outcome()
    async with open_graph_of(data, makes=True) as graph:
        with progress_bar() as progress:
            rows_done = progress.add_task("importing", total=layout.rows)
            for chunk in _chunks(read(file, options, planned=layout), CHUNK):
                await _record(graph, chunk, outcome)
                for row in chunk:
                    if row.line in outcome.erased:
                        continue
                    outcome.summary.add(row)
                    if row.reason is not None or row.unread:
                        rejected.write(row)
                progress.advance(rows_done, len(chunk))
            outcome.resolved = await Resolver(graph, load_model()).finish(show_persons(progress))
    return outcome


async def _record(graph: Graph, chunk: Iterable[Row], outcome: Outcome) -> None:
    rows = [row for row in chunk if row.observation is not None]
    observations = [row.observation for row in rows if row.observation is not None]
    found = await record(graph, observations, put_off=PUT_OFF) if observations else []
    for row, recorded in zip(rows, found, strict=True):
        if isinstance(recorded, Recorded) and not recorded.replayed:
            outcome.added += 1
        elif isinstance(recorded, Erased):
            outcome.erased.add(row.line)
        elif not isinstance(recorded, ReusedId):
            outcome.known += 1


def _tell(file: Path, outcome: Outcome, layout: Plan, rejected: Rejected) -> None:
    for field_name in sorted(layout.guessed):
        columns = ", ".join(layout.header[index] for index in layout.columns[field_name])
        console.print(f"{field_name} was read from {columns}", style="dim", markup=False)
    if layout.unread:
        console.print(f"not read: {', '.join(layout.unread)}; --map FIELD=COLUMN reads one", style="dim", markup=False)
    typer.echo(
        f"{outcome.added} rows added, {outcome.known} known before, {sum(outcome.summary.rejected.values())} rejected"
    )
    for reason, count in outcome.summary.rejected.most_common():
        typer.echo(f"  rejected {count}: {reason}")
    for unread, count in outcome.summary.unread.most_common(20):
        typer.echo(f"  {count} rows came in without their {unread.field}: {unread.reason}")
    for line in sorted(outcome.erased):
        # The row itself is not written anywhere again.
        typer.echo(f"  line {line} is of somebody who was erased: it was not imported")
    if rejected.count:
        typer.echo(f"  see {rejected.path}")
    typer.echo(f"{outcome.resolved.pairs} pairs scored, {outcome.resolved.proposed} candidates written")


def _chunks(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while chunk := list(itertools.islice(rows, size)):
        yield chunk


def _mapping(texts: Iterable[str]) -> dict[str, list[str]]:
    mapping: dict[str, list[str]] = {}
    for text in texts:
        name, equals, column = text.partition("=")
        if not equals or not column:
            raise InvalidInput([Fault("/map", f"{text!r} is not of the form FIELD=COLUMN")])
        mapping.setdefault(name, []).append(column)
    return mapping


def _assurances(texts: Iterable[str]) -> dict[IdentifierKind, Assurance]:
    found = {}
    for text in texts:
        kind, _, level = text.partition("=")
        try:
            found[IdentifierKind(kind)] = Assurance.of(level)
        except (KeyError, ValueError):
            levels = ", ".join(assurance.label for assurance in Assurance)
            raise InvalidInput([Fault("/assurance", f"{text!r} is not KIND=LEVEL with a level of {levels}")]) from None
    return found
