"""`vito audit`: every invariant that a live graph can be asked about."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

import typer

from vitograph.api.cli.options import DataOption, open_graph_of
from vitograph.graph.keeping import audit as audits
from vitograph.graph.keeping.audit import Finding
from vitograph.graph.keeping.upkeep import record_audit


def audit(data: DataOption = None) -> None:
    """Says of each invariant whether it holds, and for whom not; exit status 1 when one does not."""
    findings = asyncio.run(_audit(data))
    for line in report(findings):
        typer.echo(line)
    if any(not finding.is_warning for finding in findings):
        raise typer.Exit(1)


def report(findings: Iterable[Finding]) -> list[str]:
    """One line for each invariant, in their order: `ok   I2  …`, `FAIL I2  … ids`, `warn I14 … ids`."""
    found = {(finding.invariant, finding.sentence): finding for finding in findings}
    return [_line(invariant, sentence, found.get((invariant, sentence))) for invariant, sentence in audits.EVERY]


def _line(invariant: str, sentence: str, finding: Finding | None) -> str:
    if finding is None:
        return f"ok   {invariant:<3} {sentence}"
    word = "warn" if finding.is_warning else "FAIL"
    return f"{word} {invariant:<3} {sentence}: {', '.join(finding.ids)}"


async def _audit(data: Path | None) -> list[Finding]:
    # Not migrated: a constraint that is missing is a finding, not something to mend unseen.
    async with open_graph_of(data, migrated=False) as graph:
        findings = await audits.audit(graph)
        await record_audit(graph, findings)
        return findings
