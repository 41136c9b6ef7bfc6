"""What a CMS adapter is: a class that can publish a campaign under our key and, whatever happens, tear it down."""

from __future__ import annotations

import abc
import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel, ConfigDict

from vitograph.resolver.errors import SinkFailed, SinkUnavailable
from vitograph.resolver.publishing.artifacts import RULE_KEY
from vitograph.resolver.publishing.campaigns import ArtifactKind, Campaign

TIMEOUT = 10.0  # seconds for one answer
MOST_ANSWER = 4 * 1024 * 1024  # bytes
FRAMING = ("content-encoding", "content-length", "transfer-encoding")
PLAIN = {"Accept-Encoding": "identity"}
# Only these say that nothing is there: whoever is refused, as by a firewall, has not seen what the public sees.
NOT_PUBLIC = (404, 410)

Meaning = Mapping[str, Mapping[str, Any]]


class CmsSettings(BaseModel):
    """What an adapter is told; anything it does not know is refused."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Document:
    """What a CMS is given of a campaign: meaning by artifact key, never layout. `version` grows with every change."""

    key: str
    version: int
    title: str
    copy: Meaning
    offers: Meaning
    images: Meaning

    def fields(self) -> dict[str, Any]:
        """As a JSON object."""
        return {
            "key": self.key,
            "version": self.version,
            "title": self.title,
            "copy": self.copy,
            "offers": self.offers,
            "images": self.images,
        }


def document(campaign: Campaign) -> Document:
    """A campaign as its sinks are given it."""
    by_kind: dict[ArtifactKind, dict[str, Mapping[str, Any]]] = {kind: {} for kind in ArtifactKind}
    for artifact in campaign.artifacts:
        # An offer with a rule is made to some visitors; a page that everybody sees does not tell of it.
        if artifact.kind is ArtifactKind.OFFER and RULE_KEY in artifact.content:
            continue
        by_kind[artifact.kind][artifact.key] = artifact.content
    return Document(
        campaign.id,
        campaign.version,
        campaign.body.name,
        by_kind[ArtifactKind.COPY],
        by_kind[ArtifactKind.OFFER],
        by_kind[ArtifactKind.IMAGE],
    )


class CmsSink(abc.ABC):
    """A CMS. The key of a campaign is its address there: whatever id the CMS makes up is used within a call at most.

    Every call may raise SinkUnavailable (trying again may help) or SinkFailed (it was refused). Each is idempotent and
    may be cut short at any moment, and is then called again. No call reads what the CMS holds as content.
    """

    settings_model: ClassVar[type[CmsSettings]] = CmsSettings
    needs_secret: ClassVar[bool] = False

    @abc.abstractmethod
    def __init__(self, settings: Any, secret: str) -> None:
        """`settings` is an instance of `settings_model`; nothing is connected yet."""

    @abc.abstractmethod
    async def publish(self, document: Document) -> None:
        """The public sees this document under its key, and nothing else of that key."""

    @abc.abstractmethod
    async def teardown(self, key: str) -> None:
        """Nothing of a key is there any more, published or not. That nothing was there is a success."""

    @abc.abstractmethod
    async def is_public(self, key: str) -> bool:
        """Whether the public sees something under a key now: asked as the public asks, told by the status alone."""

    async def close(self) -> None:  # noqa: B027 – not every adapter has something to close
        """Ends what is open."""


class Http:
    """The public HTTP interface of a CMS. What goes wrong is SinkFailed or SinkUnavailable, saying no content."""

    def __init__(self, base: str, headers: Mapping[str, str]) -> None:
        self._client = httpx.AsyncClient(base_url=base, headers={**headers, **PLAIN}, timeout=TIMEOUT)
        self._public = httpx.AsyncClient(headers={"Cache-Control": "no-cache", **PLAIN}, timeout=TIMEOUT)

    async def call(self, method: str, path: str, *also: int, **request: Any) -> httpx.Response:
        """The answer to a request; a status that is neither 2xx nor in `also` is raised."""
        async with _answered(self._client, method, path, **request) as answer:
            if answer.is_success or answer.status_code in also:
                return await _taken_in(answer)
        kind = SinkUnavailable if answer.status_code >= 500 or answer.status_code == 429 else SinkFailed
        raise kind(f"{method} {answer.request.url.path} was answered with {answer.status_code}")

    async def is_public(self, url: str) -> bool:
        """Whether an address answers the public; only 404 and 410 say no, and an error says nothing."""
        async with _answered(self._public, "GET", url) as answer:
            # The status is all that counts; what else is answered is not read.
            pass
        if answer.status_code in NOT_PUBLIC:
            return False
        if answer.status_code >= 500 or answer.status_code == 429:
            raise SinkUnavailable(f"GET {answer.request.url.path} was answered with {answer.status_code}")
        return True

    async def close(self) -> None:
        """Ends the connections."""
        await asyncio.gather(self._client.aclose(), self._public.aclose())


@asynccontextmanager
async def _answered(client: httpx.AsyncClient, method: str, url: str, **request: Any) -> AsyncIterator[httpx.Response]:
    """The head of an answer; what comes behind it is read by `_taken_in` or not at all."""
    try:
        async with client.stream(method, url, **request) as answer:
            yield answer
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SinkUnavailable(f"it does not answer: {type(error).__name__}") from error


async def _taken_in(answer: httpx.Response) -> httpx.Response:
    """The whole answer. SinkFailed above MOST_ANSWER; one that is packed, though nobody asked for that, is left out."""
    whole = bytearray()
    if answer.headers.get("Content-Encoding", "identity") == "identity":
        async for part in answer.aiter_raw():
            whole += part
            if len(whole) > MOST_ANSWER:
                raise SinkFailed(f"{answer.request.method} {answer.request.url.path} was answered with too much")
    headers = [(name, value) for name, value in answer.headers.multi_items() if name.lower() not in FRAMING]
    return httpx.Response(answer.status_code, headers=headers, content=bytes(whole), request=answer.request)


def read_json(answer: httpx.Response) -> Mapping[str, Any]:
    """The object that was answered. SinkFailed when it is none."""
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SinkFailed(f"{answer.request.method} {answer.request.url.path} was answered with no JSON object")
    return found
