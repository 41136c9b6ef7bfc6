"""Channels, specialists, marketing and readers of pages, who do at the same time what a round plans for them."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Sequence
from typing import Any

import httpx

from tests.chaos.acknowledged import Acknowledged
from tests.chaos.plans import CHANNELS, SPECIALISTS, Act

PATIENCE = 400.0  # seconds for which somebody patient tries again
ANSWER_WITHIN = 6.0  # seconds; shorter than what the API may take, so that some answers are never heard
SET_UP_WITHIN = 120.0  # seconds
RETRY = 0.3
EVIDENCE_BYTES = 192 * 1024

ROLES = {
    **dict.fromkeys((*CHANNELS, "import"), ("channel", None)),
    **dict.fromkeys(SPECIALISTS, ("specialist", None)),
    "north": ("marketing", "north"),
}

Body = dict[str, Any]


class Crowd:
    """Everybody, each with a key of their own. Each does one thing after another, and all of them at once."""

    def __init__(self, url: str, admin_key: str, told: Acknowledged) -> None:
        self._http = httpx.AsyncClient(base_url=url, timeout=ANSWER_WITHIN, trust_env=False)
        self._told = told
        self.keys = {"admin": {"Authorization": f"Bearer {admin_key}"}}
        self.answered = 0
        self.refused = 0

    async def enter(self) -> None:
        """Everybody has a key."""
        for who, (role, department) in ROLES.items():
            body = {"name": who, "role": role} | ({"department": department} if department else {})
            answer = await self._http.post("/v1/keys", json=body, headers=self.keys["admin"], timeout=SET_UP_WITHIN)
            assert answer.status_code == 201, answer.text
            self.keys[who] = {"Authorization": f"Bearer {answer.json()['key']}"}

    async def close(self) -> None:
        await self._http.aclose()

    async def set_up_sink(self, id: str, body: Body) -> None:
        """A place outside that the campaigns of `north` are written to."""
        answer = await self._http.put(f"/v1/sinks/{id}", json=body, headers=self.keys["admin"], timeout=SET_UP_WITHIN)
        assert answer.status_code in (200, 201), answer.text

    async def act(self, acts: Sequence[Act]) -> None:
        """All of it is answered, or was given up by who is not patient."""
        begun = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            for who in {act.who for act in acts}:
                group.create_task(self._live([act for act in acts if act.who == who], begun))

    async def ask(self, method: str, path: str, who: str | None = None, **request: Any) -> httpx.Response | None:
        """One try; None when no answer came. What must never be answered is noted."""
        headers = self.keys.get(who or "", {})
        try:
            answer = await self._http.request(method, path, headers=headers | request.pop("headers", {}), **request)
        except httpx.HTTPError:
            return None
        if answer.status_code >= 500:
            if answer.status_code != 503 or not answer.headers.get("Retry-After"):
                self._told.wrong.append(f"{method} {path} was answered {answer.status_code}: {answer.text[:300]}")
            self.refused += 1
            return None
        if answer.status_code == 429:
            return None
        self.answered += 1
        return answer

    async def hear(self, method: str, path: str, who: str | None = None, **request: Any) -> httpx.Response:
        """The answer, which must come. TimeoutError."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if (answer := await self.ask(method, path, who, **request)) is not None:
                    return answer
                await asyncio.sleep(RETRY)

    async def _live(self, acts: Sequence[Act], begun: float) -> None:
        loop = asyncio.get_running_loop()
        for act in acts:
            await asyncio.sleep(begun + act.at - loop.time())
            until = loop.time() + (PATIENCE if act.patient else 0.0)
            while not await getattr(self, f"_{act.what}")(act):
                if loop.time() >= until:
                    if act.patient:
                        self._told.wrong.append(f"{act.who} was not answered within {PATIENCE:g} s: {act}")
                    break
                await asyncio.sleep(RETRY)

    async def _post(self, act: Act) -> bool:
        self._told.sends(act.about)
        answer = await self.ask("POST", "/v1/observations", act.who, json=act.about)
        if answer is None:
            return False
        self._told.hears(act.about, answer.status_code, answer.json())
        return True

    async def _batch(self, act: Act) -> bool:
        lines = act.about["lines"]
        for line in lines:
            self._told.sends(line)
        text = "\n".join([*map(json.dumps, lines), '{"id": "bad"}'])
        answer = await self.ask("POST", "/v1/observations/batch", act.who, content=text)
        if answer is None:
            return False
        said = [json.loads(line) for line in answer.text.splitlines()]
        is_whole = len(said) == len(lines) + 1
        for line, one in zip(lines, said, strict=False):
            # A line says no 200 or 201; 200 claims less.
            status = one.get("status", 200)
            is_whole = is_whole and status != 503
            if status != 503:
                self._told.hears(line, status, one)
        return is_whole

    async def _attach(self, act: Act) -> bool:
        content = random.Random(act.about["seed"]).randbytes(EVIDENCE_BYTES)
        file = {"file": ("call.bin", content, "application/octet-stream")}
        answer = await self.ask("POST", "/v1/evidence", act.who, files=file)
        if answer is None:
            return False
        if answer.status_code in (200, 201):
            self._told.evidence[answer.json()["sha256"]] = content
        else:
            self._told.wrong.append(f"evidence was answered {answer.status_code}: {answer.text}")
        return True

    async def _decide(self, act: Act) -> bool:
        found = await self.ask("GET", "/v1/candidates?limit=50", act.who)
        if found is None:
            return False
        if not (items := found.json()["items"]):
            return True
        id = items[act.about["choice"] % len(items)]["id"]
        pair = await self.ask("GET", f"/v1/candidates/{id}", act.who)
        if pair is None:
            return False
        body = {"verdict": act.about["verdict"], "reason": "chaos"}
        path, tag = f"/v1/candidates/{id}/decisions", {"If-Match": pair.headers.get("ETag", '"0"')}
        return self._decided(f"decision of {id}", await self.ask("POST", path, act.who, json=body, headers=tag))

    async def _retract(self, act: Act) -> bool:
        return await self._second(act, "retract", "retraction", ("applied", "pending"))

    async def _confirm(self, act: Act) -> bool:
        return await self._second(act, "confirm", "confirmation", ("pending",))

    async def _second(self, act: Act, what: str, entry: str, states: tuple[str, ...]) -> bool:
        found = await self.ask("GET", "/v1/decisions?limit=500", act.who)
        if found is None:
            return False
        if not (items := [one for one in found.json()["items"] if one["state"] in states]):
            return True
        id = items[act.about["choice"] % len(items)]["id"]
        return self._decided(f"{entry} of {id}", await self.ask("POST", f"/v1/decisions/{id}/{what}", act.who))

    def _decided(self, what: str, answer: httpx.Response | None) -> bool:
        if answer is None:
            self._told.tried_decisions[what] += 1
            return False
        if answer.status_code in (201, 202):
            self._told.decisions[answer.json()["id"]] = answer.json()
        elif answer.status_code not in (403, 404, 409, 410, 412):
            self._told.wrong.append(f"{what} was answered {answer.status_code}: {answer.text}")
        return True

    async def _launch(self, act: Act) -> bool:
        path = f"/v1/campaigns/{act.about['id']}"
        copy = {"kind": "copy", "content": {"headline": f"Warm days of {act.about['id']}"}}
        self._told.moves(act.about["id"], "active", acknowledged=False)
        for method, rest, body in (("PUT", "", {"name": "Summer"}), ("PUT", "/artifacts/hero", copy)):
            answer = await self.ask(method, path + rest, act.who, json=body)
            if answer is None:
                return False
            if answer.is_success:
                self._told.moves(act.about["id"], "draft", acknowledged=True)
        return self._moved(act, "active", await self.ask("POST", f"{path}/activate", act.who))

    async def _end(self, act: Act) -> bool:
        self._told.moves(act.about["id"], "ended", acknowledged=False)
        return self._moved(act, "ended", await self.ask("POST", f"/v1/campaigns/{act.about['id']}/end", act.who))

    def _moved(self, act: Act, level: str, answer: httpx.Response | None) -> bool:
        if answer is None:
            return False
        if answer.is_success:
            self._told.moves(act.about["id"], level, acknowledged=True)
        elif answer.status_code not in (404, 409):
            self._told.wrong.append(f"{act} was answered {answer.status_code}: {answer.text}")
        return True

    async def _read(self, act: Act) -> bool:
        ids = sorted(self._told.campaigns) or ["none"]
        answer = await self.ask("GET", f"/hot/campaigns/{ids[act.about['choice'] % len(ids)]}{act.about['part']}")
        return answer is not None

    async def _greet(self, act: Act) -> bool:
        return await self.ask("GET", f"/hot/visitors/{act.about['cookie']}") is not None

    async def _erase(self, act: Act) -> bool:
        """By the address, whoever that is by now, and as soon as somebody is; an earlier try may have done it."""
        word = act.about["word"]
        found = await self.ask("GET", "/v1/persons", "ana", params={"identifier": f"email:{act.about['email']}"})
        if found is None:
            return False
        if not (items := found.json()["items"]):
            return self._told.tried_erasures[word] > 0
        self._told.tried_erasures[word] += 1
        answer = await self.ask("DELETE", f"/v1/persons/{items[0]['id']}", act.who)
        if answer is None:
            return False
        if answer.status_code == 202:
            self._told.erasures[answer.json()["id"]] = word
        elif answer.status_code != 410:
            self._told.wrong.append(f"the erasure of {word} was answered {answer.status_code}: {answer.text}")
        return True
