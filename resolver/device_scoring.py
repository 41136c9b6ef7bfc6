"""A device person scored against a known one: is the anonymous history on this device theirs?

Same: they were the one before the screen. Household: somebody who shares the device with them was. Stranger: somebody
they do not know was, as at a kiosk. Weak identifiers only bring the two together; who else is known on the device, how
often the person used it and how near in time decide. What was stated on the device is compared as for any pair.
"""

from __future__ import annotations

from math import log2

from vitograph.resolver.evidence import PRIOR, Evidence, Score
from vitograph.resolver.model import Held, IdentifierKind, IdentifierStatus, Profile
from vitograph.resolver.name_evidence import compare_names
from vitograph.resolver.parameters import Model
from vitograph.resolver.rates import DAYS_PER_YEAR, Population, expected_strangers, gap_years
from vitograph.resolver.scoring import compare_birth_dates, conclude

NOTHING = "They share no device: nothing speaks for one person."
EXCLUSIVE = "Nobody else is known on this device."
SEVERAL = "Several persons are known on this device."
USE = "How often the person was known on this device."
NEAR = "Both used the device within a day."
FAR = "Months lie between their uses of the device."
SESSION = "Both were seen in one session."


def score_device(known: Profile, device: Profile, population: Population, model: Model) -> Score:
    """The score of a known view and a device view, by exclusivity, sittings, time and what was stated."""
    shared = _shared(known, device, population)
    if not shared:
        bits = model.device.nothing_shared_bits
        return conclude([Evidence("device", PRIOR, "none", NOTHING, "", "", bits, bits)], model)
    key = min(shared, key=lambda one: (max(population.use(one).holders, 1), -known.identifiers[one].count, one))
    ours, theirs = known.identifiers[key], device.identifiers[key]
    rows = [_exclusivity(key, population, model), _use(key, ours, model), _time(key, ours, theirs, model)]
    session = next((one for one in shared if known.identifiers[one].identifier.kind is IdentifierKind.SESSION), None)
    if session is not None:
        bits = model.device.session_bits
        rows.append(Evidence("device", "session", "equal", SESSION, session, session, bits, bits))
    stated = compare_names(known, device, population, model)
    born = compare_birth_dates(known.birth_dates, device.birth_dates, population, model)
    return conclude([*rows, *stated.rows, born], model)


def _shared(known: Profile, device: Profile, population: Population) -> list[str]:
    """Keys that both hold and that say something, in order."""
    silent = (IdentifierStatus.BLOCKED, IdentifierStatus.SHARED)
    both = known.identifiers.keys() & device.identifiers.keys()
    return sorted(key for key in both if population.use(key).status not in silent)


def _exclusivity(key: str, population: Population, model: Model) -> Evidence:
    """One of K known users, or an unseen one; strangers as often as the identifier is shared outside a household."""
    use = population.use(key)
    sharing = model.sharing[key.partition(":")[0]]
    others = max(use.holders - 1, 0) + model.device.unseen_users
    sentence = EXCLUSIVE if use.holders <= 1 else SEVERAL
    level = "exclusive" if use.holders <= 1 else "several"
    strangers = expected_strangers(sharing, use, 0.0)
    return Evidence(PRIOR, PRIOR, level, sentence, key, key, -log2(strangers), -log2(others))


def _use(key: str, ours: Held, model: Model) -> Evidence:
    bits = min(model.device.bits_per_doubling * log2(max(ours.count, 1)), model.device.most_use_bits)
    return Evidence("device", "sittings", "counted", USE, key, f"{ours.count}", bits, bits)


def _time(key: str, ours: Held, theirs: Held, model: Model) -> Evidence:
    days = gap_years(ours, theirs) * DAYS_PER_YEAR
    if days <= model.device.near_days:
        return Evidence("device", "time", "near", NEAR, key, key, model.device.near_bits, model.device.near_bits)
    if days > model.device.far_days:
        return Evidence("device", "time", "far", FAR, key, key, model.device.far_bits, model.device.far_bits)
    return Evidence("device", "time", "none", "No evidence: days or weeks lie between their uses.", key, key, 0.0, 0.0)
