"""How two postal addresses compare: street and house number first, then postal code, town and region."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from vitograph.resolver.comparing.ladder import CLOSE
from vitograph.resolver.model import Address
from vitograph.resolver.values.names import CACHE, fold

_NUMBER = re.compile(r"\d+")
_ZIP = re.compile(r"^(\d{5})-\d{4}$")
_KINDS = {
    "street": "st", "str": "st", "strasse": "st", "road": "rd", "avenue": "ave", "av": "ave", "lane": "ln",
    "drive": "dr", "court": "ct", "crescent": "cres", "cr": "cres", "place": "pl", "square": "sq", "terrace": "ter",
    "tce": "ter", "circuit": "cct", "close": "cl", "parade": "pde", "highway": "hwy", "boulevard": "blvd",
    "parkway": "pkwy", "ridges": "rdgs", "north": "n", "south": "s", "east": "e", "west": "w", "apartment": "apt",
    "suite": "ste", "platz": "pl", "weg": "wg", "gasse": "g",
}  # fmt: skip

SENTENCES = {
    "equal": "The addresses are equal.",
    "typo": "The addresses are equal but for spelling.",
    "street": "They live in the same street.",
    "street_elsewhere": "Street and house number agree, the town does not.",
    "postal": "The postal codes agree, the streets differ.",
    "town": "The towns agree, the streets differ.",
    "near": "Postal codes or towns agree but for spelling, the streets differ.",
    "region": "Only the regions agree.",
    "different": "The addresses differ.",
    "postal_only": "The postal codes agree; no street to compare.",
    "town_only": "The towns agree; no street to compare.",
    "place_typo": "Postal codes or towns agree but for spelling; no street to compare.",
    "region_only": "The regions agree; nothing more to compare.",
    "place_differs": "The towns or postal codes differ; no street to compare.",
    "region_differs": "The regions differ; nothing more to compare.",
    "none": "No evidence: an address is missing.",
}
"""Level -> the sentence that a specialist reads. The first nine need a street on both sides."""

WITH_STREET = ("equal", "typo", "street", "street_elsewhere", "postal", "town", "near", "region", "different")
PLACE_ONLY = ("postal_only", "town_only", "place_typo", "place_differs")
REGION_ONLY = ("region_only", "region_differs")


@lru_cache(maxsize=CACHE)
def street_parts(street: str) -> tuple[tuple[str, ...], str]:
    """House and flat numbers, and the letters of the street's name with its kind in short form."""
    words = fold(street).split()
    return tuple(_NUMBER.findall(street)), "".join(_KINDS.get(word, word) for word in words)


@lru_cache(maxsize=CACHE)
def words_agree(a: str, b: str) -> int:
    """2 equal, 1 equal but for spelling, 0 different; for names of streets, towns and regions."""
    one, other = fold(a).replace(" ", "") or a, fold(b).replace(" ", "") or b
    if one == other:
        return 2
    return 1 if JaroWinkler.similarity(one, other) >= CLOSE or _slip(one, other) else 0


def _slip(a: str, b: str) -> bool:
    """One error in four letters or more, two in seven or more that begin alike."""
    shorter, edits = min(len(a), len(b)), OSA.distance(a, b, score_cutoff=2)
    return (edits <= 1 and shorter >= 4) or (edits <= 2 and shorter >= 7 and a[0] == b[0])


def plain_code(code: str) -> str:
    """A postal code without spaces, a ZIP without its last four."""
    return _ZIP.sub(r"\1", code.replace(" ", ""))


def codes_agree(a: str, b: str) -> int:
    """2 equal, 1 one digit wrong or two swapped, 0 different; for postal codes."""
    one, other = plain_code(a), plain_code(b)
    if one == other:
        return 2
    return 1 if OSA.distance(one, other, score_cutoff=1) == 1 else 0


def streets_agree(a: str, b: str) -> int:
    """3 equal, 2 equal but for spelling, 1 same street and another number, 0 another street."""
    (numbers, name), (other_numbers, other_name) = street_parts(a), street_parts(b)
    if not (name and other_name and words_agree(name, other_name)):
        return 0
    if numbers == other_numbers:
        return 3 if name == other_name else 2
    own, others = set(numbers) - set(other_numbers), set(other_numbers) - set(numbers)
    if not (own and others):
        return 2
    # Of the same house and other flats, or of other houses.
    return 2 if name == other_name and _number_slip(own, others) else 1


def _number_slip(numbers: set[str], other_numbers: set[str]) -> bool:
    """A digit was added, lost or mistaken in a house number of two digits or more."""
    return any(
        OSA.distance(one, other, score_cutoff=1) <= 1 and max(len(one), len(other)) >= 2
        for one in numbers
        for other in other_numbers
    )


class Agreement(NamedTuple):
    """How streets (3 to 0), postal codes and towns (2 to 0) and regions agree; None where not stated on both sides."""

    street: int | None
    code: int | None
    town: int | None
    region: bool | None


@lru_cache(maxsize=CACHE)
def address_level(a: Address, b: Address) -> str:
    """The level at which two addresses stand, one of `SENTENCES`."""
    return agreement_level(
        Agreement(
            street=streets_agree(a.street, b.street) if a.street and b.street else None,
            code=codes_agree(a.postal_code, b.postal_code) if a.postal_code and b.postal_code else None,
            town=words_agree(a.city, b.city) if a.city and b.city else None,
            region=words_agree(a.region, b.region) == 2 if a.region and b.region else None,
        )
    )


def agreement_level(agreement: Agreement) -> str:
    """The level of an agreement part by part."""
    street, code, town, region = agreement
    if street is not None:
        return _street_level(street, code, town, bool(region))
    if code is not None or town is not None:
        if code == 2:
            return "postal_only"
        if town == 2 and code != 0:
            return "town_only"
        return "place_typo" if code or town else "place_differs"
    if region is not None:
        return "region_only" if region else "region_differs"
    return "none"


def _street_level(street: int, code: int | None, town: int | None, region: bool) -> str:
    stated = code is not None or town is not None
    agrees = bool(code or town) or not stated
    if street == 3:
        return "equal" if agrees else "street_elsewhere"
    if street == 2 and agrees:
        return "typo"
    if street == 1 and agrees:
        return "street"
    if code == 2 or (code == 1 and town):
        return "postal"
    if town == 2:
        return "town"
    if code or town:
        return "near"
    return "region" if region else "different"
