"""Evidence through the whole app: streamed in, kept by its hash, read back verified, and deleted in time."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import resource
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from vitograph.api.app import create_app
from vitograph.api.settings import Settings
from vitograph.api.wiring import evidence as wiring
from vitograph.api.wiring.evidence import ForgetfulEvidence, keep_bytes, open_evidence, purge
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Graph
from vitograph.graph.intake.evidence import delete_unkept, list_due
from vitograph.graph.queries import Statement
from vitograph.ingest.evidence.store import EvidenceStore, key_of
from vitograph.projections.forgetting import Traces
from vitograph.resolver.errors import DamagedEvidence

Headers = dict[Role, dict[str, str]]

NODES = Statement("test/nodes", "MATCH (v:Evidence) RETURN v.sha256 AS sha256, v.status AS status, v.damaged_at AS bad")
ATTACHED = Statement(
    "test/attached",
    "MATCH (e:Event {id: $id}) "
    "RETURN e.evidence AS hashes, COLLECT { MATCH (e)-[:EVIDENCED_BY]->(v) RETURN v.sha256 } AS links",
)
DUE = Statement("test/due", "MATCH (v:Evidence) SET v.expires_at = datetime() - duration({days: 1})")
WAV = "audio/wav"
CONTENT = bytes(range(256)) * 9000  # 2.3 MB, three chunks of the store
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url="http://vito") as api:
        yield api


async def collect(chunks: AsyncIterator[bytes], got: list[bytes]) -> None:
    async for chunk in chunks:
        got.append(chunk)


async def post(api: httpx.AsyncClient, headers: dict[str, str], content: bytes = CONTENT) -> httpx.Response:
    return await api.post("/v1/evidence", files={"file": ("call.wav", content, "audio/wav")}, headers=headers)


@contextmanager
def room(limit: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes: what is written then is refused, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def stored(settings: Settings) -> list[Path]:
    return [path for path in (settings.data / "evidence").rglob("*") if path.is_file()]


def observation(*hashes: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": "o-1",
        "channel": "phone_call",
        "identifiers": [{"kind": "phone", "value": "+34600100200", "assurance": "observed"}],
        "event": {"type": "call.recorded", "evidence": list(hashes)},
    } | changes


async def test_evidence_is_kept_once_by_the_hash_of_its_bytes(
    api: httpx.AsyncClient, bearer: Headers, settings: Settings
) -> None:
    first = await post(api, bearer[Role.CHANNEL])
    assert first.status_code == 201, first.text
    assert first.json() == {
        "sha256": SHA256,
        "media_type": "audio/wav",
        "bytes": len(CONTENT),
        "uri": f"/v1/evidence/{SHA256}",
    }
    again = await post(api, bearer[Role.CHANNEL])
    assert (again.status_code, again.json()) == (200, first.json())
    assert len(stored(settings)) == 1
    read = await api.get(first.json()["uri"], headers=bearer[Role.SPECIALIST])
    assert (read.status_code, read.content) == (200, CONTENT)
    assert read.headers["content-type"] == "audio/wav"
    assert "sandbox" in read.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 9),
        ("bytes=2000000-", 2_000_000, len(CONTENT) - 1),
        ("bytes=-5", len(CONTENT) - 5, len(CONTENT) - 1),
    ],
)
async def test_a_range_is_read_alone(
    api: httpx.AsyncClient, bearer: Headers, asked: str, first: int, last: int
) -> None:
    await post(api, bearer[Role.CHANNEL])
    read = await api.get(f"/v1/evidence/{SHA256}", headers={**bearer[Role.SPECIALIST], "Range": asked})
    assert (read.status_code, read.content) == (206, CONTENT[first : last + 1])
    assert read.headers["content-range"] == f"bytes {first}-{last}/{len(CONTENT)}"


async def test_a_range_that_cannot_be_had_is_refused_and_one_that_is_none_ignored(
    api: httpx.AsyncClient, bearer: Headers
) -> None:
    await post(api, bearer[Role.CHANNEL])
    headers = bearer[Role.ADMIN]
    beyond = await api.get(f"/v1/evidence/{SHA256}", headers={**headers, "Range": f"bytes={len(CONTENT)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(CONTENT)}")
    assert (beyond.headers["content-type"], beyond.json()["status"]) == ("application/problem+json", 416)
    endless = "9" * 5_000
    for other in ("bytes=9-1", "lines=1-2", "bytes=0-1,5-6", "bytes=-", f"bytes={endless}-", f"bytes=0-{endless}"):
        whole = await api.get(f"/v1/evidence/{SHA256}", headers={**headers, "Range": other})
        assert (whole.status_code, len(whole.content)) == (200, len(CONTENT))
    stale = await api.get(f"/v1/evidence/{SHA256}", headers={**headers, "Range": "bytes=0-1", "If-Range": '"old"'})
    assert stale.status_code == 200
    head = await api.head(f"/v1/evidence/{SHA256}", headers={**headers, "Range": "bytes=0-1"})
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(CONTENT)), b"")


async def test_only_those_who_see_events_read_evidence_and_only_channels_post_it(
    api: httpx.AsyncClient, bearer: Headers
) -> None:
    await post(api, bearer[Role.CHANNEL])
    for role in Role:
        read = await api.get(f"/v1/evidence/{SHA256}", headers=bearer[role])
        assert read.status_code == (200 if role in (Role.SPECIALIST, Role.ADMIN) else 403)
    assert (await api.get(f"/v1/evidence/{SHA256}")).status_code == 401
    assert (await post(api, bearer[Role.SPECIALIST])).status_code == 403
    assert (await api.get(f"/v1/evidence/{'0' * 64}", headers=bearer[Role.ADMIN])).status_code == 404
    assert (await api.get("/v1/evidence/..%2f..%2fadmin.key", headers=bearer[Role.ADMIN])).status_code == 404


@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [
        (b"{}", "application/json", 415),
        (b"", "multipart/form-data", 415),
        (b"no boundary here", "multipart/form-data; boundary=x", 400),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nhalf of it',
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nhi\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            422,
        ),
    ],
)
async def test_a_bad_upload_stores_nothing(
    api: httpx.AsyncClient,
    bearer: Headers,
    graph: Graph,
    settings: Settings,
    content: bytes,
    content_type: str,
    status: int,
) -> None:
    headers = {**bearer[Role.CHANNEL], "Content-Type": content_type}
    answer = await api.post("/v1/evidence", content=content, headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert await graph.rows(NODES) == []
    assert stored(settings) == []


async def test_an_upload_that_is_too_large_or_breaks_off_stores_nothing(
    graph: Graph, settings: Settings, bearer: Headers, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = create_app(settings.model_copy(update={"evidence_mib": 1}))
    arriving = tmp_path / "arriving"
    arriving.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(arriving))

    async def broken() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"a" * 100_000
        yield b"a"
        # Whoever kills the process now leaves nothing of it behind.
        assert list(arriving.iterdir()) == []
        raise OSError("the line went dead")

    async with client_of(app) as api:
        large = await post(api, bearer[Role.CHANNEL])
        assert large.status_code == 413
        channel, note = bearer[Role.CHANNEL], {"note": "a" * (2 << 20)}
        beside = await api.post("/v1/evidence", data=note, files={"file": ("a", b"a")}, headers=channel)
        assert beside.status_code == 413
        headers = {**channel, "Content-Type": "multipart/form-data; boundary=x"}
        with pytest.raises(OSError, match="went dead"):
            await api.post("/v1/evidence", content=broken(), headers=headers)
    assert await graph.rows(NODES) == []
    assert stored(settings) == []


async def test_an_event_holds_the_hashes_of_what_is_attached(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph
) -> None:
    channel = bearer[Role.CHANNEL]
    unknown = await api.post("/v1/observations", json=observation(SHA256), headers=channel)
    assert unknown.status_code == 422
    assert unknown.json()["errors"][0]["pointer"] == "/event/evidence/0"
    await post(api, channel)
    assert (await api.post("/v1/observations", json=observation(SHA256), headers=channel)).status_code == 201
    assert await graph.rows(ATTACHED, id="o-1") == [{"hashes": [SHA256], "links": [SHA256]}]
    bad = await api.post("/v1/observations", json=observation("ABC", id="o-2"), headers=channel)
    assert bad.status_code == 422
    lines = "\n".join(
        json.dumps(observation(one, id=f"b-{index}")) for index, one in enumerate((SHA256, "f" * 64, SHA256))
    )
    answer = await api.post("/v1/observations/batch", content=lines, headers=channel)
    assert [("event_id" in line) for line in map(json.loads, answer.text.splitlines())] == [True, False, True]


async def test_damage_is_noticed_and_never_served_as_whole(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    await post(api, bearer[Role.CHANNEL])
    path = settings.data / "evidence" / key_of(SHA256)
    path.write_bytes(b"x" + CONTENT[1:])
    ranged = await api.get(f"/v1/evidence/{SHA256}", headers={**bearer[Role.ADMIN], "Range": "bytes=5-6"})
    assert ranged.status_code == 500
    assert "damaged" in ranged.text
    got: list[bytes] = []
    with pytest.raises(DamagedEvidence):
        await collect(open_evidence(settings).read(SHA256), got)
    assert 0 < sum(map(len, got)) < len(CONTENT)
    assert "ALARM" in caplog.text
    assert (await graph.rows(NODES))[0]["bad"] is not None
    assert (await post(api, bearer[Role.CHANNEL])).status_code == 200
    assert (await api.get(f"/v1/evidence/{SHA256}", headers=bearer[Role.ADMIN])).content == CONTENT
    assert (await graph.rows(NODES))[0]["bad"] is None
    path.unlink()
    assert (await api.get(f"/v1/evidence/{SHA256}", headers=bearer[Role.ADMIN])).status_code == 503


async def test_evidence_is_deleted_when_its_time_is_over_and_its_event_remains(
    graph: Graph, settings: Settings, bearer: Headers
) -> None:
    settings = settings.model_copy(update={"evidence_days": 30})
    app = create_app(settings)
    now = dt.datetime.now(dt.UTC)
    async with client_of(app) as api:
        await post(api, bearer[Role.CHANNEL])
        await api.post("/v1/observations", json=observation(SHA256), headers=bearer[Role.CHANNEL])
        store = open_evidence(settings)
        assert await purge(graph, store, now + dt.timedelta(days=29)) == 0
        assert await purge(graph, store, now + dt.timedelta(days=31)) == 1
        assert stored(settings) == []
        gone = await api.get(f"/v1/evidence/{SHA256}", headers=bearer[Role.ADMIN])
        assert gone.status_code == 410
        assert await graph.rows(ATTACHED, id="o-1") == [{"hashes": [SHA256], "links": [SHA256]}]
        assert (await post(api, bearer[Role.CHANNEL])).status_code == 201
        back = await api.get(f"/v1/evidence/{SHA256}", headers=bearer[Role.ADMIN])
        assert back.content == CONTENT


async def test_what_is_posted_anew_after_a_purge_stays_though_another_purge_comes_late(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_evidence(settings)
    await keep_bytes(graph, store, CONTENT, WAV, None)
    await graph.run(DUE)
    now = dt.datetime.now(dt.UTC)
    listed = iter([await list_due(graph, now), []])
    assert await purge(graph, store, now) == 1
    await keep_bytes(graph, store, CONTENT, WAV, None)

    async def as_listed(*_: object) -> list[str]:
        return next(listed)

    monkeypatch.setattr(wiring, "list_due", as_listed)
    assert await purge(graph, store, now) == 0
    assert len(stored(settings)) == 1


async def test_what_is_posted_while_it_waits_to_be_deleted_is_kept(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, settings: Settings
) -> None:
    await post(api, bearer[Role.CHANNEL])
    await graph.run(DUE)
    now = dt.datetime.now(dt.UTC)
    assert await list_due(graph, now) == [SHA256]
    assert (await post(api, bearer[Role.CHANNEL])).status_code == 200
    assert not await delete_unkept(graph, SHA256, open_evidence(settings).delete, now)
    assert (await api.get(f"/v1/evidence/{SHA256}", headers=bearer[Role.ADMIN])).content == CONTENT


async def test_what_an_older_worker_deletes_is_not_taken_in_until_it_is_gone(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, settings: Settings
) -> None:
    """It looks at no lock, and may have ended in the middle."""
    await post(api, bearer[Role.CHANNEL])
    await graph.run(DUE)
    await graph.run(Statement("test/purging", "MATCH (v:Evidence) SET v.status = 'purging'"))
    assert (await post(api, bearer[Role.CHANNEL])).status_code == 409
    assert await purge(graph, open_evidence(settings), dt.datetime.now(dt.UTC)) == 1
    assert stored(settings) == []
    assert (await post(api, bearer[Role.CHANNEL])).status_code == 201
    assert (await api.get(f"/v1/evidence/{SHA256}", headers=bearer[Role.ADMIN])).content == CONTENT


async def test_what_an_erasure_forgets_while_it_is_posted_is_there_in_the_end(
    graph: Graph, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_evidence(settings)
    record = wiring.record_evidence

    async def late(*of: Any) -> Any:
        await ForgetfulEvidence(graph, store).forget(Traces(evidence=[SHA256]))
        assert (stored(settings), await graph.rows(NODES)) == ([], [])
        return await record(*of)

    monkeypatch.setattr(wiring, "record_evidence", late)
    await keep_bytes(graph, store, CONTENT, WAV, None)
    assert len(stored(settings)) == 1


async def test_who_posts_what_is_being_deleted_waits_and_has_it_kept(graph: Graph, settings: Settings) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    class Slow(EvidenceStore):
        async def delete(self, sha256: str) -> None:
            begun.set()
            await may_end.wait()
            await super().delete(sha256)

    store = open_evidence(settings)
    slow = Slow(store._store)
    forgetting = asyncio.create_task(ForgetfulEvidence(graph, slow).forget(Traces(evidence=[SHA256])))
    await begun.wait()
    posting = asyncio.create_task(keep_bytes(graph, store, CONTENT, WAV, None))
    assert not (await asyncio.wait([posting], timeout=0.5))[0]
    may_end.set()
    await asyncio.gather(forgetting, posting)
    assert len(stored(settings)) == 1
    assert [row["status"] for row in await graph.rows(NODES)] == ["stored"]


async def test_who_posts_when_enough_files_arrive_comes_again(
    graph: Graph, settings: Settings, bearer: Headers
) -> None:
    app = create_app(settings)
    async with client_of(app) as api:
        app.state.vito.uploads.most = 0
        refused = await post(api, bearer[Role.CHANNEL])
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        app.state.vito.uploads.most = 1
        assert (await post(api, bearer[Role.CHANNEL])).status_code == 201


async def test_files_that_nobody_knows_of_are_told_and_swept_after_a_day(graph: Graph, settings: Settings) -> None:
    store = open_evidence(settings)
    await keep_bytes(graph, store, CONTENT, WAV, None)
    await store.put(hashlib.sha256(b"broke off").hexdigest(), b"broke off")
    (settings.data / "evidence/ab").mkdir(exist_ok=True)
    (settings.data / "evidence/ab/note").write_text("somebody's own")
    now = dt.datetime.now(dt.UTC)
    later = now + dt.timedelta(days=2)
    assert (await wiring.list_unknown(graph, store, now), await wiring.sweep(graph, store, now)) == ([], 0)
    assert await wiring.list_unknown(graph, store, later) == [hashlib.sha256(b"broke off").hexdigest()]
    assert await wiring.sweep(graph, store, later) == 1
    assert {path.name for path in stored(settings)} == {SHA256, "note"}


async def test_a_deletion_that_has_begun_ends_under_its_lock(graph: Graph, settings: Settings) -> None:
    """As when its worker is stopped: what was begun in a thread goes on."""
    begun, may_end = asyncio.Event(), asyncio.Event()
    store = open_evidence(settings)
    await keep_bytes(graph, store, CONTENT, WAV, None)
    await graph.run(DUE)

    async def delete(sha256: str) -> None:
        begun.set()
        await may_end.wait()
        await store.delete(sha256)

    deleting = asyncio.create_task(delete_unkept(graph, SHA256, delete, dt.datetime.now(dt.UTC)))
    await begun.wait()
    deleting.cancel()
    posting = asyncio.create_task(keep_bytes(graph, store, CONTENT, WAV, None))
    assert not (await asyncio.wait([posting], timeout=0.5))[0]
    may_end.set()
    await posting
    await asyncio.gather(deleting, return_exceptions=True)
    assert len(stored(settings)) == 1


async def test_the_same_file_posted_at_once_is_there_once(
    api: httpx.AsyncClient, bearer: Headers, graph: Graph, settings: Settings
) -> None:
    answers = await asyncio.gather(*(post(api, bearer[Role.CHANNEL]) for _ in range(6)))
    assert {answer.status_code for answer in answers} <= {200, 201}
    assert len({answer.text for answer in answers}) == 1
    assert len(await graph.rows(NODES)) == len(stored(settings)) == 1


@pytest.mark.parametrize("limit", [0, 4_096, 1 << 20], ids=["nothing", "a page", "a part"])
async def test_a_file_that_there_is_no_room_for_is_asked_for_again(
    api: httpx.AsyncClient, graph: Graph, settings: Settings, bearer: Headers, limit: int
) -> None:
    with room(limit):
        refused = await post(api, bearer[Role.CHANNEL])
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
    assert "no room" in refused.json()["detail"]
    assert (stored(settings), await graph.rows(NODES)) == ([], [])
    assert (await post(api, bearer[Role.CHANNEL])).status_code == 201
