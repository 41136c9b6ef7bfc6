"""Values that say nothing about a person, and mailboxes that belong to a function rather than to somebody.

The words come from what other systems learned the hard way (PostHog's and Segment's lists of illegal ids) and our own.
"""

from __future__ import annotations

import contextlib
import re
import unicodedata
from functools import lru_cache

import phonenumbers

from vitograph.resolver.model import Identifier, IdentifierKind
from vitograph.resolver.values.names import CACHE


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NOTHING = _words("""
    null nil none nan k.a. undefined unknown unkown unk n/a n.a. n.a #n/a empty blank missing unset notset undef
    anonymous guest test tester testing dummy placeholder xxx xxxx xxxxx asdf asdfasdf qwerty tbd todo
    deleted removed redacted unavailable noname true false unbekannt desconocido desconocida inconnu sconosciuto
""") | {
    "anonymous user",
    "guest user",
    "test user",
    "not available",
    "not applicable",
    "not provided",
    "not specified",
    "not set",
    "no name",
    "no data",
    "no value",
}

PLACEHOLDER_WORDS = (
    _NOTHING
    | _words("""
        na void anon anonym anonymous_user anonymoususer anonymous-user guest_user guestuser guest-user
        visitor user userid user_id user-id uid id distinctid distinct_id deviceid device_id not_authenticated
        email e-mail mail phone cookie cookieid cookie_id session sessionid session_id identifier
        optout opt-out opt_out opted_out nocookie no-cookie no_cookie disabled blocked
        yes no -1 testuser test_user test-user default fake sample abc123 restricted private withheld
    """)
    | {"[object object]", "object object"}
)
"""What no identifier may be; case-folded and without the quotes around it."""

STATED_PLACEHOLDERS = _NOTHING
"""The same for traits: fewer words, since somebody may be called Id or live in Mail."""

_NOBODY = STATED_PLACEHOLDERS | _words("""
    customer customers client clients user users username webuser visitor subscriber occupier occupant householder
    walkin firstname lastname surname fnu lnu nfn nln babyboy babygirl withheld declined anonymized anonymised erased
    facebook whatsapp instagram website unregistered tba tbc ditto idem
    kundin vorname nachname mustermann musterfrau anonymisiert
    cliente clienta invitado invitada usuario nombre apellido apellidos convidado ospite utente invité klient gość
    müşteri misafir гость клиент тест неизвестно ضيف عميل مجهول 客户 顾客 测试 未知 匿名 顧客 測試 不明
""")
"""Words for whoever it is: what nobody is called."""
_BESIDE = _words("""
    dear valued new the no your first last full name private wireless caller number baby boy girl cash sale guest gast
    deleted registered default google apple telegram online demo not known given of
""")
"""Words that somebody may be called, and that name nobody beside the others or each other."""
_NAMELESS = frozenset({
    ("walk", "in"), ("walk", "in", "customer"), ("cash", "sale"), ("first", "name"), ("last", "name"),
    ("full", "name"), ("no", "last", "name"), ("your", "name"), ("wireless", "caller"), ("private", "number"),
    ("private", "caller"), ("baby", "boy"), ("baby", "girl"), ("not", "known"), ("not", "given"),
    ("same", "as", "above"), ("prefer", "not", "to", "say"), ("current", "resident"), ("sin", "nombre"),
    ("sin", "apellido"), ("sin", "apellidos"), ("ohne", "name"), ("keine", "angabe"), ("sans", "nom"),
    ("senza", "nome"), ("neuer", "kunde"), ("neue", "kundin"),
})  # fmt: skip


def names_nobody(words: tuple[str, ...]) -> bool:
    """Whether the folded words of a name are no name: `valued customer`, `walk in`, `guest 12`, `aaa`."""
    words = tuple(bare for word in words if (bare := word.rstrip("0123456789")))
    if words in _NAMELESS or (words and all(len(word) > 2 and len(set(word)) == 1 for word in words)):
        return True
    return not _NOBODY.isdisjoint(words) and (_NOBODY | _BESIDE).issuperset(words)


