"""What is said in which language."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vitograph.resolver.publishing.locales import choose, find_faults, localised, wanted


@pytest.mark.parametrize(
    ("asked", "accepted", "tags"),
    [
        ("", "", ()),
        ("de-CH", "", ("de-ch",)),
        ("", "fr;q=.5, de-AT, en;q=0.8, *;q=0.1", ("de-at", "en", "fr")),
        ("es", "de, es;q=0.5", ("es", "de")),
        ("<script>", "de;q=0, fr;q=9, it;q=x, en", ("en",)),
        ("en,de", "\x00, ;;q=1,,", ("en", "de")),
    ],
)
def test_wanted_languages_are_in_order_of_preference(asked: str, accepted: str, tags: tuple[str, ...]) -> None:
    assert wanted(asked, accepted) == tags


@pytest.mark.parametrize(
    ("held", "wants", "default", "chosen"),
    [
        (["en", "de"], ("de-ch-1996",), None, "de"),
        (["en", "de-CH", "de"], ("de-ch",), None, "de-CH"),
        (["en", "pt-BR"], ("pt",), None, "pt-BR"),
        (["en", "pt-BR"], ("fr", "pt-pt"), None, "pt-BR"),
        (["en", "de"], ("fr", "de"), None, "de"),
        (["fr", "de", "es"], ("it",), "fr", "fr"),
        (["fr", "de", "es"], (), None, "de"),
    ],
)
def test_the_nearest_language_is_chosen(
    held: list[str], wants: tuple[str, ...], default: str | None, chosen: str
) -> None:
    assert choose(held, wants, default) == chosen


def test_what_is_the_same_in_all_languages_is_said_beside() -> None:
    content = {"price": 10, "default": "en", "locales": {"en": {"text": "Hi"}, "de": {"text": "Hallo", "price": 9}}}
    assert localised(content, ("fr",)) == ("en", {"price": 10, "text": "Hi"})
    assert localised(content, ("de",)) == ("de", {"price": 9, "text": "Hallo"})
    assert localised({"text": "Hi"}, ("de",)) == (None, {"text": "Hi"})


@pytest.mark.parametrize(
    ("content", "pointers"),
    [
        ({"text": "x", "default": 3}, []),
        ({"locales": {"de": {}}}, []),
        ({"locales": []}, ["/content/locales"]),
        ({"locales": {}}, ["/content/locales"]),
        ({"locales": {"deutsch-land!": {}}}, ["/content/locales/deutsch-land!"]),
        ({"locales": {"de": "Hallo"}}, ["/content/locales/de"]),
        ({"locales": {"de": {}, "DE": {}}}, ["/content/locales"]),
        ({"locales": {"de": {}}, "default": "en"}, ["/content/default"]),
        ({"locales": {"de": {}}, "default": ["de"]}, ["/content/default"]),
    ],
)
def test_languages_are_checked_when_they_are_put(content: dict[str, object], pointers: list[str]) -> None:
    assert [fault.pointer for fault in find_faults(content)] == pointers


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=80))
def test_nothing_that_is_asked_for_fails(asked: str, accepted: str) -> None:
    tags = wanted(asked, accepted)
    assert len(tags) <= 10
    assert choose(["en", "de-CH"], tags) in ("en", "de-CH")
