"""`vito intake`: observations from a Redis stream, each accepted once however often it is delivered."""

from __future__ import annotations

import datetime as dt
import os
import socket
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from vitograph.api.cli.options import DataOption, settings_on
from vitograph.api.running.servers import open_servers
from vitograph.api.running.stopping import run_until_stopped
from vitograph.graph.driver import Graph, open_graph
from vitograph.graph.intake.observations import Outcome, Recorded, record
from vitograph.graph.people.tombstones import check_seal
from vitograph.ingest.bodies import MOST_OBSERVATION_BYTES, decode
from vitograph.ingest.observations import parse
from vitograph.projections.stream import FIELD, Accept, Entry, Refusal, Stream, open_stream_client
from vitograph.resolver.errors import Erased, Fault, InvalidInput
from vitograph.resolver.model import Observation

_NAMESPACE = uuid.UUID("2b1d3f3e-6f0c-5d5a-8c5b-0c6a54b0b5a1")


def intake(
    stream: Annotated[str, typer.Option(help="the stream; refused entries go to STREAM:dead")],
    group: Annotated[str, typer.Option(help="consumers of one group share the entries")] = "vito",
    redis_url: Annotated[str | None, typer.Option(help="where the stream is; none: ViTo's own Valkey")] = None,
    region: Annotated[
        str | None, typer.Option(help="country of phone numbers that name none, e.g. ES; none: as set")
    ] = None,
    data: DataOption = None,
) -> None:
    """Takes observations in from a Redis stream until SIGTERM. Any number may run on one stream."""
    run_until_stopped(_run(stream, group, redis_url, region, data))


async def _run(stream: str, group: str, redis_url: str | None, region: str | None, data: Path | None) -> None:
    settings = settings_on(data)
    async with open_servers(settings) as servers:
        url = redis_url or servers.redis_url
        async with open_graph(*servers.login, servers.seal) as graph, open_stream_client(url) as client:
            await check_seal(graph)
            consumer = f"{socket.gethostname()}-{os.getpid()}"
            typer.echo(f"takes in {stream}")
            accept = acceptor(graph, stream, region or settings.default_region)
            await Stream(client, stream, group, consumer, accept).run()


def acceptor(graph: Graph, stream: str, region: str | None = None) -> Accept:
    """What takes entries of a stream into the graph: why, for each that can never be accepted."""

    async def accept(entries: Sequence[Entry]) -> list[Refusal | None]:
        read = [_read(stream, entry, region) for entry in entries]
        observations = [one for one in read if isinstance(one, Observation)]
        outcomes = iter(await record(graph, observations, dt.timedelta()) if observations else [])
        return [_refusal(next(outcomes)) if isinstance(one, Observation) else Refusal(one) for one in read]

    return accept


def _refusal(outcome: Outcome) -> Refusal | None:
    return None if isinstance(outcome, Recorded) else Refusal(str(outcome), not isinstance(outcome, Erased))


def _read(stream: str, entry: Entry, region: str | None) -> Observation | str:
    """The observation of an entry, or why it is none. One without an id has that of its entry, at each delivery."""
    id, body = entry
    if body is None:
        return f"an entry holds an observation, as JSON, in its field `{FIELD.decode()}`; this one has no such field"
    if len(body) > MOST_OBSERVATION_BYTES:
        return f"an observation may have {MOST_OBSERVATION_BYTES} bytes"
    try:
        stated = decode(body)
        if not isinstance(stated, dict):
            raise InvalidInput([Fault("", "an observation is a JSON object")])
        stated.setdefault("id", str(uuid.uuid5(_NAMESPACE, f"{stream}/{id}")))
        return parse(stated, received_at=dt.datetime.now(dt.UTC), default_region=region)
    except (InvalidInput, ValueError) as error:
        return str(error)
