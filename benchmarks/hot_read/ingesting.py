"""Posts batches of a thousand observations, one after another, until it is ended: `… ingesting URL KEY`."""

from __future__ import annotations

import sys
from itertools import count

import httpx
import orjson

from benchmarks.ingest.posting import bodies


def main(url: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(headers=headers, timeout=300, trust_env=False) as client:
        for number in count():
            answer = client.post(url, content=b"\n".join(map(orjson.dumps, bodies(f"hot-{number}", 1_000))))
            if answer.status_code != 503:  # a machine that is too busy takes none in for a while
                answer.raise_for_status()


if __name__ == "__main__":
    main(*sys.argv[1:])
