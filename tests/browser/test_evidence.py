"""The recording of a call beside the pair: fetched with the key, played from memory, read word by word."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tests.browser.walk import shown_pair, sign_in, stated
from tests.live.calls import SPEECH
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.resolving.resolution import Resolver
from vitograph.resolver.scoring.parameters_json import load_model

MARIA = {"given_name": "Maria", "family_name": "Lopez", "date_of_birth": "1990-03-02"}
WORDS = [
    {"track": "inbound", "text": "Yes,", "start": 0.2, "end": 0.6, "probability": 0.9, "segment": 0},
    {"track": "inbound", "text": "I", "start": 1.0, "end": 1.1, "probability": 0.4, "segment": 0},
    {"track": "inbound", "text": "<b>accept</b>.", "start": 1.1, "end": 1.5, "probability": 0.95, "segment": 0},
]


async def attach(channel: httpx.AsyncClient, name: str, content: bytes, media_type: str) -> str:
    answer = await channel.post("/v1/evidence", files={"file": (name, content, media_type)})
    assert answer.status_code == 201
    return str(answer.json()["sha256"])


async def test_a_recording_is_played_and_read_beside_the_pair(
    page: Any, address: str, graph: Graph, secrets: dict[Role, str]
) -> None:
    headers = {"Authorization": f"Bearer {secrets[Role.CHANNEL]}"}
    async with httpx.AsyncClient(base_url=address, headers=headers, timeout=30) as channel:
        sound = await attach(channel, "call.wav", (SPEECH / "accepts.wav").read_bytes(), "audio/wav")
        transcript = json.dumps({"tracks": ["inbound"], "words": WORDS}).encode()
        text = await attach(channel, "call.json", transcript, "application/json")
        call = stated("shop:1", MARIA, ("phone", "+34600100200", "verified"))
        call["event"]["evidence"] = [sound, text]
        for body in (call, stated("shop:9", MARIA, ("phone", "+34600100200", "asserted"))):
            assert (await channel.post("/v1/observations", json=body)).status_code == 201
    await Resolver(graph, load_model()).finish()
    await sign_in(page, secrets[Role.SPECIALIST])
    await shown_pair(page)
    box = page.locator("#timeline details.evidence")
    assert await box.count() == 1
    await box.locator("summary").click()
    player = box.locator("audio")
    await player.wait_for()
    assert str(await player.get_attribute("src")).startswith("blob:")
    loaded = "audio => new Promise((done) => audio.addEventListener('loadedmetadata', () => done(true)))"
    assert await player.evaluate(f"audio => audio.readyState > 0 || ({loaded})(audio)")
    assert 2 < await player.evaluate("audio => audio.duration") < 5
    words = box.locator(".transcript .word")
    assert await words.all_inner_texts() == ["Yes,", "I", "<b>accept</b>."]
    assert "unsure" in str(await words.nth(1).get_attribute("class"))
    await words.nth(2).click()
    assert await player.evaluate("audio => audio.currentTime") >= 1.1
