"""`vito train`: a new version of the model from the graph and the verdicts, as a draft."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from vitograph.api.cli.model import NameOption, SampleOption, show_report
from vitograph.api.cli.options import DataOption, open_graph_of, progress_bar, show_persons
from vitograph.graph.resolving.models import live_model, record_comparison, record_model
from vitograph.graph.training.comparing import SAMPLE, Tell, compare_models


def train(
    name: NameOption = None,
    sample: SampleOption = SAMPLE,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object instead of words")] = False,
    data: DataOption = None,
) -> None:
    """Trains a new model and compares it with the live one. Nothing of it is live until a person promotes it."""
    with progress_bar() as progress:
        report = asyncio.run(_train(name, sample, data, show_persons(progress)))
    if as_json:
        typer.echo(json.dumps(report, indent=1))
        return
    console = Console(highlight=False, soft_wrap=True)
    for line in told(report):
        console.print(line)
    show_report(report, console)
    console.print(f"\nIt is a draft: `vito model promote {report['model']}` makes it live.")


async def _train(name: str | None, sample: int, data: Path | None, tell: Tell) -> dict[str, Any]:
    # Here, because SciPy takes a second to import, and every other command would wait for it.
    from vitograph.graph.training.fitting import train as train_model

    async with open_graph_of(data) as graph:
        trained = await train_model(graph, name, sample, tell)
        await record_model(graph, trained.model, "vito train", trained.parent, trained.report)
        live = await live_model(graph)
        compared = await compare_models(graph, trained.model, live, sample, tell)
        report = {**trained.report, "comparison": compared}
        await record_comparison(graph, trained.model.name, live.name, report)
        return {"model": trained.model.name, "parent": trained.parent, **report}


def told(report: dict[str, Any]) -> list[str]:
    """What the model was trained on, a sentence a line."""
    trained = report["trained"]
    lines = [
        f"{report['model']}, trained from {report['parent']} on {trained['views']} views: "
        f"{trained['random_pairs']} random pairs, {trained['pairs']} blocked ones",
        f"verdicts: {trained['same']} same, {trained['apart']} that keep apart",
    ]
    if not trained["labels"]:
        needed = trained["needed"]
        lines.append(f"Too few verdicts ({needed} of either kind are needed): trained without labels, not calibrated.")
    elif not trained["calibrated"]:
        lines.append("The verdicts tell no odds from others: not calibrated.")
    elif trained["band_a_open"]:
        lines.append(f"Calibrated. Band A is open from P(same) {trained['band_a']:.4f}.")
    else:
        lines.append(
            "Calibrated. Band A is closed: no bar is proven to be 99 % right (299 flawless verdicts prove one)."
        )
    return lines
