"""What a channel typed becomes what is compared: identifiers in one canonical form, traits in comparable words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from vitograph.resolver.model import Address, Identifier, IdentifierKind, Traits
from vitograph.resolver.values.dates import PlaceholderDate, parse_date
from vitograph.resolver.values.denylist import STATED_PLACEHOLDERS, names_nobody
from vitograph.resolver.values.names import CACHE
from vitograph.resolver.values.titles import SUFFIXES, TITLES, without_titles

LONGEST_IDENTIFIER = 512
"""Characters. Neo4j cannot index a property of more than about 8 kB."""

TRAIT_FIELDS = (
    "given_name",
    "family_name",
    "full_name",
    "date_of_birth",
    "gender",
    "street",
    "city",
    "region",
    "postal_code",
    "country",
)
_ADDRESS_FIELDS = ("street", "city", "region", "postal_code", "country")
_NAME_FIELDS = ("given_name", "family_name", "full_name")

_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"
_REGION_ALIASES = {"UK": "GB", "EL": "GR"}
_GENDERS = {
    word: letter
    for letter, words in {
        "m": "m male man boy männlich maennlich mann masculino hombre varón varon masculin homme h erkek mężczyzna",
        "f": "f female woman girl w weiblich frau femenino mujer feminino féminin feminin femme kad\u0131n kobieta k",
        "x": "x other nonbinary non-binary nb enby diverse divers d otro",
    }.items()
    for word in words.split()
}
_GENDER_PLACEHOLDERS = frozenset({"u", "not specified", "prefer not to say", "not known", "undisclosed"})
_NO_GIVEN_NAME = SUFFIXES | {"jr", "sr", "ii", "iii", "iv"}
_APOSTROPHES = re.compile("['`\u00b4\u2018\u2019\u02b9\u02bb\u02bc\u2032]")
_ADDRESS_SIGNS = "/&-"


@dataclass(frozen=True, slots=True)
class Reading:
    """What could be read from stated traits. `dropped` and `faults` map a field to a sentence that says why not."""

    traits: Traits
    dropped: Mapping[str, str]
    faults: Mapping[str, str]


def identifier(kind: str, value: str, region: str | None = None) -> Identifier:
    """The identifier in its canonical form; canonical values come back unchanged.

    `email` is lower-case with an ASCII (IDNA) domain. Dots and plus tags stay: whether they matter is the provider's
    secret, so it is evidence for scoring and never identity. `phone` is E.164, read as a national number of `region`
    (ISO 3166 alpha-2) when it has no `+`, and may end in `;ext=12` (RFC 3966): two extensions are two lines. Possible
    numbers are taken even where no carrier assigned them yet, since numbering plans move faster than their tables.
    `user_id`, `session` and `cookie` are opaque: NFKC, trimmed, case kept.
    ValueError, with a sentence for the sender, for anything else.
    """
    try:
        parsed = IdentifierKind(kind)
    except ValueError:
        raise ValueError(f"the kind must be one of {', '.join(IdentifierKind)}") from None
    if len(value) > LONGEST_IDENTIFIER:
        raise ValueError(f"it is longer than {LONGEST_IDENTIFIER} characters")
    plain = unicodedata.normalize("NFKC", value).strip().strip(_INVISIBLE).strip()
    if unstorable := unstorable_character(plain):
        raise ValueError(f"it contains {unstorable}")
    if not plain:
        raise ValueError("it is empty")
    match parsed:
        case IdentifierKind.EMAIL:
            canonical = _email(plain)
        case IdentifierKind.PHONE:
            canonical = _phone(plain, region)
        case _:
            canonical = plain
    if len(canonical) > LONGEST_IDENTIFIER:
        raise ValueError(f"it is longer than {LONGEST_IDENTIFIER} characters")
    return Identifier(parsed, canonical)


def country(region: str) -> str:
    """The ISO 3166 alpha-2 code of a region in either case. ValueError where no numbering plan has it."""
    code = region.strip().upper()
    code = _REGION_ALIASES.get(code, code)
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError("the region is not a country code of two letters such as US or DE")
    return code


def unstorable_character(text: str) -> str | None:
    """What the text holds that no identifier may: a control character, a line separator, half a surrogate pair."""
    if text.isprintable():
        return None
    for character in text:
        match unicodedata.category(character):
            case "Cc":
                return f"the control character U+{ord(character):04X}"
            case "Cs":
                return f"the lone surrogate U+{ord(character):04X}"
            case "Zl" | "Zp":
                return f"the line separator U+{ord(character):04X}"
    return None


def traits(raw: Mapping[str, str], date_format: str | None = None) -> Reading:
    """Stated traits in comparable form. `raw` maps names of TRAIT_FIELDS to what was stated; '' counts as not stated.

    Names lose case, titles, apostrophes and other punctuation (O'Brien = OBrien, Anne-Marie = Anne Marie) and
    "Lopez, Maria" is turned round; gender becomes m, f, x or its own words; a postal code is upper-case without spaces
    and dashes; a birth date is ISO 8601. Placeholders ('unknown', 'n/a', 1900-01-01 …) are dropped. Never raises.
    """
    read: dict[str, str] = {}
    dropped: dict[str, str] = {}
    faults: dict[str, str] = {}
    for name in TRAIT_FIELDS:
        stated = raw.get(name, "").strip()
        if not stated:
            continue
        try:
            value = "" if _is_stated_placeholder(name, stated) else _READERS[name](stated, date_format)
        except PlaceholderDate:
            value = ""
        except ValueError as error:
            faults[name] = str(error)
            continue
        if value:
            read[name] = value
        else:
            dropped[name] = f"{name} is a placeholder and was dropped"
    address = {name: read.pop(name) for name in _ADDRESS_FIELDS if name in read}
    return Reading(Traits(**read, address=Address(**address) if address else None), dropped, faults)


@lru_cache(maxsize=CACHE)
def _email(text: str) -> str:
    address = text[7:] if text[:7].lower() == "mailto:" else text
    try:
        valid = validate_email(
            address, check_deliverability=False, allow_display_name=True, test_environment=True, strict=True
        )
    except EmailNotValidError as error:
        raise ValueError(f"it is not an e-mail address: {error}") from None
    if "=?" in valid.local_part:
        # RFC 2047 §5: no address holds one. Whoever sends a mail there would decode it, and reach another mailbox.
        raise ValueError("it is not an e-mail address: it holds the beginning of an encoded word (=?)")
    return f"{unicodedata.normalize('NFC', valid.local_part.lower())}@{valid.ascii_domain.lower()}"


def _phone(text: str, region: str | None) -> str:
    try:
        number = phonenumbers.parse(text, None if region is None else country(region))
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
            raise ValueError("it parses nowhere: write it with + and a country code, or give its region") from None
        raise ValueError("it parses nowhere as a phone number") from None
    # LOCAL_ONLY numbers lack an area code; two towns would share them.
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise ValueError("it is not a possible phone number of its country (too short, too long, or no area code)")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{e164};ext={number.extension}" if number.extension else e164


def _is_stated_placeholder(field: str, stated: str) -> bool:
    """Whether the words stand for "nothing", a name's also for whoever it is. NA does, but Na is a family name."""
    plain = unicodedata.normalize("NFKC", stated).casefold().strip("\"'` ()")
    nobody = field in _NAME_FIELDS and names_nobody(tuple(_words(stated)))
    return stated in ("NA", "na") or plain in STATED_PLACEHOLDERS or nobody


def _folded(text: str) -> str:
    """NFKC and case-folded. The dotted capital I of Turkish folds to a plain i."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold().replace("i\u0307", "i"))


def _words(text: str, signs: str = "") -> list[str]:
    """The words of a text, folded. A word is letters, digits, the marks that belong to them (vowel signs of Indic and
    Arabic script) and the given signs; apostrophes and invisible characters join what they stand in.
    """
    kept = []
    for character in _APOSTROPHES.sub("", _folded(text)):
        if character.isalnum() or character in signs:
            kept.append(character)
        else:
            category = unicodedata.category(character)
            kept.append(character if category[0] == "M" else "" if category == "Cf" else " ")
    return "".join(kept).split()


def _name(text: str, _: str | None) -> str:
    """Words with letters in them, without titles before them."""
    words = without_titles(_words(text))
    return " ".join(words) if any(character.isalpha() for word in words for character in word) else ""


def _given_name(text: str, _: str | None) -> str:
    """As a name; a title alone is none (Herr alone is a family name)."""
    name = _name(text, None)
    return "" if name in TITLES else name


def _full_name(text: str, _: str | None) -> str:
    """As a given name; "family, given" is turned round, "name, Jr." is not."""
    family, comma, given = text.partition(",")
    if comma and "," not in given and _name(family, None) and _name(given, None):
        turned = _name(given, None) not in _NO_GIVEN_NAME
        return _given_name(f"{given} {family}" if turned else text, None)
    return _given_name(text, None)


def _gender(text: str, _: str | None) -> str:
    word = " ".join(_folded(text).strip(".?-_* 0").split())
    return "" if word in _GENDER_PLACEHOLDERS else _GENDERS.get(word, word)


def _address_part(text: str, _: str | None) -> str:
    joined = " ".join(_words(text, _ADDRESS_SIGNS))
    return joined if joined.strip("-/&_0 ") else ""


def _postal_code(text: str, _: str | None) -> str:
    code = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()
    return code if code.strip("0") else ""


_READERS: Mapping[str, Callable[[str, str | None], str]] = {
    **dict.fromkeys(_NAME_FIELDS, _name),
    **dict.fromkeys(_ADDRESS_FIELDS, _address_part),
    "given_name": _given_name,
    "full_name": _full_name,
    "gender": _gender,
    "postal_code": _postal_code,
    "date_of_birth": parse_date,
}
