"""`vito model`: the versions of the model, what they say, and which one is live."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from vitograph.api.cli.options import DataOption, open_graph_of, progress_bar, show_persons, show_rows
from vitograph.graph.access.keys import find_caller
from vitograph.graph.driver import Row
from vitograph.graph.resolving import models
from vitograph.graph.training.comparing import BANDS, EVERYBODY, SAMPLE, Tell, compare_models
from vitograph.graph.training.promotion import promote as promote_model
from vitograph.resolver.errors import Fault, InvalidInput, Unauthenticated
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.parameters_json import dump_model

app = typer.Typer(help="The versions of the model.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="as `vito model list` shows it")]
NameOption = Annotated[str | None, typer.Option(help="what to call it  [default: trained-1, trained-2 …]")]
SampleOption = Annotated[int, typer.Option(min=0, help="views whose pairs are looked at")]
JsonOption = Annotated[bool, typer.Option("--json", help="one JSON object instead of a table")]


@app.command("list")
def list_all(data: DataOption = None) -> None:
    """All versions, the oldest first."""

    async def run() -> list[Row]:
        async with open_graph_of(data) as graph:
            return await models.list_models(graph)

    columns = ("name", "status", "parent", "created_by", "created_at", "compared_with", "compared_at", "promoted_at")
    show_rows(asyncio.run(run()), columns)


@app.command()
def show(
    name: Annotated[str | None, typer.Argument(help="  [default: the live one]")] = None,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """The levels of a model: m, h, u and their bits."""

    async def run() -> models.Version:
        async with open_graph_of(data) as graph:
            return await models.get_version(graph, name or (await models.live_model(graph)).name)

    version = asyncio.run(run())
    if as_json:
        typer.echo(json.dumps({**version.facts, "content": dump_model(version.model), "report": version.report}))
    else:
        show_model(version.model, version.status, Console(highlight=False))


@app.command()
def compare(
    name: NameArgument,
    against: Annotated[str | None, typer.Option("--with", help="another version  [default: the live one]")] = None,
    sample: SampleOption = SAMPLE,
    everybody: Annotated[bool, typer.Option("--all", help="every view instead of a sample")] = False,
    as_json: JsonOption = False,
    data: DataOption = None,
) -> None:
    """Candidates gained and lost, approved links that would fail, and agreement with verdicts.

    Compared with the live model, the report is kept: a promotion relies on it.
    """
    with progress_bar() as progress:
        views = EVERYBODY if everybody else sample
        report = asyncio.run(_compare(name, against, views, data, show_persons(progress)))
    if as_json:
        typer.echo(json.dumps(report["comparison"], indent=1))
    else:
        show_report(report, Console(highlight=False, soft_wrap=True))


@app.command()
def promote(
    name: NameArgument,
    key: Annotated[str | None, typer.Option(envvar="VITO_KEY", help="the key of a specialist or an admin")] = None,
    reason: Annotated[str, typer.Option(help="why, for the log")] = "promoted",
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    data: DataOption = None,
) -> None:
    """Makes a compared model live, in your name, and has everybody scored anew. Approved links stay; failing ones are
    flagged.
    """
    if not key:
        raise Unauthenticated("promoting is a person's act: give your key with --key or in VITO_KEY")
    if not yes:
        typer.confirm(f"Make {name} live, and score everybody by it?", abort=True)
    entry = asyncio.run(_promote(name, key, reason, data))
    typer.echo(f"{name} is live in the place of {entry['replaces']} (entry {entry['seq']}, {entry['actor_name']})")


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="a model as JSON", exists=True, dir_okay=False)],
    data: DataOption = None,
) -> None:
    """Keeps a model from a file, as a draft."""
    try:
        model = models.read_model(json.loads(file.read_text("utf-8")))
    except ValueError as error:
        raise InvalidInput([Fault("", f"{file} is not JSON: {error}")]) from error

    async def run() -> str:
        async with open_graph_of(data, makes=True) as graph:
            parent = (await models.live_model(graph)).name
            await models.record_model(graph, model, "vito model import", parent, {})
            return (await models.get_version(graph, model.name)).status

    status = asyncio.run(run())
    is_live = status == "live"
    typer.echo(f"{model.name} is {status if is_live else f'a {status}: `vito model compare {model.name}` is next'}")


@app.command()
def export(
    name: NameArgument,
    out: Annotated[Path, typer.Argument(help="the JSON file to write", dir_okay=False)],
    data: DataOption = None,
) -> None:
    """Writes a model to a file, which `import` reads."""

    async def run() -> Model:
        async with open_graph_of(data) as graph:
            return (await models.get_version(graph, name)).model

    out.write_text(json.dumps(dump_model(asyncio.run(run())), indent=1) + "\n", "utf-8")
    typer.echo(f"{name} written to {out}")


def show_model(model: Model, status: str, console: Console) -> None:
    """Priors, bands and every level, for a person to read."""
    console.print(f"{model.name} ({status}{', calibrated' if model.calibrated else ', not calibrated'})")
    console.print(f"s = {model.prior_same:.4g} duplicates and q = {model.prior_household:.4g} co-residents of a person")
    bars = ", ".join(f"{band} {bar:g}" if bar < 1 else f"{band} closed" for band, bar in model.bands.items())
    console.print(f"bands: {bars}")
    if model.calibration is not None:
        console.print(f"calibrated by {model.calibration.same} verdicts same, {model.calibration.apart} apart")
    table = Table("comparison", "level", "m", "h", "u", "bits / stranger", "bits / household")
    for column in table.columns[2:]:
        column.justify = "right"
    for comparison in model.comparisons.values():
        for name, level in comparison.levels.items():
            u, stranger = (f"{level.u:.3g}", f"{level.bits_stranger:+.2f}") if level.u else ("per value", "per value")
            bits = f"{level.bits_household:+.2f}"
            table.add_row(comparison.name, name, f"{level.m:.3g}", f"{level.h:.3g}", u, stranger, bits)
        table.add_section()
    console.print(table)


def show_report(report: dict[str, Any], console: Console) -> None:
    """A comparison, for a person to read."""
    found = report["comparison"]
    table = Table("band", found["live"], found["model"], "gained", "lost")
    for column in table.columns[1:]:
        column.justify = "right"
    for band in BANDS:
        row = found["bands"][band]
        table.add_row(band, *(str(row[key]) for key in ("live", "new", "gained", "lost")))
    console.print(f"{found['pairs']} pairs of {found['views']} views (of {found['of_views']})")
    console.print(table)
    failing = found["approved"]["failing"]
    newly = [row for row in failing if not row["fails_now"]]
    links = found["approved"]["links"]
    console.print(f"{links} approved links: {len(failing)} would fail, {len(newly)} of them by this model only")
    for row in newly[:20]:
        p_same, p_household = row["p_same"], row["p_household"]
        console.print(f"  {row['candidate']}  P(same) {p_same:.3f}  P(household) {p_household:.3f}")
    for which, name in (("live", found["live"]), ("new", found["model"])):
        one = found["verdicts"][which]
        console.print(
            f"{name} agrees with {one['same_agreed']} of {one['same']} verdicts same "
            f"and {one['apart_agreed']} of {one['apart']} that keep apart"
        )


async def _compare(name: str, against: str | None, sample: int, data: Path | None, tell: Tell) -> dict[str, Any]:
    async with open_graph_of(data) as graph:
        version = await models.get_version(graph, name)
        live = await models.live_model(graph)
        other = live if against in (None, "live", live.name) else (await models.get_version(graph, str(against))).model
        report = {
            **version.report,
            "comparison": await compare_models(graph, version.model, other, sample, tell),
        }
        if other.name == live.name:
            await models.record_comparison(graph, name, live.name, report)
        return report


async def _promote(name: str, key: str, reason: str, data: Path | None) -> Row:
    async with open_graph_of(data) as graph:
        actor = await find_caller(graph, key)
        if actor is None:
            raise Unauthenticated("no such key, or it was revoked")
        return await promote_model(graph, name, actor, reason)
