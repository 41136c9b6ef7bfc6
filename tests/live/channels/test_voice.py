"""A call over the real socket, into the real API, heard by the real model, until it is an event with evidence."""

from __future__ import annotations

import asyncio
import base64
import datetime as dt
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import websockets
from click.testing import Result
from typer.testing import CliRunner

from tests.live.calls import CONNECTED, FORMAT, FRAME, SPEECH, finish_calls, frames, mulaw_of, serving, start, stream
from vitograph.api.app import create_app
from vitograph.api.cli import app
from vitograph.api.routes import voice
from vitograph.api.settings import Settings
from vitograph.api.signing import call_tokens
from vitograph.api.wiring import calls
from vitograph.api.wiring.calls import make_desk, open_speech, open_spool
from vitograph.graph.access.keys import Role, create_key, revoke_key
from vitograph.graph.driver import Graph
from vitograph.graph.queries import Statement
from vitograph.ingest.voice import listening
from vitograph.ingest.voice.speech import SpeechToText, Transcript
from vitograph.ingest.voice.twilio import Media, read
from vitograph.ingest.voice.weights import hash_file
from vitograph.resolver.errors import InvalidInput, SpeechFailed, SpeechUnavailable
from vitograph.resolver.terms import Terms

Headers = dict[Role, dict[str, str]]

CALL = Statement(
    "test/call",
    """
    MATCH (e:Event {id: $id})-[:OF]->(p)
    RETURN e.type AS type, e.target_id AS target, e.properties AS properties, e.evidence AS evidence, p.kind AS kind,
      COLLECT { MATCH (e)-[c:CARRIES]->(i) RETURN i.key + ' ' + c.assurance ORDER BY i.key } AS carries
    """,
)
NARROW = Statement("test/narrow", "MATCH (k:ApiKey {id: $id}) SET k.terms = $terms")
EXPIRE = Statement("test/expire", "MATCH (k:ApiKey {id: $id}) SET k.expires_at = datetime()")
CAMPAIGN = {"campaign": "summer-offer", "from": "+34600100200"}


@pytest.fixture(scope="module")
async def speech() -> AsyncIterator[SpeechToText]:
    """The real model, loaded once."""
    speech = open_speech(Settings())
    yield speech
    await speech.close()


async def call_of(graph: Graph, sid: str) -> dict[str, Any]:
    row = (await graph.rows(CALL, id=f"call:{sid}"))[0]
    return {**row, "properties": json.loads(row["properties"])}


async def test_a_call_is_one_event_with_its_recording_and_transcript(
    graph: Graph, settings: Settings, speech: SpeechToText, secrets: dict[Role, str], bearer: Headers
) -> None:
    sound = mulaw_of("accepts")
    async with serving(create_app(settings)) as url:
        messages = frames(sound)
        random.Random(7).shuffle(messages)  # frames may come out of order, and more than once
        said = [start("CA1", token=secrets[Role.CHANNEL], **CAMPAIGN), *messages, *messages[:20]]
        assert await stream(url, said) == 1000
        doubtful = frames(mulaw_of("would_accept"), "MZ2")
        assert await stream(url, [start("CA2", "MZ2", key=secrets[Role.CHANNEL], **CAMPAIGN), *doubtful]) == 1000
        recorded = await finish_calls(settings, graph, speech, 2)
        assert [one.event_id for one in recorded] == ["call:CA1", "call:CA2"]

        event = await call_of(graph, "CA1")
        assert (event["type"], event["target"]) == ("campaign.enrolled", "summer-offer"), event
        assert event["carries"] == ["phone:+34600100200 observed"]
        audio, transcript = event["evidence"]
        address = url.replace("ws://", "http://").removesuffix("/v1/voice/twilio")
        async with httpx.AsyncClient(base_url=address, headers=bearer[Role.SPECIALIST], timeout=30) as api:
            recording = await api.get(f"/v1/evidence/{audio}")
            assert (recording.headers["content-type"], recording.content[:4]) == ("audio/wav", b"RIFF")
            assert abs(len(recording.content) - 44 - 2 * len(sound)) <= 2 * FRAME
            document = (await api.get(f"/v1/evidence/{transcript}")).json()
            assert "accept" in document["text"]["inbound"]
            assert document["recording"] == audio
            word = next(one for one in document["words"] if "accept" in one["text"])
            assert 0 <= word["start"] < word["end"] <= document["seconds"]
            assert "token" not in json.dumps(event["properties"])
            await doubtful_waits(api, graph)
    assert open_spool(settings).waiting() == []


