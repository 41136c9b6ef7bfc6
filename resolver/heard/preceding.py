"""What may stand before an acceptance, and what makes it somebody else's: who says so, or what it is the text of."""

from __future__ import annotations

import re

from vitograph.resolver.heard.answers import is_harmless
from vitograph.resolver.heard.phrases import BOUNDARY
from vitograph.resolver.heard.surroundings import INTRODUCES, MAY_COME_BEFORE, MAY_PRECEDE
from vitograph.resolver.heard.tokens import Sentence

MOST = 5
"""Words of what stands over a text: "Title.", "First line of the script."."""

_ANNOUNCES = re.compile(
    r"\b(?:says?|said|saying|goes|went|reads?|writes?|wrote|quote|(?:am|is|are|was|were) like|pretend|"
    r"(?:asks?|asked|tells?|told|shows?)(?: (?:me|us|you))?|(?:read|says?|written|stands) (?:it |out )?(?:here|there)|"
    r"(?:picture|imagine|say|repeat|try|consider) (?:this|it|me)|for (?:example|instance)|(?:press|option) \S+|"
    r"(?:line|option|answer|sentence|script|message|text|phrase|question|choice|button) (?:is|was)) ?,?$"
)
"""How a sentence ends behind which somebody else's words come: "He said. I accept the offer." """
_OWN = re.compile(r"\b(?:i|me|my|mine|we|us|our|you|thanks?|he|she|they)\b")


def may_come_before(clause: str, sentence: Sentence) -> bool:
    """Whether a clause of a sentence is known to be harmless before an acceptance."""
    known = MAY_PRECEDE.fullmatch(clause) or MAY_COME_BEFORE.fullmatch(clause)
    said = INTRODUCES.fullmatch(clause)
    return bool(known or (said and sentence.names.issuperset(said[1].split())))


def announces(sentence: Sentence) -> bool:
    """Whether what comes behind a sentence may be somebody else's words.

    So it may behind a short one that nobody knows and in which there is nobody, as over a text: "Next slide."
    """
    if _ANNOUNCES.search(sentence.text):
        return True
    if sentence.end == "?" or len(sentence.text.replace(",", "").split()) > MOST or _OWN.search(sentence.text):
        return False
    clauses = [clause.strip() for clause in BOUNDARY.split(sentence.text)]
    return not (is_harmless(sentence) or all(may_come_before(clause, sentence) for clause in clauses))
