from __future__ import annotations

import hashlib
import json
import random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from vitograph.resolver.deciding.ledger import GENESIS, TEXT, Broken, Head, Verifier, chain, evidence_hash, link

Log = list[dict[str, Any]]


def verify(entries: Log, head: Head) -> Broken | None:
    """The first broken entry of a log in the order of its storage, or None."""
    verifier = Verifier()
    for entry in entries:
        if broken := verifier.follow(entry):
            return broken
    return verifier.ends_at(head)


def written(length: int) -> tuple[Log, Head]:
    head, log = Head(), []
    for number in range(1, length + 1):
        entry = {
            "id": f"d-{number}",
            "entry": "decision",
            "verdict": "same" if number % 2 else "different",
            "actor": "k-1",
            "actor_name": "Ana",
            "actor_role": "specialist",
            "at": f"2026-11-24T10:00:{number:02}.000000+00:00",
            "candidate_id": "c-1",
            "left": "p",
            "right": "q",
            "evidence_hash": evidence_hash("{}"),
            "concerns": ["bridge"] if number % 3 == 0 else [],
            "reason": f"spoke to her ({number})",
            "identifiers": ["phone:+4930123456"],
            "salt": f"{number:032x}",
            "evidence": "{}",
        }
        log.append(chain(head, entry))
        head = Head(number, log[-1]["hash"])
    return log, head


def test_a_log_as_it_was_written_verifies() -> None:
    assert verify(*written(7)) is None
    assert verify([], Head()) is None


def test_the_first_entry_follows_the_genesis() -> None:
    log, _ = written(1)
    assert log[0]["prev_hash"] == GENESIS
    assert log[0]["hash"] == link(GENESIS, log[0])


def test_the_form_that_is_hashed_never_changes() -> None:
    """A hash that came out otherwise with a later version of ours would accuse every log."""
    body = (
        b'{"actor":null,"actor_name":null,"actor_role":null,"at":null,"candidate_id":null,"concerns":["bridge"],'
        b'"confirms":null,"entry":null,"evidence_hash":null,"id":"d-\\u00e4","keep_apart":null,"left":null,"model":null,'
        b'"right":null,"seq":1,"supersedes":null,"text_hash":null,"verdict":null}'
    )
    due = hashlib.sha256(b"0" * 64 + body).hexdigest()
    assert link(GENESIS, {"seq": 1, "id": "d-ä", "concerns": ("bridge",), "beside": "the body"}) == due


def flip(value: Any, chance: random.Random) -> Any:
    """The value with one bit changed."""
    match value:
        case str() if value:
            place = chance.randrange(len(value))
            return value[:place] + chr(ord(value[place]) ^ (1 << chance.randrange(6))) + value[place + 1 :]
        case int():
            return value ^ (1 << chance.randrange(8))
        case [first, *rest]:
            return [flip(first, chance), *rest]
        case _:
            return "x"


def test_any_bit_flipped_deletion_swap_or_duplicate_is_found_in_a_thousand_of_a_thousand_tries() -> None:
    chance = random.Random(20261124)
    whole, head = written(12)
    for _ in range(1000):
        log = [dict(entry) for entry in whole]
        at = chance.randrange(len(log))
        first = at + 1
        match chance.choice(["flip", "delete", "swap", "duplicate"]):
            case "flip":
                field = chance.choice(sorted(log[at]))
                log[at][field] = flip(log[at][field], chance)
            case "delete":
                del log[at]
            case "swap":
                other = chance.choice([place for place in range(len(log)) if place != at])
                log[at], log[other] = log[other], log[at]
                first = min(at, other) + 1
            case "duplicate":
                log.insert(at, dict(log[at]))
                first = at + 2
        broken = verify(log, head)
        assert broken is not None
        assert broken.seq == first


@given(st.integers(0, 11))
def test_a_tail_cut_off_shows_against_the_head(kept: int) -> None:
    log, head = written(12)
    broken = verify(log[:kept], head)
    assert broken is not None
    assert broken.seq == kept + 1
    assert broken.id is None


def test_an_entry_written_anew_with_its_own_hash_breaks_the_one_after_it() -> None:
    log, head = written(5)
    forged = {**log[2], "verdict": "household"}
    forged["hash"] = link(forged["prev_hash"], forged)
    log[2] = forged
    broken = verify(log, head)
    assert broken is not None
    assert broken.seq == 4


def test_the_last_entry_written_anew_shows_against_the_head() -> None:
    log, head = written(5)
    forged = {**log[4], "verdict": "household"}
    forged["hash"] = link(forged["prev_hash"], forged)
    log[4] = forged
    broken = verify(log, head)
    assert broken is not None
    assert broken.seq == 5


def test_words_that_were_redacted_leave_the_chain_whole_and_words_that_were_changed_do_not() -> None:
    log, head = written(5)
    for name in TEXT:
        log[2].pop(name, None)
    broken = verify(log, head)
    assert broken is not None, "nobody says that they were redacted"
    assert broken.seq == 3
    log[2]["erased"] = "x-1"
    broken = verify(log, head)
    assert broken is not None, "the log tells of no such erasure"
    assert (broken.seq, broken.id) == (3, "d-3")
    told = json.dumps({"erasure": "x-1"})
    log.append(chain(head, {"id": "d-6", "entry": "erasure", "evidence": told, "evidence_hash": evidence_hash(told)}))
    head = Head(6, log[-1]["hash"])
    assert verify(log, head) is None
    log[2].pop("evidence")
    assert verify(log, head) is None
    log[3]["reason"] = "never spoke to her"
    broken = verify(log, head)
    assert broken is not None
    assert (broken.seq, broken.id) == (4, "d-4")


def test_evidence_that_somebody_took_away_is_missed() -> None:
    log, head = written(4)
    log[1].pop("evidence")
    broken = verify(log, head)
    assert broken is not None
    assert (broken.seq, broken.id) == (2, "d-2")


def test_a_verifier_follows_page_by_page() -> None:
    log, head = written(6)
    verifier = Verifier()
    assert [verifier.follow(entry) for entry in log] == [None] * 6
    assert verifier.ends_at(head) is None


def test_a_promotion_is_in_the_chain_with_what_it_replaced() -> None:
    log, head = written(3)
    promotion = {"id": "d-4", "entry": "model", "model": "trained-1", "replaces": "default-1", "concerns": []}
    log.append(chain(head, promotion))
    head = Head(4, log[-1]["hash"])
    assert verify(log, head) is None
    for change in ({"replaces": "trained-0"}, {"report_hash": "f" * 64}, {"model": "trained-2"}, {"entry": "decision"}):
        forged = [*log[:3], {**log[3], **change}]
        broken = verify(forged, head)
        assert broken is not None
        assert broken.seq == 4
