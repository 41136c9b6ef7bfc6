"""`python -m benchmarks.accuracy [SET …]`: one line per set and contender.

Sets are public record sets, found in FOLDER (VITO_SHARED_DATA, else ../shared/data) or carried by a package; worlds of
our own: consumer_1k, consumer_4k, consumer_10k, consumer_100k; registers of our own: clinic, shop, club. What is not
there is skipped, with the reason. Without a name: every record set and consumer_1k. `--peers` runs others beside ViTo
(dependency group `bench`).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.accuracy.causes import plain, table
from benchmarks.accuracy.measures import COLUMNS, Measured, cells, line, markdown, measured
from benchmarks.accuracy.prepared import DEVELOPMENT, HELD_OUT, Prepared, prepare, prepare_register, prepare_world
from benchmarks.accuracy.report import errors
from benchmarks.accuracy.runs import Outcome, Unfit, run, two_hypotheses
from benchmarks.accuracy.sets import SETS, MissingSet

WORLDS = {"consumer_1k": 1_000, "consumer_4k": 4_000, "consumer_10k": 10_000, "consumer_100k": 100_000}
ENTERED = {"clinic": 2_500, "shop": 2_500, "club": 400}
"""Registers, and the people in them."""
QUICK = (*(one.name for one in SETS), "consumer_1k")
PEERS = ("wcc", "splink", "goldenmatch", "dedupe")


def main(arguments: list[str] | None = None) -> int:
    chosen = _parser().parse_args(arguments)
    seeds = chosen.seeds or (list(HELD_OUT)[: chosen.worlds] if chosen.final else [DEVELOPMENT.start])
    if any(seed not in (HELD_OUT if chosen.final else DEVELOPMENT) for seed in seeds):
        raise SystemExit(
            f"seeds for development are {DEVELOPMENT.start} to {DEVELOPMENT.stop - 1}, "
            f"with --final they are {HELD_OUT.start} to {HELD_OUT.stop - 1}"
        )
    print(line(COLUMNS))
    rows: list[Measured] = []
    for name in chosen.sets or QUICK:
        try:
            for prepared in _prepared(name, chosen.data, seeds):
                rows += _measure(prepared, chosen)
        except MissingSet as missing:
            print(f"{name:24}skipped: {missing}", flush=True)
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
        (chosen.out / "accuracy.md").write_text(markdown(rows), encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join((*QUICK, *list(WORLDS)[1:]))}")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VITO_SHARED_DATA", "../shared/data")))
    parser.add_argument(
        "--fit",
        choices=("none", "priors", "graph"),
        default="graph",
        help="what is fitted to the set's pairs, without labels: s, q and m, as a graph does, or the priors s and q",
    )
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="show N false and N missed pairs per set")
    parser.add_argument("--causes", action="store_true", help="false pairs of worlds by what they have in common")
    parser.add_argument("--peers", nargs="*", choices=PEERS, metavar="PEER", help=f"all, or some of {', '.join(PEERS)}")
    parser.add_argument("--seeds", type=int, nargs="+", help="of the worlds (default: the first)")
    parser.add_argument("--final", action="store_true", help="the held-out worlds, for a figure to publish")
    parser.add_argument("--worlds", type=int, default=3, metavar="N", help="how many of the held-out worlds")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="write the table (Markdown) and plots (SVG) there")
    return parser


def prepared_of(name: str, seeds: Sequence[int]) -> Iterator[Prepared]:
    """The world or the register of our own of that name, for each seed."""
    for seed in seeds:
        called = name if len(seeds) == 1 else f"{name}@{seed}"
        if name in WORLDS:
            yield prepare_world(called, WORLDS[name], seed)
        else:
            yield prepare_register(name, called, ENTERED[name], seed)


def _prepared(name: str, folder: Path, seeds: Sequence[int]) -> Iterator[Prepared]:
    """The set of that name, or a world of that name for each seed. MissingSet when there is none."""
    if name in WORLDS or name in ENTERED:
        yield from prepared_of(name, seeds)
        return
    record_set = next((one for one in SETS if one.name == name), None)
    if record_set is None:
        raise MissingSet("no set has this name")
    yield prepare(record_set, folder)


def _measure(prepared: Prepared, chosen: argparse.Namespace) -> list[Measured]:
    """The rows of one set, printed as they come."""
    if prepared.told:
        print(f"{prepared.name}: {prepared.told}")
    ours = run(prepared, chosen.fit)
    outcomes = [ours.outcome]
    rows = [_shown(prepared, ours.outcome)]
    contenders: list[Callable[[Prepared], Outcome]] = []
    if prepared.households or chosen.peers is not None:
        contenders.append(lambda one: two_hypotheses(one, ours.model))
    if chosen.peers is not None:
        contenders += [_peer(name) for name in chosen.peers or PEERS]
    for contender in contenders:
        try:
            outcome = contender(prepared)
        except Unfit as unfit:
            print(f"{prepared.name:24}skipped: {unfit}", flush=True)
            continue
        outcomes.append(outcome)
        rows.append(_shown(prepared, outcome))
    if chosen.causes and prepared.origins is not None:
        known = [outcome for outcome in outcomes if outcome.pairs]
        print("\n".join(table(prepared, [*known, plain(prepared, ours.model)])))
    for text in errors(prepared, ours, chosen.errors):
        print(text)
    if chosen.out:
        from benchmarks.accuracy.plots import draw

        draw(prepared, outcomes, rows, chosen.out)
    return rows


def _shown(prepared: Prepared, outcome: Outcome) -> Measured:
    row = measured(prepared, outcome)
    print(line(cells(row)), flush=True)
    return row


def _peer(name: str) -> Callable[[Prepared], Outcome]:
    """The contender of that name; imported only now, since what it needs is not installed everywhere."""
    match name:
        case "wcc":
            from benchmarks.accuracy.peers.components import connected_components as peer
        case "splink":
            from benchmarks.accuracy.peers.splink import splink as peer
        case "goldenmatch":
            from benchmarks.accuracy.peers.goldenmatch import goldenmatch as peer
        case _:
            from benchmarks.accuracy.peers.dedupe import dedupe as peer
    return peer


if __name__ == "__main__":
    sys.exit(main())
