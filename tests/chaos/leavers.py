"""Two people of one household a round, of whom one or both are erased while they are still being observed.

A word of letters stands in all that is said of each of them and nowhere else, so whatever still tells of somebody who
was erased can be found by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

ALPHABETS = ("zqabcdefghij", "vxklmnopqrst")
"""Two letters to begin with and one for each digit: no name of one household is like the other."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody who may be erased. The telephone and the tablet are the household's, the rest is their own."""

    word: str
    phone: str
    tablet: str

    @property
    def email(self) -> str:
        return f"{self.word}@example.com"

    @property
    def cookie(self) -> str:
        return f"c-{self.word}"

    def said(self, place: str, chance: Random, occurred_at: str, campaign: str) -> Body:
        """An observation of them: always by the address that is proved and theirs, and by name."""
        others = [
            {"kind": "phone", "value": self.phone, "assurance": "asserted"},
            {"kind": "cookie", "value": self.cookie, "assurance": "observed"},
            {"kind": "cookie", "value": self.tablet, "assurance": "observed"},
        ]
        id = f"l-{self.word}-{place}"
        event: Body = {"type": chance.choice(["form.sent", "person.identified"])}
        if chance.random() < 0.3:
            event = {"type": "campaign.enrolled", "target_id": campaign}
        return {
            "id": id,
            "channel": chance.choice(["web", "phone"]),
            "occurred_at": occurred_at,
            "identifiers": [
                {"kind": "email", "value": self.email, "assurance": "verified"},
                *chance.sample(others, chance.choice([0, 1, 1, 2])),
            ],
            "traits": {"given_name": self.word, "family_name": "Ortega", "city": "Springfield"},
            "event": {**event, "properties": {"nonce": f"{id} {chance.random()}", "said": f"I am {self.word}"}},
        }


def household(seed: int, number: int) -> tuple[Leaver, Leaver]:
    """Those of a round of a seed."""
    digits = f"{seed:06}{number:04}"
    phone = f"+1305{2_000_000 + (seed * 7919 + number * 5_196_311) % 7_999_999}"
    one, other = ("".join([letters[:2], *(letters[2 + int(digit)] for digit in digits)]) for letters in ALPHABETS)
    return Leaver(one, phone, f"t-{digits}"), Leaver(other, phone, f"t-{digits}")
