"""Every error ViTo raises on purpose, by cause.

VitoError
├── InvalidInput              what was sent cannot be accepted; carries JSON pointers
├── UnknownThing              no person, candidate, decision, campaign … of that id
├── Conflict                  the state of the graph forbids it
│   ├── ReusedId              an observation id came back with another body
│   ├── ContradictoryDecision the joined view would hold a NOT_SAME_AS pair; carries the path
│   └── WrongState            the candidate, decision or campaign is not in a state that allows it
│       └── AlreadyDecided    a decision stands on the pair; carries it
├── StaleVersion              somebody else changed it since it was read
│   └── StaleList             what a bulk act would decide is not what was shown; carries the ids that changed
├── Erased                    it is, or speaks of, somebody who was erased; nothing was stored
├── Forbidden                 the key's role or department does not allow it
│   └── RefusedQuery          an analyst's query that is not provably read-only and bounded
├── Unauthenticated           no key, or one that is unknown, revoked or expired
├── Gone                      there was one of that id; its time is over
├── DamagedEvidence           what is stored is not what its hash says
├── EvidenceUnavailable       the evidence store does not answer
├── IssuerUnavailable         the keys of an issuer of tokens cannot be read; what it signed waits
├── SpeechUnavailable         the model of speech to text is missing; recordings wait
├── SpeechFailed              a recording cannot be turned into text
├── GraphUnavailable          Neo4j does not answer; nothing was acknowledged
├── TooBusy                   more waits than may; nothing was taken in, and later it may be
├── HotMemoryUnavailable      Valkey does not answer; reads go to the graph, entries wait in the outbox
│   └── HotMemoryRefuses      it answers with an error, which may be about this call alone
├── MailUnavailable           the mail server does not answer, or takes no mail from ViTo; mails wait
├── MailPutOff                the mail server does not take this mail now, and may later
├── NotRewritten              what is held no more may still stand in the file of a Valkey; later it will not
├── LaggingSource             the graph that was read has not seen the change yet that is to be projected
├── SinkFailed                what was to be written to or removed from a sink was not, or not for certain
│   ├── SinkUnavailable       it does not answer, or not in time; trying again may help
│   └── StillPublic           it says that a campaign was removed, and the public still sees it
├── UnfitAdapter              an adapter of sinks that cannot be registered; says what it lacks
├── ImagesUnavailable         the store of images does not answer, or cannot keep more
└── ServerFailed              a process of ViTo's own cannot start or stay up, or is in somebody's way

None knows HTTP; `api/wire/errors.py` holds the one table from type to status.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class VitoError(Exception):
    """Root of all errors raised on purpose. Its text is safe to show to the caller."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an input: an RFC 6901 JSON pointer and a sentence."""

    pointer: str
    detail: str


class InvalidInput(VitoError):
    """The input cannot be accepted; nothing was stored."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{f.pointer}: {f.detail}" if f.pointer else f.detail for f in self.faults))


class UnknownThing(VitoError):
    """There is none of that id."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind = kind
        self.id = id
        super().__init__(f"there is no {kind} {id!r}")


class Conflict(VitoError):
    """The state of the graph forbids it."""


class ReusedId(Conflict):
    """An observation id came back with another body."""

    def __init__(self, id: str) -> None:
        self.id = id
        super().__init__(f"observation {id!r} was already accepted with another body")


class ContradictoryDecision(Conflict):
    """Joining would put two persons into one view whom a decision keeps apart."""

    def __init__(self, path: Sequence[str], decision: str) -> None:
        self.path = tuple(path)
        self.decision = decision
        super().__init__(
            f"decision {decision} keeps {self.path[0]} and {self.path[-1]} apart; joined they would be: "
            + " = ".join(self.path)
        )


class WrongState(Conflict):
    """It is not in a state that allows this."""


class AlreadyDecided(WrongState):
    """A decision stands on the pair, which is not decided anew before it was taken back."""

    def __init__(self, candidate: str, decision: str) -> None:
        self.decision = decision
        super().__init__(f"candidate {candidate!r} is decided: retract decision {decision!r} first")


class StaleVersion(VitoError):
    """Somebody else changed it since it was read."""

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"{kind} {id!r} has changed since it was read; read it again and decide on what it says now")


class StaleList(StaleVersion):
    """What a bulk act would decide is not what was shown."""

    def __init__(self, ids: Sequence[str]) -> None:
        self.ids = tuple(ids)
        VitoError.__init__(self, f"{len(self.ids)} of the pairs are not what was shown any more; read the list again")


class Erased(VitoError):
    """It is, or speaks of, somebody who was erased. Nothing was stored."""


class Forbidden(VitoError):
    """The key does not allow this."""


class RefusedQuery(Forbidden):
    """An analyst's query that was not shown to be read-only and bounded; its text says why."""


class Unauthenticated(VitoError):
    """There is no valid key."""


class IssuerUnavailable(VitoError):
    """The keys of an issuer of tokens cannot be read: nobody can say now whether it signed a token."""


class GraphUnavailable(VitoError):
    """Neo4j does not answer; nothing was acknowledged."""


class TooBusy(VitoError):
    """More waits already than may wait; nothing of this was taken in. `wait`: seconds after which to try again."""

    def __init__(self, detail: str, wait: int = 1) -> None:
        self.wait = wait
        super().__init__(detail)


class Gone(VitoError):
    """There was one of that id; its time is over."""


class DamagedEvidence(VitoError):
    """What is stored is not what its hash says; it is served to nobody."""

    def __init__(self, sha256: str) -> None:
        self.sha256 = sha256
        super().__init__(f"evidence {sha256} is damaged: its bytes are not those that were stored")


class EvidenceUnavailable(VitoError):
    """The evidence store does not answer, or cannot keep more."""


class SpeechUnavailable(VitoError):
    """Speech cannot be turned into text now: the model or the extra is missing. Recordings wait."""


class SpeechFailed(VitoError):
    """This recording cannot be turned into text."""


class HotMemoryUnavailable(VitoError):
    """Valkey does not answer, or not in time; what it holds can be had from the graph."""


class HotMemoryRefuses(HotMemoryUnavailable):
    """Valkey answers a call with an error; the text is its code. It may take others."""


class MailUnavailable(VitoError):
    """The mail server does not answer, or takes no mail of ours."""


class MailPutOff(VitoError):
    """The mail server does not take this mail now; it may later, and takes others."""


class NotRewritten(VitoError):
    """What is held no more may still stand in the file of a server."""


class LaggingSource(VitoError):
    """The graph that was read has not seen the change yet that is to be projected."""


class SinkFailed(VitoError):
    """A sink did not do what it was asked; the text is shown beside the campaign and never says a secret or content."""


class SinkUnavailable(SinkFailed):
    """A sink does not answer, or not in time."""


class StillPublic(SinkFailed):
    """A sink says that a campaign was removed, and the public still sees it."""


class UnfitAdapter(VitoError):
    """An adapter of sinks cannot be registered; the text says what it lacks."""


class ImagesUnavailable(VitoError):
    """The store of images does not answer, or cannot keep more."""


class ServerFailed(VitoError):
    """A process of ViTo's own cannot start or stay up; the text is one sentence saying why and what helps."""
