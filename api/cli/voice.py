"""`vito voice`: calls from files, and what waits to be transcribed."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from vitograph.api.cli.options import DataOption, open_graph_of, settings_of
from vitograph.api.settings import Settings
from vitograph.api.wiring.calls import CallDesk, make_desk, open_spool
from vitograph.graph.intake.observations import Recorded
from vitograph.ingest.voice.speech import INBOUND, TRACKS
from vitograph.ingest.voice.weights import hash_file
from vitograph.resolver.errors import Fault, InvalidInput, SpeechFailed
from vitograph.resolver.values.normalize import country, identifier

app = typer.Typer(no_args_is_help=True, help="Telephone calls.")
console = Console(stderr=True)

_CALL = re.compile(r"[A-Za-z0-9_-]{1,64}")


@app.callback()
def voice() -> None:
    """Telephone calls."""


@app.command()
def ingest(
    file: Annotated[
        Path,
        typer.Argument(
            help="a recording: one channel is the customer's, of two the first", exists=True, dir_okay=False
        ),
    ],
    campaign: Annotated[str | None, typer.Option(help="the campaign that the call is about")] = None,
    caller: Annotated[str | None, typer.Option("--from", help="the caller's number, e.g. +34600100200")] = None,
    call: Annotated[str | None, typer.Option(help="the call's id  [default: from the hash of the file]")] = None,
    region: Annotated[str | None, typer.Option(help="country of numbers without one, e.g. ES")] = None,
    at: Annotated[
        dt.datetime | None, typer.Option(help="when the call began, in UTC  [default: when the file was written]")
    ] = None,
    channels: Annotated[int, typer.Option(min=1, max=2, help="channels of the recording")] = 1,
    data: DataOption = None,
) -> None:
    """Makes the event of a recorded call, by the way that a streamed one goes. The same file again adds nothing."""
    sid = call or f"file-{hash_file(file)[:32]}"
    if not _CALL.fullmatch(sid):
        raise InvalidInput([Fault("/call", "a call's id is up to 64 letters, digits, dashes and underscores")])
    _check_sound(file, channels)
    settings = settings_of(data)
    began = at.replace(tzinfo=dt.UTC) if at else dt.datetime.fromtimestamp(file.stat().st_mtime, dt.UTC)
    if began > dt.datetime.now(dt.UTC):
        raise InvalidInput([Fault("/at", "the call has not begun yet")])
    facts = {
        "started_at": began.isoformat(),
        "parameters": _parameters(campaign, caller, region),
        "region": country(region) if region else settings.default_region,
        "tracks": list(TRACKS) if channels == 2 else [INBOUND],
    }
    event = asyncio.run(_ingest(settings, data, sid, file, facts))
    typer.echo(
        f"event {event.event_id} of person {event.person_id}"
        if event
        else f"call {sid} is an event already, or of somebody who was erased"
    )


@app.command()
def waiting(data: DataOption = None) -> None:
    """Lists the calls that are over and not yet events: the model or a server is away, or the worker is busy."""
    calls = open_spool(settings_of(data)).waiting()
    for call in calls:
        typer.echo(f"{call.sid}  {sum(path.stat().st_size for path in call.folder.iterdir())} bytes")
    typer.echo(f"{len(calls)} calls wait")


async def _ingest(
    settings: Settings, data: Path | None, sid: str, file: Path, facts: Mapping[str, object]
) -> Recorded | None:
    async with open_graph_of(data, makes=True) as graph:
        desk = make_desk(settings, graph)
        try:
            return await _finish(desk, sid, file, facts)
        finally:
            await desk.speech.close()


async def _finish(desk: CallDesk, sid: str, file: Path, facts: Mapping[str, object]) -> Recorded | None:
    """Here and now; a worker that takes the call first does the same."""
    call = desk.spool.add_file(sid, file, facts)
    with console.status("listening"):
        while True:
            try:
                return await desk.finish(call)
            except SpeechFailed as error:
                console.print(f"[dim]{error}; once more[/dim]")


def _check_sound(file: Path, channels: int) -> None:
    """InvalidInput where nobody could hear it: what was kept once is an event, and cannot be handed in otherwise.

    Without the extra `voice` nobody can tell.
    """
    try:
        from vitograph.ingest.voice.whisper import check_sound

        check_sound(file, channels)
    except ModuleNotFoundError:
        return
    except ValueError as error:
        raise InvalidInput([Fault("", f"{file.name}: {error}")]) from None


def _parameters(campaign: str | None, caller: str | None, region: str | None) -> dict[str, str]:
    found = {}
    if campaign:
        found["campaign"] = campaign
    if caller:
        try:
            found["from"] = identifier("phone", caller, region).value
        except ValueError as error:
            raise InvalidInput([Fault("/from", str(error))]) from None
    return found