async def doubtful_waits(api: httpx.AsyncClient, graph: Graph) -> None:
    """What was said conditionally waits for a specialist, whose word makes an event."""
    event = await call_of(graph, "CA2")
    assert (event["type"], event["target"]) == ("offer.accepted.needs_review", None)
    waiting = (await api.get("/v1/voice/reviews")).json()["items"]
    assert [one["event_id"] for one in waiting] == ["call:CA2"]
    figures = (await api.get("/metrics")).text
    assert "vito_doubtful_open 1\n" in figures
    assert "vito_calls_waiting 0\n" in figures
    assert waiting[0]["properties"]["proposed"] == waiting[0]["proposed"] == "campaign.enrolled"
    assert any("depends" in doubt for doubt in waiting[0]["properties"]["needs_review"])
    assert {one["sha256"] for one in waiting[0]["attached"]} == set(waiting[0]["evidence"])
    assert [(one["media_type"], one["status"]) for one in waiting[0]["attached"]] == [
        ("application/json", "stored"),
        ("audio/wav", "stored"),
    ]
    word = {"verdict": "confirm", "note": "she called again and meant it"}
    settled = await api.post("/v1/voice/reviews/call:CA2", json=word)
    assert settled.status_code == 201, settled.text
    made = (await graph.rows(CALL, id="call:CA2:reviewed"))[0]
    assert (made["type"], made["target"]) == ("campaign.enrolled", "summer-offer")
    assert json.loads(made["properties"])["actor_name"] == "a specialist"
    assert (await api.get("/v1/voice/reviews")).json()["items"] == []
    other = await api.post("/v1/voice/reviews/call:CA2", json={"verdict": "reject"})
    assert other.status_code == 409
    assert "settled already" in other.json()["detail"]
    assert (await api.post("/v1/voice/reviews/call:CA1", json=word)).status_code == 404


async def test_a_stream_that_may_not_come_in_is_closed_and_leaves_nothing(
    graph: Graph, settings: Settings, secrets: dict[Role, str], bearer: Headers
) -> None:
    key = secrets[Role.CHANNEL]
    async with serving(create_app(settings)) as url:
        assert await stream(url, [start("CA1")]) == 1008
        assert await stream(url, [start("CA1", token="nobody's")]) == 1008
        assert await stream(url, [start("CA1", token="a.b.c")]) == 1008
        assert await stream(url, [start("CA1", token=secrets[Role.SPECIALIST])]) == 1008
        assert await stream(url, [start("../x", token=key)]) == 1003
        for other in ({"encoding": "audio/x-l16"}, {"sampleRate": 16000}, {"channels": 2}):
            assert await stream(url, [start("CA1", format=FORMAT | other, token=key)]) == 1003
        assert await stream(url, frames(b"\xff" * 320)) == 1007
        assert await stream(url, ["no JSON"]) == 1007
        address = url.replace("ws://", "http://").removesuffix("/twilio")
        async with httpx.AsyncClient(headers=bearer[Role.CHANNEL], timeout=30) as api:
            made = await api.post(f"{address}/tokens", json={"seconds": 60})
            assert made.status_code == 201
            assert (await api.post(f"{address}/tokens", json={"seconds": 10**6})).status_code == 422
        for terms in (Terms(campaigns=("winter",)), Terms(channels=("crm",)), Terms(publishable=True)):
            id, narrow = await create_key(graph, "narrow", Role.CHANNEL, terms=terms)
            for token in (narrow, call_tokens.sign(settings, id, 60)[0]):
                assert await stream(url, [start("CA1", token=token, **CAMPAIGN)]) == 1008
        id, _ = await create_key(graph, "leaving", Role.CHANNEL)
        await revoke_key(graph, id)
        for nobodys in (call_tokens.sign(settings, id, 60)[0], "eyJhbGciOiJIUzI1NiIsImNyaXQiOjF9.e30.x"):
            assert await stream(url, [start("CA1", token=nobodys)]) == 1008
        assert await stream(url, [start("CA1", "erased", token=key)]) == 1008
        assert not (settings.data / "calls").exists() or not list((settings.data / "calls").iterdir())
        numbers = {**FORMAT, "sampleRate": "8000", "channels": "1"}  # Twilio's numbers are strings
        assert await stream(url, [start("CA9", format=numbers, token=made.json()["token"])]) == 1000
    assert [call.sid for call in open_spool(settings).waiting()] == ["CA9"]


