"""The client for asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from types import TracebackType
from typing import Any, Self

import httpx

from vitograph.client import protocol
from vitograph.client.messages import Accepted, Observation, Unavailable
from vitograph.client.protocol import ATTEMPTS, BATCH, MOST_LINES, Batch, Outcome


class AsyncVito:
    """A ViTo at `url`, spoken to with `key`. Use it as a context, or close it."""

    def __init__(self, url: str, key: str, *, attempts: int = ATTEMPTS, timeout: float = protocol.TIMEOUT) -> None:
        self._http = httpx.AsyncClient(base_url=url, headers=protocol.headers(key), timeout=timeout)
        self._attempts = attempts

    async def observe(self, observation: Observation) -> Accepted:
        """Sends one, again while ViTo does not answer; it is accepted once. Refused, Unavailable."""
        return protocol.accepted(await self._send("POST", "/v1/observations", json=observation.to_json()))

    async def observe_many(
        self, observations: Iterable[Observation | bytes], batch: int = MOST_LINES
    ) -> AsyncIterator[Outcome]:
        """Sends any number in batches; an outcome each, in order: Accepted, or why it was Refused. Unavailable.

        Bytes are a body of `POST /v1/observations` on one line; it needs an `id` of its own.
        """
        for some in protocol.batches(observations, batch):
            for outcome in await self._send_batch(some):
                yield outcome

    async def find_persons(self, identifier: str) -> list[dict[str, Any]]:
        """All views that hold an identifier such as `email:maria@example.com`. Refused, Unavailable."""
        found: list[dict[str, Any]] = []
        asked = {"identifier": identifier}
        while True:
            items, cursor = protocol.persons(await self._send("GET", "/v1/persons", params=asked))
            found += items
            if not cursor:
                return found
            asked["cursor"] = cursor

    async def get_person(self, id: str) -> dict[str, Any]:
        """A view, by its id or that of one of its fragments. Refused with status 404 when there is none."""
        return protocol.person(await self._send("GET", protocol.person_path(id)))

    async def close(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    async def _send_batch(self, batch: Batch) -> list[Outcome]:
        for attempt in range(self._attempts):
            batch.read(await self._send("POST", BATCH, content=batch.body()))
            if not batch.left:
                break
            await asyncio.sleep(protocol.wait(attempt, None))
        return batch.result()

    async def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        for attempt in range(self._attempts):
            answer = None
            try:
                answer = await self._http.request(method, path, **request)
                if not protocol.is_to_repeat(answer):
                    return answer
            except httpx.RequestError as error:
                if attempt + 1 == self._attempts:
                    raise Unavailable(f"ViTo does not answer: {type(error).__name__}") from error
            if attempt + 1 < self._attempts:
                await asyncio.sleep(protocol.wait(attempt, answer))
        assert answer is not None
        return answer
