"""Bodies are unpacked by what they are, and never beyond what they may be."""

from __future__ import annotations

import gzip

import pytest

from vitograph.ingest.compressed import MOST_PARTS, NotGzip, TooLarge, unpacked


def test_plain_and_packed_bodies_come_out_the_same() -> None:
    assert unpacked(b"{}", 10) == unpacked(gzip.compress(b"{}"), 10, claims_gzip=True) == b"{}"
    assert unpacked(b"{}", 10, claims_gzip=True) == b"{}"
    assert unpacked(gzip.compress(b"{") + gzip.compress(b"}"), 10) == b"{}"
    assert unpacked(b"", 10) == b""


@pytest.mark.parametrize("most", [0, 1, 99_999])
def test_a_bomb_is_refused_before_it_is_large(most: int) -> None:
    with pytest.raises(TooLarge):
        unpacked(gzip.compress(b" " * 100_000), most)
    with pytest.raises(TooLarge):
        unpacked(b" " * 100_000, most)
    assert len(unpacked(gzip.compress(b" " * 100_000), 100_000)) == 100_000


def test_a_gzip_of_many_parts_is_refused() -> None:
    part = gzip.compress(b"", mtime=0)
    assert unpacked(part * (MOST_PARTS - 1) + WHOLE, 10) == b"{}"
    with pytest.raises(NotGzip, match="more than 100 parts"):
        unpacked(part * MOST_PARTS + WHOLE, 10)


WHOLE = gzip.compress(b"{}", mtime=0)  # without the clock in it, the tests have the same names in every worker


@pytest.mark.parametrize("raw", [b"\x1f\x8b", b"\x1f\x8bxx", WHOLE[:-1], WHOLE + b"more"])
def test_what_only_looks_like_gzip_is_refused(raw: bytes) -> None:
    with pytest.raises(NotGzip):
        unpacked(raw, 1_000)
