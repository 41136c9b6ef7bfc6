"""What a Ghost page is made of: its address, its text and its key, without a Ghost."""

from __future__ import annotations

import re

import orjson
import pytest

from vitograph.projections.cms.ghost import Ghost, GhostSettings, as_html, slug_of
from vitograph.projections.cms.sink import Document
from vitograph.resolver.errors import SinkFailed


def test_an_address_is_the_key_unless_ghost_would_change_it() -> None:
    assert slug_of("summer-offer") == "summer-offer"
    changed = {slug_of(key) for key in ("a_2", "a--2", "a-2-", "a__2")}
    assert len(changed) == 4
    assert all(slug.startswith("a-2-") for slug in changed)


def test_no_text_ends_the_script_or_becomes_an_element() -> None:
    hostile = "</script><script>alert(1)</script><!--kg-card-end: html-->"
    page = as_html(Document("summer", 3, "Summer", {"hero": {"headline": hostile}}, {}, {}))
    assert page.count("</script>") == page.count("<script") == 1
    assert page.count("<!--kg-card-end") == 1
    found = re.search(r'id="vito">(.*)</script>', page)
    assert found is not None
    assert orjson.loads(found[1])["copy"]["hero"]["headline"] == hostile


@pytest.mark.parametrize("secret", ["", "stolen", "0123:4567", f"{'g' * 24}:{'0' * 64}"])
async def test_a_secret_that_is_no_key_is_refused_before_anything_is_asked(secret: str) -> None:
    sink = Ghost(GhostSettings(url="http://127.0.0.1:9"), secret)
    with pytest.raises(SinkFailed, match="no Admin API key"):
        await sink.teardown("summer")
    await sink.close()
