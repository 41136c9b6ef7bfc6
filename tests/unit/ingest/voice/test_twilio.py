"""Messages of the Media Streams protocol: as Twilio sends them, and as nobody should."""

from __future__ import annotations

import base64
import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.ingest.voice.twilio import BadFormat, BadMessage, Media, Start, Stop, read

FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}


def start(**changes: Any) -> str:
    details = {"streamSid": "MZ1", "callSid": "CA1", "tracks": ["inbound"], "mediaFormat": FORMAT} | changes
    return json.dumps({"event": "start", "streamSid": "MZ1", "start": details})


def media(**changes: Any) -> str:
    details = {"track": "inbound", "chunk": "2", "timestamp": "20", "payload": base64.b64encode(b"ab").decode()}
    return json.dumps({"event": "media", "media": details | changes})


def test_a_start_says_whose_stream_it_is() -> None:
    custom = {"campaign": "summer", "token": "t", "odd": 7}
    assert read(start(customParameters=custom)) == Start(
        "MZ1", "CA1", ("inbound",), {"campaign": "summer", "token": "t"}
    )


def test_tracks_that_are_none_are_passed_over() -> None:
    stated = read(start(tracks=["inbound", "third", ["outbound"], {}, None]))
    assert isinstance(stated, Start)
    assert stated.tracks == ("inbound",)


def test_numbers_may_be_strings() -> None:
    numbers = {**FORMAT, "sampleRate": "8000", "channels": "1"}
    assert isinstance(read(start(mediaFormat=numbers)), Start)


@pytest.mark.parametrize(
    "changes",
    [
        {"mediaFormat": {**FORMAT, "encoding": "audio/x-l16"}},
        {"mediaFormat": {**FORMAT, "sampleRate": 16000}},
        {"mediaFormat": {**FORMAT, "channels": True}},
        {"mediaFormat": {}},
        {"callSid": "../../etc"},
        {"callSid": ""},
        {"callSid": 7},
        {"streamSid": "a" * 65},
    ],
)
def test_another_format_or_a_nameless_call_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(BadFormat):
        read(start(**changes))


def test_a_frame_has_its_place_and_its_bytes() -> None:
    assert read(media()) == Media("inbound", 2, 20, b"ab")
    assert read(media(track="outbound", chunk=3)) == Media("outbound", 3, 20, b"ab")


@pytest.mark.parametrize(
    "changes",
    [
        {"payload": "not base64!"},
        {"payload": None},
        {"payload": "A" * 40_000},
        {"chunk": "-1"},
        {"chunk": "x"},
        {"timestamp": str(2**33)},
        {"timestamp": 1.5},
        {"track": "both"},
        {"track": ["inbound"]},
    ],
)
def test_a_broken_frame_is_a_bad_message(changes: dict[str, Any]) -> None:
    with pytest.raises(BadMessage):
        read(media(**changes))


def test_what_carries_nothing_of_ours_is_passed_over() -> None:
    assert read('{"event": "connected"}') is None
    assert read('{"event": "dtmf", "dtmf": {"digit": "1"}}') is None
    assert read('{"event": "stop"}') == Stop()


@given(st.one_of(st.text(), st.binary(), st.recursive(st.none() | st.text(), lambda x: st.lists(x)).map(json.dumps)))
def test_no_message_does_more_than_be_refused(text: str | bytes) -> None:
    with contextlib.suppress(BadMessage, BadFormat):
        read(text)
