"""`scoring.one_value` of many pairs: an account that is an e-mail address or a phone number again.

Only pairs that share an account and a contact are looked at, one by one: they are few, for attribution gives one
account to one person.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vitograph.resolver.columnar.crossing import starts_of
from vitograph.resolver.columnar.frame import Bools, Floats, Ints
from vitograph.resolver.scoring.one_value import Shared, repeats


def silence_repeats(
    pair: Ints, account: Bools, key_of: Callable[[int], str], of_several: Bools, bits: tuple[Floats, Floats]
) -> Bools:
    """Takes the bits (against a stranger, a household) of whatever repeats another identifier of its pair, and says
    which do.

    `account` says which identifiers are accounts; the others are addresses and numbers. Pairs are in order.
    """
    silent = np.zeros(len(pair), np.bool_)
    starts = starts_of(pair)
    if not len(starts):
        return silent
    accounts, sizes = np.add.reduceat(account, starts, dtype=np.int64), np.diff(np.append(starts, len(pair)))
    for run in np.flatnonzero((accounts > 0) & (accounts < sizes)).tolist():
        places = range(starts[run], starts[run] + sizes[run])
        shared = [Shared(key_of(at), bool(of_several[at]), *(float(part[at]) for part in bits)) for at in places]
        counted = repeats(shared).keys()
        for at, one in zip(places, shared, strict=True):
            if one.key in counted:
                silent[at] = True
                for part in bits:
                    part[at] = 0.0
    return silent
