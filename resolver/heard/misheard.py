"""What a telephone makes of a phrase, put right where the words that were heard mean nothing.

The line ends at 3,400 Hz, and an `s` lies above: "sign me up" is heard as "find me up", or as "sign need up". What
anybody could have meant ("find me that") stays as it was heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vitograph.resolver.heard.tokens import Token

_WHOM = ("me", "us")
_SIGN = ("find", "fine")
_EN = ("then", "in", "an")  # "and then roll me" for "and enroll me"
_TAKES, _OFFERED = ("accept", "take", "want"), ("offer", "proposal", "terms", "deal", "plan")
_ACCEPTS_AFTER, _OFFERED_BY = ("i", "we", "to", "will", "gladly", "happily"), ("the", "your", "this", "that")
_TIERS = ("gold", "silver", "bronze", "premium", "basic", "standard", "family", "annual", "monthly", "yearly")


def put_right(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """The tokens of a sentence as they must have been said. Each still tells how it was heard, and when."""
    found: list[Token] = []
    texts = [token.text for token in tokens]
    for place, token in enumerate(tokens):
        match texts[place : place + 3]:
            case [heard, whom, "up"] if heard in _SIGN and whom in _WHOM:
                found.append(replace(token, text="sign"))
            case ["need", "up", *_] if found and found[-1].text == "sign":
                found.append(replace(token, text="me"))
            case ["roll", whom, *_] if whom in _WHOM:
                first = found.pop() if found and found[-1].text in _EN else token
                raw = token.raw if first is token else f"{first.raw} {token.raw}"
                least = min(first.probability, token.probability)
                found.append(replace(token, text="enroll", raw=raw, start=first.start, probability=least))
            case ["plant", *_] if found and found[-1].text in _TIERS:
                found.append(replace(token, text="plan"))
            case ["except", what, *_] if what in _OFFERED_BY and found and found[-1].text in _ACCEPTS_AFTER:
                found.append(replace(token, text="accept"))
            case ["you", noun, *_] if noun in _OFFERED and found and found[-1].text in _TAKES:
                found.append(replace(token, text="your"))
            case _:
                found.append(token)
    return tuple(found)
