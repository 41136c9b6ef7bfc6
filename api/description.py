"""What the API description says beside what the framework derives: problems, and how a caller proves who it is."""

from __future__ import annotations

from typing import Any

from vitograph.api.access.policy import load_policy
from vitograph.api.wire.errors import PROBLEM_SCHEMA

SCHEMES = {
    "key": {"type": "http", "scheme": "bearer", "description": "a key of ViTo, or a token of the issuer that is set"},
    "writeKey": {"type": "http", "scheme": "basic", "description": "the key as user name, without a password"},
}


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """The description, with the problem that any call may answer, and by which key each call is made."""
    parts = document.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
    parts["securitySchemes"] = SCHEMES
    for calls in document["paths"].values():
        for call in calls.values():
            call["security"] = _security(call["operationId"])
    return document


def _security(operation: str) -> list[dict[str, list[str]]]:
    """The schemes of which one is enough; none where there is no key."""
    if load_policy().is_public(operation):
        return []
    names = ("key", "writeKey") if operation.startswith("segment_") else ("key",)
    return [{name: []} for name in names]
