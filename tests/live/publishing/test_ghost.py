"""The Ghost adapter conforms, on a real Ghost."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.ghost import Site
from vitograph.projections.cms.conformance import CHECKS, Check, Rig, document
from vitograph.projections.cms.ghost import Ghost, GhostSettings
from vitograph.resolver.errors import SinkFailed

pytestmark = pytest.mark.nightly


@pytest.fixture(scope="module")
async def blog(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    site = Site(tmp_path_factory.mktemp("ghost"))
    await site.start()
    yield site
    await site.stop()


def ghost(site: Site, key: str | None = None, url: str | None = None) -> Ghost:
    return Ghost(GhostSettings(url=url or site.url), key or site.key)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
async def test_ghost_conforms(check: Check, blog: Site) -> None:
    await check(Rig(lambda: ghost(blog), lambda: ghost(blog, url="http://127.0.0.1:9")))


async def test_what_is_written_is_meaning_and_the_newest(blog: Site) -> None:
    sink = ghost(blog)
    given = document("meant", version=2)
    await sink.publish(document("meant", version=1))
    await sink.publish(given)
    status, shown = await blog.read("meant")
    assert status == 200
    assert given.title in shown
    assert '"version":2' in shown
    assert '"version":1' not in shown
    await sink.teardown("meant")
    assert (await blog.read("meant"))[0] == 404
    await sink.close()


async def test_a_page_that_an_editor_renamed_is_torn_down_too(blog: Site) -> None:
    sink = ghost(blog)
    await sink.publish(document("moved"))
    (page,) = await sink._find("moved")
    await sink._write("PUT", f"/pages/{page['id']}/", {"slug": "elsewhere", "updated_at": page["updated_at"]})
    assert (await blog.read("elsewhere"))[0] == 200
    await sink.teardown("moved")
    assert (await blog.read("elsewhere"))[0] == 404
    await sink.close()


async def test_the_page_of_somebody_else_is_left_alone_and_its_address_is_not_shared(blog: Site) -> None:
    sink = ghost(blog)
    theirs = await sink._write("POST", "/pages/", {"title": "Ours", "slug": "theirs", "status": "published"})
    with pytest.raises(SinkFailed, match="another slug"):
        await sink.publish(document("theirs"))
    await sink.teardown("theirs")
    assert (await blog.read("theirs"))[0] == 200
    assert (await blog.read("theirs-2"))[0] == 404
    await sink._delete(theirs["id"])
    await sink.close()


async def test_a_wrong_key_is_said_without_the_key(blog: Site) -> None:
    for key in ("stolen", f"{'0' * 24}:{'1' * 64}"):
        sink = ghost(blog, key)
        with pytest.raises(SinkFailed) as error:
            await sink.publish(document("wrong"))
        assert key not in str(error.value)
        await sink.close()
