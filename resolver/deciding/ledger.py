"""The hash chain of the decision log: what was said cannot be changed afterwards without showing.

An entry's hash is SHA-256 over the hash before it and the canonical JSON of its body. Free text may name a person,
whose erasure must not break the chain: it stands beside the body, which holds only its salted hash. The evidence that
was decided on stands there too, by its plain hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

GENESIS = "0" * 64

# What is hashed, in the form in which it is stored. A field without a value is null in the body.
BODY = (
    "seq",
    "id",
    "entry",
    "verdict",
    "actor",
    "actor_name",
    "actor_role",
    "at",
    "candidate_id",
    "left",
    "right",
    "evidence_hash",
    "model",
    "concerns",
    "supersedes",
    "confirms",
    "keep_apart",
    "text_hash",
)

# An entry about a model says besides which one it takes the place of, and on which comparison the person relied.
MODEL_BODY = (*BODY, "replaces", "report_hash")

# Fields that came later: hashed where they are, and not there in an entry without them, whose hash stays what it was.
LATER = ("batch", "blind", "holder", "acknowledges", "keeps")

BEFORE_THIS_COPY = "before this copy"
"""What a copy says of entries about those who were erased after it was written."""

_NO_ERASURE = "its words are gone by an erasure of which the log tells nothing"
_SHOWING = ("decision", "retraction", "acknowledgement")
"""Entries that keep the evidence that their human saw."""

# What can be redacted: all of it together, with the salt, by which its hash can no longer be guessed at.
TEXT = ("reason", "note", "identifiers", "salt")

WORDS = ("reason", "note", "salt")
"""What is gone of an entry about others who were one with the erased once: identifiers that others hold may stay."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log ends: kept apart from the entries, so that cutting off the tail shows."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that is not what was written there, and what is wrong with it."""

    seq: int
    id: str | None
    sentence: str


def link(prev_hash: str, body: Mapping[str, Any]) -> str:
    """The hash of an entry, in hex."""
    hashed = {name: body.get(name) for name in (MODEL_BODY if body.get("entry") == "model" else BODY)}
    hashed |= {name: body[name] for name in LATER if body.get(name) is not None}
    return hashlib.sha256(prev_hash.encode() + _canonical(hashed)).hexdigest()


def text_hash(text: Mapping[str, Any]) -> str:
    """The hash of what may be redacted, in hex."""
    return hashlib.sha256(_canonical({name: text.get(name) for name in TEXT})).hexdigest()


def chain(head: Head, entry: Mapping[str, Any]) -> dict[str, Any]:
    """The entry as it is stored after `head`: with its seq, text_hash, prev_hash and hash."""
    whole = {**entry, "seq": head.seq + 1, "text_hash": text_hash(entry)}
    return {**whole, "prev_hash": head.hash, "hash": link(head.hash, whole)}


@dataclass(slots=True)
class Verifier:
    """Follows a log entry by entry, so that it need not be in memory as a whole."""

    seq: int = 0
    hash: str = GENESIS
    redacted: int = 0
    erased: dict[str, Broken] = field(default_factory=dict)
    erasures: set[str] = field(default_factory=set)

    def follow(self, entry: Mapping[str, Any]) -> Broken | None:
        """What is wrong with the next entry, or None."""
        due = self.seq + 1
        seq, id = entry.get("seq"), entry.get("id")
        if seq != due:
            return Broken(due, id, f"entry {due} is due where {seq!r} stands")
        if entry.get("prev_hash") != self.hash:
            return Broken(due, id, f"entry {due} does not follow the one before it")
        if entry.get("hash") != link(self.hash, entry):
            return Broken(due, id, f"entry {due} was changed after it was written")
        if sentence := self._misworded(entry):
            return Broken(due, id, f"{sentence} {due}")
        self.seq, self.hash = due, str(entry["hash"])
        return None

    def _misworded(self, entry: Mapping[str, Any]) -> str | None:
        """What is wrong with the words and the evidence of an entry: they may be gone, by an erasure that is named."""
        shown = entry.get("evidence")
        if shown is not None and evidence_hash(shown) != entry.get("evidence_hash"):
            return "what was decided on is not the evidence of entry"
        if entry.get("entry") == "erasure" and shown is not None:
            self.erasures.add(str(json.loads(shown).get("erasure")))
        erasure = _redacted_by(entry)
        if erasure is not None:
            self.redacted += 1
            self.erased.setdefault(erasure, Broken(int(entry["seq"]), entry.get("id"), _NO_ERASURE))
            return None
        if text_hash(entry) != entry.get("text_hash"):
            return "after they were written, somebody changed the words of entry"
        is_shown = entry.get("entry") not in _SHOWING or entry.get("evidence_hash") == evidence_hash("")
        return None if shown is not None or is_shown else "somebody took away the evidence of entry"

    def ends_at(self, head: Head) -> Broken | None:
        """What is wrong at the end of the log, or None."""
        for erasure, broken in self.erased.items():
            if erasure not in self.erasures and erasure != BEFORE_THIS_COPY:
                return broken
        if self.seq < head.seq:
            return Broken(self.seq + 1, None, f"entries {self.seq + 1} to {head.seq} are missing")
        if self.seq > head.seq or self.hash != head.hash:
            return Broken(self.seq, None, f"the log ends with entry {self.seq}, its head says {head.seq}")
        return None


def misplaced(
    entry: Mapping[str, Any],
    *,
    decides: Sequence[str],
    confirms: Sequence[str],
    supersedes: Sequence[str],
    confirmed: bool,
) -> str | None:
    """What hangs on an entry that it does not say, in a sentence, or None.

    A graph keeps what becomes of an entry as relationships: these are not hashed, but each repeats what is. The one
    before is superseded when the entry takes effect, which, with concerns, is when somebody confirms it. What an erased
    person was a part of has no candidate any more.
    """
    candidates = [] if entry.get("erased") else [entry.get("candidate_id")]
    waits = entry.get("entry") == "decision" and bool(entry.get("concerns")) and not confirmed
    due = {
        "decides": (decides, candidates),
        "confirms": (confirms, [entry.get("confirms")]),
        "supersedes": (supersedes, [None if waits else entry.get("supersedes")]),
    }
    for what, (found, said) in due.items():
        if list(found) != [id for id in said if id is not None]:
            return f"what entry {entry.get('seq')} {what} in the graph is not what it says"
    return None


def evidence_hash(evidence: str) -> str:
    """The hash of what a human saw as they decided (a candidate's frozen evidence, a model's content), in hex."""
    return hashlib.sha256(evidence.encode()).hexdigest()


def _redacted_by(entry: Mapping[str, Any]) -> str | None:
    """The erasure by which an entry lost all its words, or None."""
    for name, gone in (("erased", TEXT), ("parted", WORDS)):
        if entry.get(name) is not None and all(entry.get(word) is None for word in gone):
            return str(entry[name])
    return None


def _canonical(value: Mapping[str, Any]) -> bytes:
    def plain(item: object) -> object:
        return list(item) if isinstance(item, Sequence) and not isinstance(item, str) else item

    shown = {name: plain(item) for name, item in value.items()}
    return json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
