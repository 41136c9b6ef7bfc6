"""What the API description says beside what the framework derives: problems, and how a caller proves who it is."""

from __future__ import annotations

from typing import Any

from vitograph.api import answers
from vitograph.api.access.policy import load_policy
from vitograph.api.wire.errors import PROBLEM_SCHEMA

SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "a key of ViTo, or a token of the issuer that is set"},
    "writeKey": {"type": "http", "scheme": "basic", "description": "the key as user name, without a password"},
}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """The description, with what calls answer, the problem that any may answer, and by which key each is made."""
    parts = document.setdefault("components", {})
    parts.setdefault("schemas", {}).update(answers.schemas() | {"Problem": PROBLEM_SCHEMA})
    parts["securitySchemes"] = SCHEMES
    for calls in document["paths"].values():
        for call in calls.values():
            call["security"] = _security(call["operationId"])
            answers.describe(call)
    return document


def _security(operation: str) -> list[dict[str, list[str]]]:
    """The schemes of which one is enough; none where there is no key."""
    if load_policy().is_public(operation):
        return []
    names = ("key", "writeKey") if operation.startswith("segment_") else ("key",)
    return [{name: []} for name in names]
