"""goldenmatch as it comes: it looks at the columns and configures itself. No network, no language model."""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
import time

import pyarrow as pa

from benchmarks.accuracy.peers.rows import FIELDS, filled, rows_of
from benchmarks.accuracy.prepared import Prepared
from benchmarks.accuracy.runs import Outcome, Unfit


def goldenmatch(prepared: Prepared) -> Outcome:
    """Its clusters. Unfit when its self-configuration gives up."""
    from goldenmatch import ConfigValidationError, dedupe_df

    logging.getLogger("goldenmatch").setLevel(logging.CRITICAL)
    rows = rows_of(prepared.profiles)
    columns = [name for name in (*FIELDS, "email", "phone") if filled(rows, name) > 0]
    table = pa.Table.from_pylist([{name: row[name] for name in columns} for row in rows])
    started = time.perf_counter()
    # It leaves a memory of runs in the working directory and talks on both streams.
    with (
        tempfile.TemporaryDirectory() as folder,
        contextlib.chdir(folder),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
    ):
        try:
            found = dedupe_df(table)
        except ConfigValidationError as error:
            raise Unfit(f"goldenmatch finds no configuration: {str(error).splitlines()[0]}") from error
    clusters = {row["unique_id"]: row["unique_id"] for row in rows}
    for cluster in found.clusters.values():
        first = min(cluster["members"])
        for member in cluster["members"]:
            clusters[rows[member]["unique_id"]] = rows[first]["unique_id"]
    return Outcome("goldenmatch", time.perf_counter() - started, [], clusters)
