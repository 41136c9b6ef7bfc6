"""What is kept in an object store, on a server that speaks S3's protocol: static sites, images, evidence."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bucket import KEY, REGION, SECRET, open_bucket
from vitograph.ingest.evidence.store import CHUNK, open_store
from vitograph.ingest.images import KEPT_FOR, Images
from vitograph.projections.cms.conformance import CHECKS, Check, Rig, document
from vitograph.projections.cms.static_site import StaticSite, StaticSiteSettings
from vitograph.resolver.errors import DamagedEvidence, EvidenceUnavailable, ImagesUnavailable, SinkFailed, UnknownThing

NOWHERE = "http://127.0.0.1:9"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[str, Path]]:
    """The address of a server, and the folder in which it keeps its bucket."""
    folder = tmp_path_factory.mktemp("s3")
    async with open_bucket(folder) as address:
        yield address, folder / "bucket"


@pytest.fixture
def bucket(place: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> str:
    """Its bucket, with the usual variables."""
    login(monkeypatch, place[0])
    return "s3://bucket"


def login(monkeypatch: pytest.MonkeyPatch, endpoint: str, key: str = KEY) -> None:
    for name, value in (
        ("ACCESS_KEY_ID", key),
        ("SECRET_ACCESS_KEY", SECRET),
        ("REGION", REGION),
        ("ENDPOINT_URL", endpoint),
        ("ALLOW_HTTP", "true"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)


def site(endpoint: str, key: str = KEY) -> StaticSite:
    options: dict[str, str | bool] = {"endpoint": endpoint, "region": REGION, "access_key_id": key}
    return StaticSite(StaticSiteSettings(url="s3://bucket/site", options=options), SECRET)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_a_bucket_conforms(check: Check, place: tuple[str, Path]) -> None:
    await check(Rig(lambda: site(place[0]), lambda: site(NOWHERE)))


async def test_a_key_that_is_not_known_is_a_refusal_and_no_secret_is_told(place: tuple[str, Path]) -> None:
    sink = site(place[0], "ANOTHER")
    for call in (lambda: sink.publish(document("summer")), lambda: sink.teardown("summer")):
        with pytest.raises(SinkFailed) as refused:
            await call()
        assert not {KEY, SECRET, "ANOTHER"} & set(str(refused.value).split())
        assert "refused" in str(refused.value)
    await sink.close()


async def test_images_in_a_bucket(place: tuple[str, Path], bucket: str, tmp_path: Path) -> None:
    images = Images(f"{bucket}/images", tmp_path)
    kept = await images.put(PNG)
    assert kept.sha256 == hashlib.sha256(PNG).hexdigest()
    assert await Images(f"{bucket}/images", tmp_path).get(kept.sha256) == kept
    assert await images.get("0" * 64) is None

    async def nobody() -> set[str]:
        return set()

    # Set aside, put back by who asks, set aside again and deleted.
    later = dt.datetime.now(dt.UTC) + KEPT_FOR * 2
    assert await images.sweep(nobody, later) == 0
    assert await images.get(kept.sha256) == kept
    assert await images.sweep(nobody, later) == 0
    assert await images.sweep(nobody, later) == 1
    assert await images.get(kept.sha256) is None
    # What was damaged in the store is not served.
    again = await images.put(PNG)
    damage(place[1], again.sha256)
    assert await images.get(again.sha256) is None


async def test_evidence_in_a_bucket(place: tuple[str, Path], bucket: str, tmp_path: Path) -> None:
    store = open_store(f"{bucket}/evidence", tmp_path)
    content = os.urandom(2 * CHUNK + 17)
    sha256 = hashlib.sha256(content).hexdigest()
    with (tmp_path / "call.wav").open("wb+") as file:
        file.write(content)
        for way in (file, content):
            await store.put(sha256, way)
    assert b"".join([part async for part in store.read(sha256)]) == content
    whole = [part async for part in store.read_range(sha256, CHUNK - 5, CHUNK + 5)]
    assert b"".join(whole) == content[CHUNK - 5 : CHUNK + 6]
    damage(place[1], sha256)
    with pytest.raises(DamagedEvidence):
        [part async for part in store.read(sha256)]
    with pytest.raises(DamagedEvidence):
        [part async for part in open_store(f"{bucket}/evidence", tmp_path).read_range(sha256, 0, 5)]
    for _ in range(2):
        await store.delete(sha256)
    with pytest.raises(UnknownThing):
        [part async for part in store.read(sha256)]


async def test_a_store_that_is_away_or_refuses_is_told(
    place: tuple[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for endpoint, key in ((place[0], "ANOTHER"), (NOWHERE, KEY)):
        login(monkeypatch, endpoint, key)
        with pytest.raises(ImagesUnavailable):
            await Images("s3://bucket/images", tmp_path).put(PNG)
        with pytest.raises(EvidenceUnavailable):
            await open_store("s3://bucket/evidence", tmp_path).put("0" * 64, b"x")


def damage(folder: Path, sha256: str) -> None:
    """Changes a byte of what is kept under a hash, behind the server's back."""
    (found,) = [path for path in folder.rglob(f"*{sha256}*") if path.is_file() and path.stat().st_size > 200]
    content = bytearray(found.read_bytes())
    content[-1] ^= 1
    found.write_bytes(content)
