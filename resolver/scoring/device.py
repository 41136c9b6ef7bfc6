"""A device person scored against a known one: is the anonymous history on this device theirs?

Same: they were the one before the screen. Household: somebody who shares the device with them was. Stranger: somebody
they do not know was, as at a kiosk. Weak identifiers only bring the two together; who else is known on the device, how
many of its sittings became the person's by a login, how often the person used it and how near in time decide. What was
stated on the device is compared as for any pair.
"""

from __future__ import annotations

from math import log2

from vitograph.resolver.model import SILENT, Held, IdentifierKind, IdentifierStatus, Profile
from vitograph.resolver.scoring.birth_evidence import compare_birth_dates
from vitograph.resolver.scoring.evidence import PRIOR, Evidence, Score
from vitograph.resolver.scoring.known import conclude
from vitograph.resolver.scoring.name_evidence import compare_names
from vitograph.resolver.scoring.parameters import Model
from vitograph.resolver.scoring.rates import DAYS_PER_YEAR, Population, expected_strangers, gap_years

NOTHING = "They share no device: nothing speaks for one person."
STRANGERS = "Strangers use this device: its history is nobody's in particular."
EXCLUSIVE = "Nobody else is known on this device."
ACCOUNTS = "Several are known on this device; nothing says that they are more than one person."
SEVERAL = "Several persons are known on this device."
USE = "How often the person was known on this device."
NEAR = "Both used the device within a day."
FAR = "Months lie between their uses of the device."
SESSION = "{share} of the device's {number} sessions became the person's by a login."


def score_device(known: Profile, device: Profile, population: Population, model: Model) -> Score:
    """The score of a known view and a device view, by exclusivity, sittings, time and what was stated."""
    both = sorted(known.identifiers.keys() & device.identifiers.keys())
    if not both:
        return _nothing(NOTHING, "", model)
    # The history is that of the whole device: who else is known on it is told by what most know of it.
    key = max(both, key=lambda one: (population.use(one).holders, known.identifiers[one].count, one))
    if any(population.use(one).status in SILENT for one in both):
        return _nothing(STRANGERS, key, model)
    ours, theirs = known.identifiers[key], device.identifiers[key]
    users = _exclusivity(key, population, model)
    rows = [users, _use(key, ours, users.level == "several", model), _time(key, ours, theirs, model)]
    rows += _sessions(both, device, model)
    stated = compare_names(known, device, population, model)
    born = compare_birth_dates(known.birth_dates, device.birth_dates, population, model)
    return conclude([*rows, *stated.rows, born], model)


def _nothing(sentence: str, key: str, model: Model) -> Score:
    bits = model.device.nothing_shared_bits
    return conclude([Evidence("device", PRIOR, "none", sentence, key, key, bits, bits)], model)


def _exclusivity(key: str, population: Population, model: Model) -> Evidence:
    """One of K known users, or an unseen one; strangers as often as the identifier is shared outside a household.

    While the device is not suspected, nothing tells its known users apart: most are accounts of one person.
    """
    use = population.use(key)
    others = max(use.holders - 1, 0)
    level, sentence = ("exclusive", EXCLUSIVE) if others == 0 else ("several", SEVERAL)
    if others and use.status is IdentifierStatus.EXCLUSIVE:
        level, sentence = "accounts", ACCOUNTS
    strangers = expected_strangers(model.sharing[key.partition(":")[0]], max(use.holders - 2, 0), 0.0)
    weight = model.device.untold_user if level == "accounts" else 1.0
    company = others * weight + model.device.unseen_users
    return Evidence(PRIOR, PRIOR, level, sentence, key, key, -log2(strangers), -log2(company))


def _sessions(both: list[str], device: Profile, model: Model) -> list[Evidence]:
    """Sittings of the device in which the person logged in, as a share of all that are known of it."""
    sessions = [key for key in device.identifiers if device.identifiers[key].identifier.kind is IdentifierKind.SESSION]
    theirs = [key for key in both if key in sessions]
    if not theirs:
        return []
    bits = model.device.session_bits * len(theirs) / len(sessions)
    sentence = SESSION.format(share=len(theirs), number=len(sessions))
    return [Evidence("device", "session", "equal", sentence, theirs[0], theirs[0], bits, bits)]


def _use(key: str, ours: Held, several: bool, model: Model) -> Evidence:
    """Who uses a device often is likely to be its owner; of several known users each does, and it says little."""
    most = model.device.most_use_of_several if several else model.device.most_use_bits
    bits = min(model.device.bits_per_doubling * log2(max(ours.count, 1)), most)
    return Evidence("device", "sittings", "counted", USE, key, f"{ours.count}", bits, bits)


def _time(key: str, ours: Held, theirs: Held, model: Model) -> Evidence:
    days = gap_years(ours, theirs) * DAYS_PER_YEAR
    if days <= model.device.near_days:
        return Evidence("device", "time", "near", NEAR, key, key, model.device.near_bits, model.device.near_bits)
    if days > model.device.far_days:
        return Evidence("device", "time", "far", FAR, key, key, model.device.far_bits, model.device.far_bits)
    return Evidence("device", "time", "none", "No evidence: days or weeks lie between their uses.", key, key, 0.0, 0.0)
