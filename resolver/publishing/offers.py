"""To whom an offer is made: a rule in CEL (Common Expression Language, cel.dev), kept as text and never as code.

    known && !("summer-offer" in campaigns) && now < timestamp("2026-12-24T00:00:00Z")

Four variables and no more: `known` (whether the visitor is greeted), `campaigns` (ids of those the person met, a list),
`locale` (the first language tag that is wanted, or ""), `now` (a timestamp). A rule costs what its text costs:
it is short, and what goes over a list, or asks a regular expression, is refused. One that fails is a no.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import cel

VARIABLES = ("known", "campaigns", "locale", "now")
LONGEST_RULE = 500

# Everything else is refused: `matches` compiles what it is given, and macros nest loops.
_OPERATORS = ("!_", "-_", "_&&_", "_||_", "_?_:_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "@in", "_[_]")
_ARITHMETIC = ("_+_", "_-_", "_*_", "_/_", "_%_")
_NAMED = ("size", "startsWith", "endsWith", "contains", "timestamp", "duration", "int", "double", "string")
_OF_TIME = ("FullYear", "Month", "Date", "DayOfMonth", "DayOfWeek", "DayOfYear", "Hours", "Minutes", "Seconds")
FUNCTIONS = frozenset((*_OPERATORS, *_ARITHMETIC, *_NAMED, *(f"get{part}" for part in _OF_TIME)))
_LOOP = re.compile(r"\b(all|exists|exists_one|existsOne|map|filter)\s*\(")


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule may ask about a visit."""

    known: bool
    campaigns: tuple[str, ...]
    locale: str
    now: dt.datetime

    def variables(self) -> dict[str, Any]:
        return {"known": self.known, "campaigns": list(self.campaigns), "locale": self.locale, "now": self.now}


# Rules are tried on these before they are kept: one that fails here would fail for visitors.
_MOMENT = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
SAMPLES = (Situation(False, (), "", _MOMENT), Situation(True, ("summer-offer",), "de-at", _MOMENT))


def why_refused(rule: str) -> str | None:
    """Why a text cannot be a rule; None when it can."""
    if not rule.strip() or len(rule) > LONGEST_RULE:
        return f"must have 1 to {LONGEST_RULE} characters"
    if not rule.isprintable():
        return "must be one line of printable characters"
    if _LOOP.search(rule):
        return "must not go over a list (all, exists, exists_one, map, filter); ask with `in`"
    try:
        program = _compiled(rule)
    except _RuleFailed as error:
        return f"is not CEL: {error}"
    references = program.references()
    for name in references["variables"]:
        if name not in VARIABLES:
            return f"names {name!r}; there is only {', '.join(VARIABLES)}"
    for name in references["functions"]:
        if name not in FUNCTIONS:
            return f"uses {name!r}, which a rule may not"
    for sample in SAMPLES:
        try:
            answer = _run(program, sample.variables())
        except _RuleFailed as error:
            return f"fails for {'a known' if sample.known else 'an unknown'} visitor: {error}"
        if not isinstance(answer, bool):
            return f"must be true or false for every visitor; it is {type(answer).__name__}"
    return None


def is_offered(rule: str, variables: Mapping[str, Any]) -> bool:
    """Whether a rule says yes. It never raises: a rule that fails, or says something else than yes, is a no."""
    try:
        return _run(_compiled(rule), variables) is True
    except _RuleFailed:
        return False


class _RuleFailed(Exception):
    """A rule cannot be read, or gives no answer."""


@lru_cache(maxsize=4_096)
def _compiled(rule: str) -> cel.Program:
    # Here, since it brings half a second of imports along: only who keeps or asks rules waits for them.
    import cel

    try:
        return cel.compile(rule)
    except BaseException as error:  # what the parser panics with is no Exception
        raise _failed(error) from None


def _run(program: cel.Program, variables: Mapping[str, Any]) -> Any:
    try:
        return program.execute(dict(variables))
    except BaseException as error:
        raise _failed(error) from None


def _failed(error: BaseException) -> _RuleFailed:
    """What to tell of a failure: the first words of it. Who wants the process to end is not held up."""
    if isinstance(error, KeyboardInterrupt | SystemExit):
        raise error
    words = " ".join(str(error).split())
    return _RuleFailed(words[:200] or type(error).__name__)
