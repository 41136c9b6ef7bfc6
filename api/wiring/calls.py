"""The way of a call from the spool to its event: recording, transcript, evidence, observation, commit. Step by step,
each kept before the next, so that whoever goes on after a crash posts the very same body.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
from dataclasses import dataclass, field, replace
from typing import Any

from vitograph.api.settings import Settings
from vitograph.api.wiring.evidence import keep_bytes, open_evidence, retention
from vitograph.graph.deciding.call_reviews import find_call
from vitograph.graph.driver import Graph
from vitograph.graph.erasing.erasures import close_unused
from vitograph.graph.intake.evidence import delete_unkept
from vitograph.graph.intake.observations import Recorded, record
from vitograph.ingest.evidence.store import EvidenceStore
from vitograph.ingest.observations import parse
from vitograph.ingest.voice.calls import CallFacts, observe
from vitograph.ingest.voice.child import SpeechProcess
from vitograph.ingest.voice.listening import listen, transcribe
from vitograph.ingest.voice.recording import record as record_frames
from vitograph.ingest.voice.speech import SpeechToText, Transcript
from vitograph.ingest.voice.spool import Spool, SpooledCall, Stream, write_whole
from vitograph.resolver.errors import Erased, InvalidInput, ReusedId, SpeechFailed, SpeechUnavailable, VitoError

log = logging.getLogger(__name__)

POLL = 0.5  # seconds between looks for calls that are over
IDLE = 60.0  # seconds after which the memory of the model is given back
ENOUGH = 60_000  # bytes of frames that are new, before a call that goes on is looked at again: some seconds
RETRY = 30.0  # seconds, while model or servers are away
MOST_FAILURES = 3
"""Attempts at a recording that cannot be heard; then a specialist listens to it."""

WAV = "audio/wav"
JSON = "application/json"


def open_spool(settings: Settings) -> Spool:
    """Where calls are kept until they are events: beside the other data, on this machine."""
    return Spool(settings.data.resolve() / "calls")


def open_speech(settings: Settings) -> SpeechToText:
    """faster-whisper with the model that is set, or that of the extra `voice`."""
    return SpeechProcess(settings.speech_model, settings.cache, settings.speech_language)


@dataclass(slots=True)
class CallDesk:
    """Works off the calls of a spool, one after another, and hears those that go on. Several may run on one spool.

    `_looked` is how many bytes there were of a call when it was last looked at.
    """

    graph: Graph
    store: EvidenceStore
    spool: Spool
    speech: SpeechToText
    keep: dt.timedelta | None
    _looked: dict[str, int] = field(default_factory=dict)

    async def run(self) -> None:
        """For as long as it is not cancelled."""
        idle_since = asyncio.get_running_loop().time()
        try:
            while True:
                done = await self._step()
                now = asyncio.get_running_loop().time()
                idle_since = now if done else idle_since
                if now - idle_since > IDLE:
                    await self.speech.close()
                await asyncio.sleep(POLL)
        finally:
            await self.speech.close()

    async def finish(self, call: SpooledCall) -> Recorded | None:
        """The event of a call that is over.

        None when somebody else works on it, all of it was an event before, or it is of somebody who was erased.
        """
        with call.claimed() as ours:
            return await self._finish(call) if ours else None

    async def _step(self) -> bool:
        """Calls that are over come first; while none is, those that go on are heard as far as they are."""
        done = await self._finish_all()
        return done or await self._listen()

    async def _listen(self) -> bool:
        """Whether anything new was heard. What cannot be heard now is heard when its call is over."""
        done = False
        calls = await asyncio.to_thread(self.spool.receiving)
        self._looked = {call.folder.name: self._looked.get(call.folder.name, 0) for call in calls}
        for call in calls:
            if call.bytes - self._looked[call.folder.name] < ENOUGH:
                continue
            self._looked[call.folder.name] = call.bytes
            try:
                with call.listened() as ours:
                    done = (ours and await listen(call, self.speech)) or done
            except (VitoError, OSError, ValueError) as error:
                log.warning("call %s is not heard before its end: %s", call.sid, type(error).__name__)
            if done:
                break  # meanwhile another may be over
        return done

    async def _finish_all(self) -> bool:
        done = False
        for call in await asyncio.to_thread(self.spool.waiting):
            try:
                done = await self.finish(call) is not None or done
            except SpeechFailed as error:
                log.warning("call %s: %s", call.sid, error)
            except VitoError as error:
                log.warning("call %s waits: %s", call.sid, type(error).__name__)
                await asyncio.sleep(RETRY)
            except Exception:
                log.exception("call %s waits: it cannot be worked off", call.sid)
                await asyncio.sleep(RETRY)
        return done

    async def _finish(self, call: SpooledCall) -> Recorded | None:
        if (erased := call.kept("erased")) is not None:
            await self._forget(call, erased)
            return None
        body = call.kept("observation") or await self._observe(call)
        if body is None:
            call.remove()
            return None
        observation = parse(body, received_at=dt.datetime.now(dt.UTC), default_region=None)
        outcome = (await record(self.graph, [observation]))[0]
        if isinstance(outcome, ReusedId):
            log.warning("call %s is an event already", call.sid)
        elif isinstance(outcome, Erased):
            log.warning("call %s is of somebody who was erased", call.sid)
            evidence = list(observation.event.evidence)
            call.keep("erased", evidence)  # what is left of it may not be posted again: its evidence is unknown by then
            await self._forget(call, evidence)
            return None
        elif isinstance(outcome, VitoError):
            raise outcome
        call.remove()
        return outcome if isinstance(outcome, Recorded) else None

    async def _forget(self, call: SpooledCall, evidence: list[str]) -> None:
        """Nothing is left of it, nor of its evidence, unless an event refers to that."""
        await close_unused(self.graph, evidence)
        for sha256 in evidence:
            await delete_unkept(self.graph, sha256, self.store.delete, dt.datetime.now(dt.UTC))
        call.remove()

    async def _observe(self, call: SpooledCall) -> dict[str, Any] | None:
        """The body to post; None when every stream of the call is in an event already."""
        known = await find_call(self.graph, call.sid)
        streams = [stream for stream in await asyncio.to_thread(call.streams) if stream.sid not in known]
        if not streams:
            return None
        recording = call.folder / "recording.wav"
        tracks, sound = await asyncio.to_thread(_sound, streams)
        await asyncio.to_thread(write_whole, recording, sound)
        transcript, failure = await self._transcript(call, tracks, sound)
        audio = await keep_bytes(self.graph, self.store, sound, WAV, self.keep)
        hashes = [audio.sha256]
        if transcript is not None:
            document = await asyncio.to_thread(_document, transcript, call.sid, audio.sha256)
            hashes.append((await keep_bytes(self.graph, self.store, document, JSON, self.keep)).sha256)
        body = _body(_facts(call, streams, bool(known)), transcript, hashes, failure)
        call.keep("observation", body)
        return body

    async def _transcript(
        self, call: SpooledCall, tracks: tuple[str, ...], sound: bytes
    ) -> tuple[Transcript | None, str]:
        """What was said; or why nobody can say so. SpeechUnavailable: later. SpeechFailed: another attempt is left."""
        if (kept := call.kept("transcript")) is not None:
            return Transcript.from_json(kept), ""
        try:
            transcript = await transcribe(call, self.speech, tracks, sound)
        except SpeechUnavailable:
            raise
        except SpeechFailed as error:
            failures = (call.kept("failures") or 0) + 1
            call.keep("failures", failures)
            if failures < MOST_FAILURES:
                raise
            return None, str(error)[:200]
        call.keep("transcript", transcript.to_json())
        return transcript, ""


def _body(facts: CallFacts, transcript: Transcript | None, hashes: list[str], failure: str) -> dict[str, Any]:
    """What can be posted: should what was heard not be, a specialist listens, and the call does not wait for ever."""
    now = dt.datetime.now(dt.UTC)
    try:
        body = observe(facts, transcript, hashes, failure)
        parse(body, received_at=now, default_region=None)
    except InvalidInput as error:
        where = ", ".join(fault.pointer for fault in error.faults)
        log.error("call %s: what was heard cannot be posted: %s", facts.sid, where)
        bare = replace(facts, parameters={}, started_at=min(facts.started_at, now))
        body = observe(bare, None, hashes, f"what was heard cannot be posted: {error}"[:200])
    return body


def make_desk(settings: Settings, graph: Graph) -> CallDesk:
    """What a worker runs."""
    return CallDesk(graph, open_evidence(settings), open_spool(settings), open_speech(settings), retention(settings))


def _sound(streams: list[Stream]) -> tuple[tuple[str, ...], bytes]:
    """A file that was handed in is itself the recording; frames are laid out."""
    for stream in streams:
        with contextlib.suppress(FileNotFoundError):
            return tuple(stream.facts["tracks"]), stream.frames.with_suffix(".wav").read_bytes()
    return record_frames(streams)


def _document(transcript: Transcript, sid: str, audio: str) -> bytes:
    import orjson

    content = {"call": sid, "recording": audio, **transcript.to_json()}
    return orjson.dumps(content, option=orjson.OPT_INDENT_2)


def _facts(call: SpooledCall, streams: list[Stream], is_later: bool) -> CallFacts:
    """The call's id makes that of its event; a stream that begins after its event was written makes one of its own."""
    first = streams[0]
    parameters = {name: value for stream in reversed(streams) for name, value in stream.facts["parameters"].items()}
    return CallFacts(
        f"call:{call.sid}:{first.sid}" if is_later else f"call:{call.sid}",
        call.sid,
        tuple(stream.sid for stream in streams),
        dt.datetime.fromisoformat(first.facts["started_at"]),
        parameters,
        first.facts.get("region"),
    )