_NEVER_READ = _words("""
    sincorreo sinemail notiene notienecorreo nocorreo keineemail keinemail emaildeclined noemailaddress walkin
    noreply noreplies donotreply dontreply neverreply noresponder nichtantworten nepasrepondre mailerdaemon bounce
    bounces none null undefined unknown noemail nomail noaddress notprovided notavailable noone nobody anonymous
""")
_FILLER_SITES = _words("""
    none null na no nan undefined unknown nomail noemail noreply invalid test testing test123 fake dummy asdf asdfasdf
    xxx xxxx qwerty domain yourdomain mydomain youremail email nowhere noone nobody abc anonymous placeholder provided
""")
_TYPED_TO_PASS = (
    PLACEHOLDER_WORDS
    | _FILLER_SITES
    | _words("""
    name your yourname example a.b foo bar me you not kein keine ohne asd qwe customer client cliente kunde refused
    declined
""")
)

_ROLES = _words("""
    info information informations contact contactus hello hi support sales admin administrator administration office
    team billing invoice invoices invoicing accounts accounting finance payments payroll orders order shop store booking
    bookings reservation reservations reception frontdesk feedback help helpdesk service services customerservice
    customercare customersupport customers enquiries enquiry inquiries inquiry mail email mailbox post newsletter news
    subscribe unsubscribe list lists staff everyone all it itsupport tech technical techsupport dev developers devops
    ops operations root sysadmin system webmaster hostmaster postmaster abuse noc security privacy dpo gdpr compliance
    legal hr humanresources jobs job careers career recruiting recruitment press media pr marketing advertising
    purchasing procurement partner partners partnerships investors events event community welcome general management
    manager director secretary membership members donations returns shipping dispatch warehouse logistics quality
    training education library webteam website web social
    customer client clients kunde kunden cliente clientes
    ventas contacto soporte administracion facturacion pedidos atencion atencionalcliente recepcion oficina compras
    informacion ayuda empleo rrhh consultas
    hallo kontakt vertrieb verwaltung buchhaltung rechnung rechnungen bewerbung bewerbungen empfang kundenservice
    kundendienst buero zentrale einkauf presse bestellung datenschutz anfrage sekretariat
    commercial accueil comptabilite secretariat serviceclient vente ventes direction achats facturation renseignements
    informazioni commerciale amministrazione segreteria assistenza vendite ufficio acquisti
    biuro sprzedaz ksiegowosc pomoc zamowienia rekrutacja sklep
    bilgi iletisim satis destek muhasebe siparis
    verkoop administratie klantenservice receptie inkoop
    vendas contato atendimento financeiro suporte faleconosco
""")
THROW_AWAY = _words("""
    mailinator.com yopmail.com guerrillamail.com guerrillamail.net guerrillamail.org sharklasers.com grr.la
    10minutemail.com 10minutemail.net temp-mail.org tempmailo.com tempail.com
    throwawaymail.com trashmail.com trashmail.net trash-mail.com maildrop.cc mailnesia.com mailcatch.com getnada.com
    nada.email dispostable.com fakeinbox.com fakemail.net mintemail.com mohmal.com moakt.com mytemp.email
    spam4.me spambog.com discard.email discardmail.com emailondeck.com getairmail.com inboxkitten.com
    mailsac.com minuteinbox.com tempinbox.com tmail.com tempr.email wegwerfemail.de wegwerfmail.de
    einrot.com jetable.org jetable.net mail.tm anonbox.net mailexpire.com mailnull.com
    incognitomail.org linshiyouxiang.net crazymailing.com
""")
"""Sites whose mailboxes are made to be thrown away; best known ones only, so that no provider of real ones is here."""

_WITHHELD_CALLERS = frozenset({"+266696687", "+7378742883", "+2562533", "+8566696", "+86282452253", "+464"})
"""How carriers spell ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE on a keypad (Twilio's list)."""

_INQUIRIES = re.compile(r"\+1(5{10}|\d{3}5551212)")
"""At 555-1212 of any area of North America is the inquiry office, and all fives are typed to pass a form."""
_QUOTES = "\"'`\u00b4\u2018\u2019\u201c\u201d\u00ab\u00bb() \t"
_PUNCTUATION = "-_.,:;/\\|*#?!+()[]{}<>~= \u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2026"
_TEMPLATE = re.compile(r"[\[{<%$].*[\]}>%]|\$\w+", re.DOTALL)
_RUNS = ("01234567890123456789", "98765432109876543210")
_SHORTEST_RUN = 7
_SHORTEST_STRUCK = 4
_UUID = 32
"""Digits of a UUID: the first and the last one have a single digit."""


def is_blocked(identifier: Identifier) -> bool:
    """Whether the (normalised) identifier proves nothing, so that it is dropped wherever it comes from."""
    return is_placeholder(identifier.kind, identifier.value)


