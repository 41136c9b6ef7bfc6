"""A telephone call as Twilio streams it, from a recording of the folder `speech`."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import uvicorn
import websockets

from vitograph.api.settings import Settings
from vitograph.api.wiring.calls import make_desk
from vitograph.graph.driver import Graph
from vitograph.ingest.voice.speech import SpeechToText

SPEECH = Path(__file__).parents[1] / "speech"
FRAME = 160  # bytes: 20 ms
FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


def mulaw_of(name: str) -> bytes:
    """The samples of a µ-law WAV file."""
    content = (SPEECH / f"{name}.wav").read_bytes()
    place = content.index(b"data")
    return content[place + 8 : place + 8 + int.from_bytes(content[place + 4 : place + 8], "little")]


def start(call: str, stream: str = "MZ1", format: dict[str, Any] = FORMAT, **parameters: str) -> str:
    custom = {"event": "start", "sequenceNumber": "1", "streamSid": stream}
    details = {
        "accountSid": "AC1",
        "streamSid": stream,
        "callSid": call,
        "tracks": ["inbound"],
        "mediaFormat": format,
        "customParameters": parameters,
    }
    return json.dumps({**custom, "start": details})


def frames(sound: bytes, stream: str = "MZ1", track: str = "inbound", first: int = 0) -> list[str]:
    """The media messages of a track, 20 ms each."""
    found = []
    for number, place in enumerate(range(0, len(sound), FRAME)):
        media = {
            "track": track,
            "chunk": str(first + number + 1),
            "timestamp": str((first + number) * 20),
            "payload": base64.b64encode(sound[place : place + FRAME]).decode(),
        }
        found.append(
            json.dumps({"event": "media", "sequenceNumber": str(number + 2), "streamSid": stream, "media": media})
        )
    return found


STOP = json.dumps({"event": "stop", "streamSid": "MZ1", "stop": {"accountSid": "AC1", "callSid": "CA1"}})
CONNECTED = json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """`ws://…` of the app on a port of its own."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve())
    while not server.started:
        assert not task.done()
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"ws://127.0.0.1:{port}/v1/voice/twilio"
    server.should_exit = True
    await task


async def stream(
    url: str, messages: Sequence[str], then: str | None = STOP, headers: Mapping[str, str] | None = None
) -> int | None:
    """Sends the messages; the code by which the server closes, None when it was we who broke off."""
    async with websockets.connect(url, open_timeout=30, additional_headers=headers) as socket:
        try:
            for message in (CONNECTED, *messages, *([then] if then else [])):
                await socket.send(message)
            if then is None:
                socket.transport.abort()
                return None
            await asyncio.wait_for(socket.wait_closed(), 60)
        except websockets.ConnectionClosed:
            pass
        return socket.close_code


async def finish_calls(settings: Settings, graph: Graph, speech: SpeechToText, count: int) -> list[Any]:
    """What a worker makes of the calls that are over, once there are so many."""
    desk = replace(make_desk(settings, graph), speech=speech)
    async with asyncio.timeout(200):
        while len(desk.spool.waiting()) < count:  # noqa: ASYNC110  the server's side closes its files in its own time
            await asyncio.sleep(0.05)
        return [await desk.finish(call) for call in desk.spool.waiting()]
