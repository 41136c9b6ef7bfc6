"""What is wrong with what was sent, in the words of the rest of the API: pydantic finds it, and speaks of inputs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from vitograph.resolver.errors import Fault
from vitograph.resolver.storable import escaped

_OBJECT, _WHOLE, _NUMBER = "it must be a JSON object", "it must be a whole number", "it must be a number"
_TRUTH = "it must be true or false"
_SAID = {
    "missing": "it is required",
    "extra_forbidden": "there is no such field",
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
    "list_type": "it must be a list",
    "string_type": "it must be a string",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "bool_type": _TRUTH,
    "bool_parsing": _TRUTH,
    "timezone_aware": "this time has no offset",
}
_SHOULD = re.compile(r"^[A-Z]\w* should ")  # as every other message begins


def fault_of(found: Mapping[str, Any], within: int = 0, below: str = "") -> Fault:
    """A fault of those that pydantic found. `within`: how much of its place is ours, as `body`, and was not sent;
    `below`: a pointer to what was looked at.
    """
    return Fault(below + "".join(f"/{escaped(part)}" for part in found["loc"][within:]), _sentence(found))


def _sentence(found: Mapping[str, Any]) -> str:
    kind, context = found["type"], found.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_pattern_mismatch":
        return f"it must match {context['pattern']}"
    return _SAID.get(kind) or _SHOULD.sub("it must ", found["msg"]).replace(" after validation", "")
