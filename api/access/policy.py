"""The policy file, decided once for every role and every call: no request pays for it.

Who may call is said by Cedar (https://www.cedarpolicy.com); which rows a call reads is said by the policy's `@reach`.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import cedarpy

from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.reach import EVERYTHING, NOTHING, Reach
from vitograph.resolver.errors import Forbidden, ServerFailed

ANYONE = "anyone"
"""The role of who has no key."""

PAGE = "page"
"""The role of a channel's key that stands in a web page, where anybody can copy it."""

_ROLES = (ANYONE, PAGE, *Role)
_OWN_CAMPAIGNS = "own campaigns"
_API = {"type": "Api", "id": "vito"}


@dataclass(frozen=True, slots=True)
class Grant:
    """A permission: the policies that give it, and what their `@reach` says ("" for none)."""

    policies: tuple[str, ...]
    extent: str

    def reach(self, caller: Caller) -> Reach:
        """The rows that this caller may read by it."""
        if self.extent == "everything":
            return EVERYTHING
        if self.extent == _OWN_CAMPAIGNS:
            return Reach(department=caller.department)
        return Reach(family=_family(self.extent)) if self.extent else NOTHING


@dataclass(frozen=True, slots=True)
class Policy:
    """What the policy file says: by operation, role, and whether the caller has a department."""

    operations: frozenset[str]
    grants: Mapping[tuple[str, str, bool], Grant]

    def grant(self, operation: str, caller: Caller) -> Grant:
        """The caller's permission to call this. Forbidden without one."""
        role = PAGE if caller.terms.publishable else caller.role.value
        found = self.grants.get((operation, role, caller.department is not None))
        if found is not None:
            return found
        roles = self.roles(operation)
        if role in roles:
            raise Forbidden("this key is of no department, and this call is for one that has leads and campaigns")
        raise Forbidden(f"this call is for {' or '.join(roles)} keys; this one's role is {role}")

    def roles(self, operation: str) -> list[str]:
        """Roles that may call this, with a department or without one."""
        return sorted({role for asked, role, _ in self.grants if asked == operation})

    def is_public(self, operation: str) -> bool:
        """Whether it may be called without a key."""
        return (operation, ANYONE, False) in self.grants


@cache
def load_policy() -> Policy:
    """The policies of this package. ServerFailed when they are not what their schema says."""
    folder = resources.files("vitograph.api") / "access"
    return read_policy((folder / "policies.cedar").read_text(), (folder / "schema.cedarschema").read_text())


def read_policy(policies: str, schema: str) -> Policy:
    """Decides every call for every role. ServerFailed when a policy is wrong, or a call has two reaches."""
    found = cedarpy.validate_policies(policies, schema)
    if not found:
        raise ServerFailed(f"the access policies are not valid: {'; '.join(map(str, found.errors))}")
    parsed = json.loads(cedarpy.policies_to_json_str(policies))["staticPolicies"]
    operations = sorted({action["id"] for policy in parsed.values() for action in _actions(policy)})
    asked = list(itertools.product(operations, _ROLES, (False, True)))
    requests = [_request(operation, role, has_department) for operation, role, has_department in asked]
    answers = cedarpy.is_authorized_batch(requests, policies, _entities(), schema)
    grants = {
        key: _grant(key[0], [parsed[reason].get("annotations", {}) for reason in answer.diagnostics.reasons])
        for key, answer in zip(asked, answers, strict=True)
        if answer.allowed
    }
    return Policy(frozenset(operations), grants)


def _grant(operation: str, reasons: Iterable[Mapping[str, str]]) -> Grant:
    reasons = list(reasons)
    extents = {reason.get("reach", "") for reason in reasons}
    if len(extents) > 1:
        raise ServerFailed(f"the access policies give {operation} several reaches: {sorted(extents)}")
    (extent,) = extents
    if extent not in ("", "everything", _OWN_CAMPAIGNS):
        _family(extent)
    return Grant(tuple(sorted(reason.get("id", "?") for reason in reasons)), extent)


def _family(extent: str) -> str:
    """How the types of events begin that `events negotiation.*` speaks of."""
    word, _, types = extent.partition(" ")
    if word != "events" or not types.endswith(".*") or len(types) < 4:
        raise ServerFailed(f"the access policies have a reach that is unknown: {extent!r}")
    return types.removesuffix("*")


def _actions(policy: Mapping[str, Any]) -> list[dict[str, str]]:
    """The actions that a policy names. One that names none would be of calls that are still to come."""
    scope = policy["action"]
    named = [scope["entity"]] if "entity" in scope else scope.get("entities", [])
    if not named:
        raise ServerFailed("an access policy names no call")
    return list(named)


def _request(operation: str, role: str, has_department: bool) -> dict[str, object]:
    principal = {"type": "Caller", "id": f"{role}, {has_department}"}
    return {"principal": principal, "action": {"type": "Action", "id": operation}, "resource": _API}


def _entities() -> list[dict[str, object]]:
    """One caller for each role, with and without a department."""
    return [
        {
            "uid": {"type": "Caller", "id": f"{role}, {has_department}"},
            "attrs": {"department": "one"} if has_department else {},
            "parents": [{"type": "Role", "id": str(role)}],
        }
        for role, has_department in itertools.product(_ROLES, (False, True))
    ]
