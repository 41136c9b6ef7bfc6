"""What a restore leaves out of a log that is older than an erasure."""

from __future__ import annotations

import datetime as dt
import json

from vitograph.resolver.deciding.forgetting import Forgetting
from vitograph.resolver.erasure import Seal, Sealed

SEAL = Seal(b"a key of the tests")


def test_a_report_of_a_model_names_nobody_who_was_erased_since() -> None:
    links = [{"candidate": "c", "left": left, "right": right, "decision": "d"} for left, right in ("ab", "cd", "ea")]
    report = {"trained": {"views": 4}, "comparison": {"approved": {"links": 9, "failing": links}}}
    row = {"label": "Model", "properties": {"name": "strict", "report": json.dumps(report)}}
    forget = Forgetting(SEAL, {SEAL.of(Sealed.PERSON, "a"): dt.datetime(2026, 11, 27, tzinfo=dt.UTC)})
    left = forget("kept", row)
    assert left is not None
    assert json.loads(left["properties"]["report"]) == {
        **report,
        "comparison": {"approved": {"links": 9, "failing": links[1:2]}},
    }
    assert forget("kept", {"label": "Model", "properties": {"name": "bare", "report": None}}) is not None
