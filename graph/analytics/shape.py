"""What the analysts' copy holds: these labels, relationships and properties, and nothing else.

A positive list, so that what is added to the graph elsewhere stays out until somebody lets it in: keys and their
hashes, salts, tombstones, blocking keys, outbox, evidence and free notes are not here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vitograph.graph.analytics.masking import Mask

FORMAT = 3
"""Raised with every change below: a copy of another format is made anew."""

Rule = Callable[[Mask, Any], Any]


def plain(mask: Mask, value: Any) -> Any:
    return value


def key(mask: Mask, value: Any) -> Any:
    return [mask.key(one) for one in value] if isinstance(value, list) else mask.key(value)


def json(mask: Mask, value: Any) -> Any:
    return mask.json(value)


def masked(kind: str) -> Rule:
    """A text, or each of a list of texts."""
    return lambda mask, value: (
        [mask.token(kind, one) for one in value] if isinstance(value, list) else mask.token(kind, value)
    )


def code(kind: str) -> Rule:
    """A word of a vocabulary that channels make up."""
    return lambda mask, value: mask.code(kind, value)


def _plain(*names: str) -> dict[str, Rule]:
    return dict.fromkeys(names, plain)


NODES: Mapping[str, Mapping[str, Rule]] = {
    "Event": {
        **_plain("occurred_at", "received_at", "rule", "premature"),
        **{name: code(name) for name in ("type", "channel", "target_id")},
        "anchor": key,
        "properties": json,
        "traits": json,
    },
    "Person": {
        **_plain("id", "kind", "view_id", "resolve_at"),
        "founded_on": key,
        **{
            name: masked(name.removesuffix("s"))
            for name in ("given_names", "family_names", "full_names", "names", "birth_dates", "genders", "addresses")
        },
    },
    "Identifier": _plain("kind", "status", "status_since", "shared_since"),
    "Candidate": _plain(
        *("id", "kind", "left", "right", "status", "p_same", "p_household", "bits_stranger", "bits_household", "band"),
        *("value", "groups", "model", "propensity", "version", "verdict", "decision", "superseded_by", "claimed_by"),
        *("claimed_until", "reopened_at", "check", "proposed_as", "created_at", "updated_at"),
    ),
    "Decision": {
        **_plain("id", "seq", "entry", "verdict", "actor", "actor_role", "at", "candidate_id", "left", "right"),
        **_plain("model", "concerns", "supersedes", "confirms", "keep_apart", "keeps", "replaces", "batch", "blind"),
        **{name: masked(name) for name in ("actor_name", "holder", "reason")},
        "identifiers": key,
    },
    "Review": {
        **_plain("id", "candidate_id", "purpose", "decision", "decided", "verdict", "agrees", "actor", "at"),
        **{name: masked(name) for name in ("actor_name", "human", "reason")},
    },
    "Batch": {
        **_plain("id", "verdict", "shown", "actor", "at"),
        **{name: masked(name) for name in ("actor_name", "reason")},
    },
    "Model": _plain("name", "status", "parent", "created_at", "compared_with", "compared_at", "promoted_at", "version"),
    "Campaign": _plain("id", "name", "status", "department", "starts_at", "ends_at", "version"),
    "Artifact": _plain("campaign_id", "key", "kind", "content", "version"),
    "Department": _plain("id"),
}

LINKS: Mapping[str, Mapping[str, Rule]] = {
    "OF": {},
    "CARRIES": _plain("assurance"),
    "TARGETS": {},
    "HAS": _plain(
        *("assurance", "first_seen", "last_seen", "count", "current", "ambiguous"),
        *("first_bound", "last_bound", "first_out"),
    ),
    "PAIRS": {},
    "DECIDES": {},
    "CONFIRMS": {},
    "SUPERSEDES": {},
    "REVIEWS": {},
    "PROMOTES": {},
    "SHARES": {},
    "SAME_AS": {"decision": plain, "weakened": plain},
    "NOT_SAME_AS": _plain("decision"),
    "HOUSEHOLD_OF": _plain("decision"),
    "OWNS": {},
    "OFFERS": {},
}


def id_of(label: str, properties: Mapping[str, Any], mask: Mask) -> str:
    """The `id` of a node in the copy, where every node has one."""
    match label:
        case "Identifier":
            return mask.key(properties["key"])
        case "Artifact":
            return f"{properties['campaign_id']}/{properties['key']}"
        case "Model":
            return str(properties["name"])
        case "Event":
            return mask.id("event", properties["id"])
        case "Person" if properties.get("kind") == "unattributed":
            # The id of such a person is worked out from the identifier alone: whoever guesses that could find it.
            return mask.token("person", properties["id"])
    return str(properties["id"])


def node(label: str, properties: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    """What the copy keeps of a node."""
    kept = _kept(NODES[label], properties, mask)
    kept["id"] = id_of(label, properties, mask)
    if label == "Identifier":
        kept["key"], kept["value"] = kept["id"], kept["id"].partition(":")[2]
    if label == "Person" and properties.get("view_id") == properties.get("id"):
        kept["view_id"] = kept["id"]
    return kept


def link(kind: str, properties: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    """What the copy keeps of a relationship."""
    return _kept(LINKS[kind], properties, mask)


def _kept(rules: Mapping[str, Rule], properties: Mapping[str, Any], mask: Mask) -> dict[str, Any]:
    return {name: rules[name](mask, value) for name, value in properties.items() if name in rules and value is not None}
