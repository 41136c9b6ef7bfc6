"""Why a pair scores as it does, what keeps it from more, and what would change it: read from its frozen evidence."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vitograph.resolver.scoring.birth_evidence import NEW_YEAR
from vitograph.resolver.scoring.evidence import Evidence, Score, odds
from vitograph.resolver.scoring.known import GUARDS, conclude, with_guards
from vitograph.resolver.scoring.name_evidence import AGREEING
from vitograph.resolver.scoring.parameters import Calibration, Model

# The probability that the last sentence of `why_not` measures the distance to.
SURE = 0.99

# What a person is asked for, the easiest first, with the level at which the answer would stand and its words.
ASKED = (
    ("birth_date", "equal", "an equal birth date"),
    ("email", "verified", "one e-mail address, proven to be both's"),
    ("phone", "equal", "one phone number"),
    ("address", "equal", "an equal postal address"),
    ("given_name", "equal", "an equal given name"),
    ("family_name", "equal", "an equal family name"),
    ("gender", "equal", "an equal gender"),
)
AS_GOOD = {"email": "equal", "birth_date": NEW_YEAR}
"""Levels at which the answer is known already."""
PLACES = frozenset({"address", "place", "region"})
_WOULD_BE = "It would be {p} with {words}."


def why_not(score: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What speaks against one person: `[{comparison, sentence, bits}]`, the heaviest first, bits below zero.

    `score` is the JSON form of a Score. Bits are against the rival hypothesis that is nearer: stranger or household.
    """
    if not score:
        return []
    column = "bits_stranger" if score["bits_stranger"] <= score["bits_household"] else "bits_household"
    against = sorted((row for row in score["evidence"] if row[column] < 0), key=lambda row: row[column])
    return [
        {"comparison": row["comparison"], "sentence": row["sentence"], "bits": row[column], "rival": column[5:]}
        for row in against
    ]


def missing_bits(score: Mapping[str, Any], calibration: Calibration | None, p: float = SURE) -> float | None:
    """Bits of further evidence, against either rival alike, that would bring P(same) to `p`; 0 when it is there.

    `calibration` is that of the model that scored, None when it had none. None when verdicts do not vouch for so much.
    """
    if not score or score["p_same"] >= p:
        return 0.0
    wanted = math.log2(p / (1 - p)) if calibration is None else calibration.bits_at(p)
    return None if wanted is None else max(0.0, wanted - odds(score["bits_stranger"], score["bits_household"]))


def counterfactuals(score: Mapping[str, Any], model: Model) -> list[dict[str, Any]]:
    """What an answer would change: `[{comparison, level, sentence, p_same, band}]`, the easiest to ask for first.

    `score` is the JSON form of the Score of two known views, `model` the one that it names. Of each comparison that is
    missing or not at its best: what the score would be with values that agree and are as frequent as the average.
    Nothing is asked of a pair that a constraint forbids, nor what would not help.
    """
    if not score or score.get("conflict") or not score.get("prior_same"):
        return []
    frozen = Score.from_json(score)
    found = []
    for comparison, level, words in ASKED:
        changed = supposed(frozen, comparison, level, model)
        if changed is not None and changed.p_same > frozen.p_same:
            sentence = _WOULD_BE.format(p=_chance(changed.p_same), words=words)
            found.append(
                {
                    "comparison": comparison,
                    "level": level,
                    "sentence": sentence,
                    "p_same": changed.p_same,
                    "band": changed.band,
                }
            )
    return found


def supposed(score: Score, comparison: str, level: str, model: Model) -> Score | None:
    """The score with one comparison at another level, its value of average frequency; None where it stands there.

    Rows that depend on others follow: the guard, the frequency of the full name, what a gender says beside names.
    """
    rows = [row for row in score.evidence if row.comparison not in GUARDS]
    levels = {row.comparison: row.level for row in rows}
    if levels.get(comparison) in (level, AS_GOOD.get(comparison)):
        return None
    if comparison in ("given_name", "family_name") and comparison not in levels:
        return None  # the names are swapped, or were compared as a whole
    prior = rows[0]
    strangers = math.log2(score.prior_same) - prior.bits_stranger  # log2(N - 1)
    row = _row(comparison, level, strangers, model)
    replaced = _is_of(comparison)
    kept = [one for one in rows if not replaced(one)]
    rows = [*kept, row]
    rows = _genders(_full_name(rows, model), model)
    return conclude(with_guards(rows, model), model, score.conflict, model.calibration)


def _row(comparison: str, level: str, strangers: float, model: Model) -> Evidence:
    """The row of a value that both have and of which nothing special is known."""
    known = model.comparisons[comparison]
    found = known.levels[level]
    bits = found.bits_stranger
    if comparison in ("email", "phone"):
        sharing = model.sharing["verified_email" if level == "verified" else comparison]
        bits = max(math.log2(found.m / sharing.prior) + strangers, 0.0)
    elif comparison == "address" and level in model.places:
        bits = math.log2(found.m / model.places[level].frequency.mean)
    elif known.frequency is not None:
        bits = math.log2(found.m / known.frequency.mean)
    return Evidence(known.group, comparison, level, "As supposed.", "", "", bits, found.bits_household)


def _is_of(comparison: str) -> Callable[[Evidence], bool]:
    """Whether a row says what the supposed one says instead: an address is one comparison or another by its parts."""
    replaced = PLACES if comparison in PLACES else {comparison}
    return lambda row: row.comparison in replaced


def _full_name(rows: Sequence[Evidence], model: Model) -> list[Evidence]:
    """With both parts agreeing, the full name counts by its own frequency: the mean one where it was not compared."""
    levels = {row.comparison: row.level for row in rows}
    if "full_name" in levels or not {levels.get("given_name"), levels.get("family_name")} <= AGREEING:
        return list(rows)
    bits = min(-math.log2(model.rules.name_correlation), 0.0)
    return [*rows, Evidence("name", "full_name", "frequency", "As supposed.", "", "", bits, 0.0, True)]


def _genders(rows: Sequence[Evidence], model: Model) -> list[Evidence]:
    """Once given names agree, an equal gender counts in part."""
    known = next((row.level for row in rows if row.comparison == "given_name"), "none") in AGREEING
    share = model.rules.gender_share if known else 1.0
    level = model.comparisons["gender"].levels["equal"]
    return [
        row._replace(
            bits_stranger=level.bits_stranger * share, bits_household=level.bits_household * share, capped=known
        )
        if row.comparison == "gender" and row.level == "equal"
        else row
        for row in rows
    ]


def _chance(p: float) -> str:
    """Two digits, and more where they tell it from certainty: .05, .98, .997."""
    digits = next((n for n in range(2, 6) if round(p, n) < 1), 6)
    p = min(p, 0.999999)
    return f"{p:.{digits}f}".removeprefix("0")
