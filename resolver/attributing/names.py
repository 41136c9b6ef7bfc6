"""Whether the names that two stated may be one person's: no agreement is evidence, a contradiction is decisive."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vitograph.resolver.model import Traits
from vitograph.resolver.profiles import Stated
from vitograph.resolver.values.full_names import full_name_has, full_names_compatible, parse_full_name
from vitograph.resolver.values.names import fold, generation, given_names_compatible, is_nickname

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """Given names with the family names stated beside them ('': none), full names, and the generations said in any."""

    pairs: tuple[Pair, ...] = ()
    full: tuple[str, ...] = ()
    generations: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.pairs or self.full)

    @classmethod
    def of(cls, stated: Sequence[Stated]) -> Names:
        """The names in what the fragments of a view stated; given names that were read off full ones left out.

        So are initials and nicknames beside a longer name that they may stand for: `m` is maria there, and `alex` is
        alexander, which lets neither mario nor alexandra in.
        """
        full = tuple(_each("full_names", stated))
        pairs = tuple(pair for one in stated for pair in one.pairs())
        known = {given for given, _ in pairs} | {one.split()[0] for one in full}
        known |= {name.given for one in full for name in parse_full_name(one)}
        lone = [given for given in _each("given_names", stated) if given not in known]
        families = list(_each("family_names", stated))
        beside = families[0] if len(families) == len(lone) == 1 and not (pairs or full) else ""
        words = (*_each("given_names", stated), *families, *full)
        pairs = (*pairs, *((given, beside) for given in lone))
        told = {fold(given) for given in (*(given for given, _ in pairs), *map(_given, full))}
        return cls(
            tuple(pair for pair in pairs if not _is_short_for(pair[0], told)),
            tuple(one for one in full if not _is_short_for(_given(one), told)),
            _generations(words),
        )

    @classmethod
    def in_traits(cls, traits: Traits) -> Names:
        """The names of one observation; a given name says more than the full name beside it."""
        words = (traits.given_name or "", traits.family_name or "", traits.full_name or "")
        if traits.given_name:
            return cls(((traits.given_name, traits.family_name or ""),), (), _generations(words))
        return cls((), (traits.full_name,) if traits.full_name else (), _generations(words))


def may_be_one(ours: Names, theirs: Names) -> bool:
    """Whether a name of one fits a name of the other, and the generations stated do not contradict."""
    if ours.generations and theirs.generations and not ours.generations & theirs.generations:
        return False
    return (
        any(_pairs_fit(a, b) for a in ours.pairs for b in theirs.pairs)
        or any(full_names_compatible(a, b) for a in ours.full for b in theirs.full)
        or any(full_name_has(full, *pair) for full in ours.full for pair in theirs.pairs)
        or any(full_name_has(full, *pair) for full in theirs.full for pair in ours.pairs)
    )


def are_swapped(a: Pair, b: Pair) -> bool:
    """Whether given and family name are stated the other way round; both must fit."""
    return all((*a, *b)) and given_names_compatible(a[0], b[1]) and given_names_compatible(a[1], b[0])


def _pairs_fit(a: Pair, b: Pair) -> bool:
    return given_names_compatible(a[0], b[0]) or are_swapped(a, b)


def _given(full: str) -> str:
    """What may be the given name of a full one."""
    return next((name.given for name in parse_full_name(full)), "")


def _is_short_for(given: str, told: Iterable[str]) -> bool:
    """Whether a given name is without a letter, or an initial or a nickname of a longer one of those told."""
    short = fold(given)
    return any(
        len(other) > max(len(short), 1) and (is_nickname(short, other) if len(short) > 1 else other.startswith(short))
        for other in told
    )


def _each(kind: str, stated: Sequence[Stated]) -> Iterable[str]:
    return dict.fromkeys(value for one in stated for value in getattr(one, kind))


def _generations(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(generation, words)) - {""}
