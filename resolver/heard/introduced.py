"""By which name a customer introduces themselves: one token for all of it, so that no rule reads a name as words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from vitograph.resolver.heard.tokens import EDGES, Token
from vitograph.resolver.heard.words import vocabulary
from vitograph.resolver.values.known_names import KNOWN_NAMES
from vitograph.resolver.values.names import fold

NAME = "<name>"
"""The text of such a token."""

_LEADS = tuple(
    (*said.split(),)
    for said in ("my name is", "the name is", "name is", "this is", "it is", "i am", "speaking to", "speaking with")
)
_CLOSES = frozenset(vocabulary("here speaking calling again"))
_OPENS = frozenset(vocabulary("hello hi hiya hey yes okay well morning afternoon evening there so oh and"))
_TITLES = frozenset(vocabulary("mr mrs ms miss mister missus doctor dr"))
_NO_FAMILY = frozenset(
    vocabulary("""
    i we you he she it they who that this what which and or but if so as because since from for of at in on to by
    with my your his her their our the a an is am are was were do does did have has had will would can could may
    might should must shall not no never yes yea yeah okay please thanks thank here speaking calling again phoning
    ringing says said saying told tells wants want likes thinks accepts accept take takes sign put count enroll join
    just now today then only there when once unless until too about let
""")
)
"""What is no family name after a given one, written small."""


def introduced(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens with each name that follows "my name is", or comes before "here" at the beginning, as one."""
    found: list[Token] = []
    place = 0
    while place < len(tokens):
        texts = tuple(one.text for one in found[-3:])
        is_led = any(texts[-len(lead) :] == lead for lead in _LEADS)
        ends = _end_of_name(tokens, place)
        is_first = all(one.text in _OPENS for one in found)
        is_closed = ends < len(tokens) and tokens[ends].text in _CLOSES
        if ends > place and (is_led or (is_first and is_closed)):
            raw = " ".join(one.raw for one in tokens[place:ends])
            found.append(replace(tokens[place], text=NAME, raw=raw, end=tokens[ends - 1].end))
            place = ends
        else:
            found.append(tokens[place])
            place += 1
    return tuple(found)


def _end_of_name(tokens: Sequence[Token], place: int) -> int:
    """Where a name that begins at a token ends: a known given name, or a title, and up to two words more."""
    first = tokens[place].text
    if first not in _TITLES and fold(first) not in KNOWN_NAMES:
        return place
    if first in _NO_FAMILY:
        return place
    end = place + 1
    while end < min(len(tokens), place + 3) and _may_be_family(tokens[end]) and not _ends(tokens[end - 1]):
        end += 1
    return end


def _may_be_family(token: Token) -> bool:
    return bool(re.fullmatch(r"[^\W\d_][\w'-]+", token.text)) and token.text not in _NO_FAMILY


def _ends(token: Token) -> bool:
    """Whether a comma or a stop was heard after it."""
    return token.raw.rstrip(EDGES) != token.raw