async def test_a_key_that_is_lost_in_the_middle_of_a_call_ends_its_stream_and_keeps_what_came(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voice, "ASKED_EVERY", 0.2)
    sound = frames(mulaw_of("accepts"))
    async with serving(create_app(settings)) as url:
        for number, lose in enumerate((revoke_key, narrow, expire)):
            id, key = await create_key(graph, "calling", Role.CHANNEL)
            token = call_tokens.sign(settings, id, 60)[0] if number == 1 else key
            async with websockets.connect(url, open_timeout=30) as socket:
                await socket.send(start(f"CA{number}", token=token, **CAMPAIGN))
                for message in sound[:50]:
                    await socket.send(message)
                while len(kept(settings, f"CA{number}")) < 50:  # noqa: ASYNC110  the server writes in its own time
                    await asyncio.sleep(0.1)
                await asyncio.sleep(1.0)  # a call whose key is good goes on
                await socket.send(sound[50])
                await lose(graph, id)
                with pytest.raises(websockets.ConnectionClosed):
                    await speak(socket, sound[51:])
                assert socket.close_code == 1008
            assert 51 <= len(kept(settings, f"CA{number}")) < len(sound)


def kept(settings: Settings, call: str) -> list[Media]:
    """The frames of a call that are on the disk."""
    return [media for stream in open_spool(settings).call(call).streams() for media in stream.read()]


async def speak(socket: websockets.ClientConnection, messages: Sequence[str]) -> None:
    for message in messages:
        await socket.send(message)
        await asyncio.sleep(0.1)


async def narrow(graph: Graph, id: str) -> None:
    await graph.run(NARROW, id=id, terms=Terms(campaigns=("winter",)).to_json())


async def expire(graph: Graph, id: str) -> None:
    await graph.run(EXPIRE, id=id)


async def test_a_dropped_socket_and_a_missing_model_lose_nothing(
    graph: Graph, settings: Settings, speech: SpeechToText, secrets: dict[Role, str], tmp_path: Path
) -> None:
    sound = mulaw_of("accepts")
    messages = frames(sound)
    async with serving(create_app(settings)) as url:
        begin = start("CA1", token=secrets[Role.CHANNEL], **CAMPAIGN)
        await stream(url, [begin, *messages], then=None)
        spool = open_spool(settings)
        async with asyncio.timeout(30):
            while not spool.waiting():  # noqa: ASYNC110  it waits for the socket to return
                await asyncio.sleep(0.1)
    without = settings.model_copy(update={"speech_model": tmp_path / "nowhere"})
    desk = make_desk(without, graph)
    with pytest.raises(SpeechUnavailable, match="VITO_SPEECH_MODEL"):
        await desk.finish(spool.call("CA1"))
    recorded = await finish_calls(settings, graph, speech, 1)
    assert [one.event_id for one in recorded] == ["call:CA1"]
    event = await call_of(graph, "CA1")
    assert event["properties"]["seconds"] == pytest.approx(len(sound) / 8000, abs=0.05)
    assert event["type"] == "campaign.enrolled"


class Listener:
    """The real model, and how many seconds it was given each time."""

    def __init__(self, speech: SpeechToText) -> None:
        self.speech = speech
        self.seconds: list[float] = []

    async def transcribe(self, recording: Path, tracks: Sequence[str]) -> Transcript:
        found = await self.speech.transcribe(recording, tracks)
        self.seconds.append(found.seconds)
        return found

    async def close(self) -> None:
        """It is everybody's."""


async def test_what_was_said_is_heard_while_the_call_goes_on_and_again_where_frames_come_late(
    graph: Graph, settings: Settings, speech: SpeechToText, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "LEAST", 2.0)
    monkeypatch.setattr(calls, "ENOUGH", 1)
    listener = Listener(speech)
    desk = replace(make_desk(settings, graph), speech=listener)
    facts = {"started_at": dt.datetime.now(dt.UTC).isoformat(), "parameters": CAMPAIGN, "tracks": ["inbound"]}
    said = mulaw_of("accepts")
    sound = [read(message) for message in frames(said + b"\xff" * 24_000 + said)]
    pause = len(said) // FRAME + 140
    for sid, late in (("CA1", None), ("CA2", 30)):
        writer = desk.spool.open_stream(sid, "MZ1", facts)
        for number, media in enumerate(sound):
            if number != late:
                writer.append(media)  # type: ignore[arg-type]
            if number == pause:
                assert await desk._step()
                assert not await desk._step()  # nothing new was said
        if late is not None:
            writer.append(sound[late])  # type: ignore[arg-type]
        writer.close(stopped=True)
        listener.seconds, before = [], listener.seconds
        recorded = await desk.finish(desk.spool.call(sid))
        assert recorded is not None
        assert recorded.event_id == f"call:{sid}"
        [heard], [rest] = before, listener.seconds
        whole = len(said) * 2 / 8000 + 3
        assert heard == pytest.approx(len(said) / 8000 + 2, abs=1.5)
        assert rest == pytest.approx(whole - heard if late is None else whole, abs=0.1)
        listener.seconds = []
        event = await call_of(graph, sid)
        assert (event["type"], event["target"]) == ("campaign.enrolled", "summer-offer"), event
        starts = [one["start"] for one in event["properties"]["intents"]]
        assert starts[0] < 4 < starts[-1] < whole
        assert event["properties"]["seconds"] == pytest.approx(whole, abs=0.05)


