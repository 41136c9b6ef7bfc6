"""What a sink is told is read before anything is opened, and what is wrong with it is said in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from vitograph.projections.adapters import adapter
from vitograph.resolver.errors import InvalidInput

PAGE = {"type": "landing.LandingPage", "parent": "/offers/"}


@pytest.mark.parametrize(
    ("name", "settings", "said"),
    [
        ("ghost", {"url": "http://"}, "/settings/url: it must match ^https?://[^/]"),
        ("ghost", {"url": "https:///blog"}, "/settings/url: it must match ^https?://[^/]"),
        ("ghost", {}, "/settings/url: it is required"),
        ("ghost", {"url": 5}, "/settings/url: it must be a string"),
        ("wagtail", {"url": "https://", **PAGE}, "/settings/url: it must match ^https?://[^/]"),
        ("upstash-kv", {"url": "http://"}, "/settings/url: it must match ^https?://[^/]"),
        (
            "static-site",
            {"url": "file:///srv", "public_url": "https://"},
            "/settings/public_url: it must match ^https?://[^/]",
        ),
        ("static-site", {"url": "file:///srv", "page": 1}, "/settings/page: there is no such field"),
    ],
    ids=str,
)
def test_settings_that_lead_nowhere_are_refused(name: str, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput) as error:
        adapter(name).settings(settings)
    assert str(error.value) == said


@pytest.mark.parametrize("url", ["file://srv/site", "file://site", "file:", "srv/site"])
def test_a_folder_is_named_from_the_root_for_api_and_worker_need_not_stand_in_the_same_one(url: str) -> None:
    with pytest.raises(InvalidInput) as error:
        adapter("static-site").settings({"url": url})
    assert [fault.pointer for fault in error.value.faults] == ["/settings/url"]