@lru_cache(maxsize=CACHE)
def is_placeholder(kind: IdentifierKind, text: str) -> bool:
    """The same for a value in any state, also for one that cannot be normalised ('null' is no e-mail address)."""
    plain = _unquoted(text)
    if _is_filler(plain):
        return True
    match kind:
        case IdentifierKind.EMAIL:
            return _is_unread_mailbox(plain)
        case IdentifierKind.PHONE:
            return _is_filler_number(plain)
        case IdentifierKind.USER_ID:
            _, colon, issued = plain.partition(":")
            # An issuer may count from zero.
            filler = bool(colon) and "0" not in issued and _is_filler(_unquoted(issued))
            return filler or _struck(issued or plain) == _UUID
        case _:
            return _struck(plain) >= _SHORTEST_STRUCK


@lru_cache(maxsize=CACHE)
def is_role_mailbox(identifier: Identifier) -> bool:
    """Whether it is the mailbox of a function (info@, ventas@ …): shared from the start, never anybody's own."""
    if identifier.kind is not IdentifierKind.EMAIL:
        return False
    return _squeezed(identifier.value.rpartition("@")[0]) in _ROLES


@lru_cache(maxsize=CACHE)
def is_function(local: str) -> bool:
    """Whether the local part of an address names a function (info, ventas …), or a sender nobody reads (noreply)."""
    squeezed = _squeezed(local)
    return squeezed in _ROLES or squeezed in _NEVER_READ


def is_disposable(identifier: Identifier) -> bool:
    """Whether it is an address at a provider of throw-away mailboxes, many of which anybody may open."""
    if identifier.kind is not IdentifierKind.EMAIL:
        return False
    site = identifier.value.rpartition("@")[2]
    return any(site == one or site.endswith(f".{one}") for one in THROW_AWAY)


def _unquoted(text: str) -> str:
    """NFKC, case-folded, and without the quotes and brackets that some client put around it."""
    return unicodedata.normalize("NFKC", text).casefold().strip(_QUOTES)


def _is_filler(plain: str) -> bool:
    """Empty, a placeholder word, a template nobody filled in, or nothing but zeros and punctuation."""
    return plain in PLACEHOLDER_WORDS or bool(_TEMPLATE.fullmatch(plain)) or not plain.strip(_PUNCTUATION + "0")


def _struck(plain: str) -> int:
    """How many times its one character stands in a text, dashes aside; 0 where there are others."""
    signs = plain.replace("-", "")
    return len(signs) if len(set(signs)) == 1 else 0


def _is_unread_mailbox(address: str) -> bool:
    """A sender nobody reads (noreply@), or what is typed to get past a form (test@test.com, none@none.com)."""
    local, _, domain = address.rpartition("@")
    site = domain.partition(".")[0]
    filler = local in _TYPED_TO_PASS and (site in _FILLER_SITES or site == local)
    struck = site == local != domain and (len(set(local)) == 1 or local.isdecimal())
    return filler or struck or _squeezed(local) in _NEVER_READ


def _is_filler_number(number: str) -> bool:
    """All one digit, counting up or down, of an inquiry office, or a keypad's word for a withheld caller."""
    plain = number.partition(";")[0]
    digits = re.sub(r"\D", "", plain)
    if not digits or any(character.isalpha() for character in plain):
        return False
    if f"+{digits}" in _WITHHELD_CALLERS or _INQUIRIES.fullmatch(plain):
        return True
    if len(digits) < _SHORTEST_RUN:
        return not digits.strip("0")
    # The whole national number must be the run: +34 612345678 is a number that somebody may have.
    national = _national(plain, digits)
    return len(set(national[-_SHORTEST_RUN:])) == 1 or (
        len(national) >= _SHORTEST_RUN and any(national in run for run in _RUNS)
    )


def _national(plain: str, digits: str) -> str:
    """The digits after the country code of an international number; all digits of any other."""
    if plain.startswith("+"):
        with contextlib.suppress(phonenumbers.NumberParseException):
            return str(phonenumbers.parse(f"+{digits}").national_number)
    return digits


def _squeezed(local: str) -> str:
    """The local part in plain ASCII letters, without its tag, dots, dashes and underscores."""
    bare = unicodedata.normalize("NFKD", local.partition("+")[0].casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[-_.]", "", bare)