async def test_a_killed_api_loses_no_frame_that_it_received(
    graph: Graph, settings: Settings, secrets: dict[Role, str]
) -> None:
    await asyncio.to_thread(settings.data.mkdir, parents=True)
    variables = {
        "VITO_DATA": str(settings.data),
        "VITO_NEO4J_URI": settings.neo4j_uri or "",
        "VITO_NEO4J_PASSWORD": settings.neo4j_password.get_secret_value(),
        "VITO_REDIS_URL": settings.redis_url or "",
        "VITO_PORT": "0",
    }
    api = subprocess.Popen(  # noqa: ASYNC220  it is started once
        [sys.executable, "-m", "vitograph.api.serve"], env=os.environ | variables, stderr=subprocess.PIPE, text=True
    )
    assert api.stderr
    try:
        port = ""
        while not port:
            line = await asyncio.to_thread(api.stderr.readline)
            assert line, "the API ended"
            port = line.partition("running on http://127.0.0.1:")[2].split(" ")[0]
        url = f"ws://127.0.0.1:{port}/v1/voice/twilio"
        messages = frames(mulaw_of("accepts"))
        async with websockets.connect(url, open_timeout=30) as socket:
            for message in (CONNECTED, start("CA1", token=secrets[Role.CHANNEL]), *messages[:100]):
                await socket.send(message)
            await asyncio.wait_for(await socket.ping(), 30)  # it answers in order: all of them were received
            while await asyncio.to_thread(received, settings) < 100:  # noqa: ASYNC110  but read a moment later
                await asyncio.sleep(0.05)
            api.send_signal(signal.SIGKILL)
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 30)
    finally:
        api.kill()
        await asyncio.to_thread(api.wait)
        api.stderr.close()
    assert received(settings) == 100
    call = open_spool(settings).call("CA1")
    sent = [json.loads(message)["media"]["payload"] for message in messages[:100]]
    assert [base64.b64encode(frame.payload).decode() for frame in call.streams()[0].read()] == sent


async def test_a_recording_that_cannot_be_heard_is_for_a_specialist(
    graph: Graph, settings: Settings, speech: SpeechToText, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.wav"
    await asyncio.to_thread(broken.write_bytes, b"RIFF, and nothing that follows")
    facts = {"started_at": "2026-11-25T10:00:00+00:00", "parameters": CAMPAIGN, "tracks": ["inbound"]}
    desk = replace(make_desk(settings, graph), speech=speech)
    call = desk.spool.add_file("CA8", broken, facts)
    for _ in range(2):
        with pytest.raises(SpeechFailed, match="no audio file"):
            await desk.finish(call)
    assert await desk.finish(call)
    event = await call_of(graph, "CA8")
    assert (event["type"], len(event["evidence"])) == ("call.needs_review", 1)
    assert desk.spool.waiting() == []


async def test_a_recording_goes_the_same_way_and_is_an_event_once(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("data", "neo4j_uri", "redis_url"):
        monkeypatch.setenv(f"VITO_{name.upper()}", str(getattr(settings, name)))
    monkeypatch.setenv("VITO_NEO4J_PASSWORD", settings.neo4j_password.get_secret_value())

    async def vito(*arguments: str) -> Result:
        return await asyncio.to_thread(CliRunner().invoke, app, ["voice", *arguments])

    recording = SPEECH / "would_accept.wav"
    options = ("--campaign", "summer-offer", "--from", "+34600100200", "--call", "CA7")
    done = await vito("ingest", str(recording), *options)
    assert done.stdout.startswith("event call:CA7 of person "), done
    event = await call_of(graph, "CA7")
    assert (event["type"], event["target"]) == ("offer.accepted.needs_review", None)
    assert event["evidence"][0] == await asyncio.to_thread(hash_file, recording)
    assert "event already" in (await vito("ingest", str(recording), *options)).stdout
    assert (await vito("waiting")).stdout == "0 calls wait\n"
    for refused, why in (
        (("ingest", str(recording), "--from", "nobody"), "/from"),
        (
            ("ingest", str(recording), "--channels", "2", "--call", "CA9"),
            "would_accept.wav: the recording has 1 channels",
        ),
        (("ingest", __file__, "--call", "CA9"), "no audio file"),
    ):
        answer = await vito(*refused)
        assert isinstance(answer.exception, InvalidInput)
        assert why in str(answer.exception)
    assert (await vito("waiting")).stdout == "0 calls wait\n"
    assert (await vito("ingest", str(recording), "--call", "CA9")).stdout.startswith("event call:CA9 of person ")


def received(settings: Settings) -> int:
    return sum(1 for stream in open_spool(settings).call("CA1").streams() for _ in stream.read())
