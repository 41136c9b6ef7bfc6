"""Where a list is cut into pages: a page says that there is a next one only when there is."""

from __future__ import annotations

from operator import itemgetter

import pytest

from vitograph.api.wire import paging


@pytest.mark.parametrize("total", range(8))
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_every_item_comes_once_and_no_page_but_the_first_is_empty(total: int, limit: int) -> None:
    every = [{"n": n, "id": f"i-{n}"} for n in range(total)]
    seen, cursor, pages = [], None, 0
    while True:
        place = paging.decode(cursor, int, str)
        start = place[0] + 1 if place else 0
        answer = paging.page(every[start : start + limit + 1], limit, itemgetter("n", "id"))
        seen += answer["items"]
        pages += 1
        if (cursor := answer["next"]) is None:
            break
    assert seen == every
    assert pages == max(1, -(-total // limit))


def test_a_place_may_be_one_value() -> None:
    assert paging.decode(paging.page(["a", "b"], 1, str)["next"], str) == ("a",)
