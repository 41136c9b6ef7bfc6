"""`vito decisions`: the log of decisions, away from its graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from vitograph.resolver.deciding.ledger import Broken, Head, Verifier

app = typer.Typer(help="The log of decisions.", no_args_is_help=True)


@app.command()
def verify(file: Annotated[Path, typer.Argument(help="what `GET /v1/decisions/export` answered", exists=True)]) -> None:
    """Follows the hash chain of an exported log; exit status 1 when an entry is not what was written."""
    verifier, head, broken = Verifier(), None, None
    with file.open("rb") as lines:
        for line in lines:
            entry = _read(line)
            if entry is None or head is not None:
                broken = Broken(verifier.seq + 1, None, f"after entry {verifier.seq} stands what is no entry")
            elif "head" in entry:
                head = Head(entry["head"]["seq"], entry["head"]["hash"])
            else:
                broken = verifier.follow(entry)
            if broken:
                break
    if broken is None:
        broken = (
            verifier.ends_at(head) if head else Broken(verifier.seq, None, "the file ends without the head of the log")
        )
    if broken is not None:
        typer.echo(f"FAIL {broken.sentence}" + (f" ({broken.id})" if broken.id else ""))
        raise typer.Exit(1)
    typer.echo(f"ok   {verifier.seq} entries, head {verifier.hash}")


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return entry if isinstance(entry, dict) else None
