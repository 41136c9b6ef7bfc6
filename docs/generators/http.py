"""Every call of the HTTP interface, from the OpenAPI document and the access policies."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from vitograph.api.access.policy import ANYONE, Policy, load_policy
from vitograph.api.app import create_app
from vitograph.api.settings import Settings

METHODS = ("get", "put", "post", "delete", "head", "options")


def write() -> str:
    """Markdown of every call by its tag, then of the bodies that calls take and answer."""
    document, policy = create_app(Settings()).openapi(), load_policy()
    calls = [
        (call["tags"][0], method, path, call)
        for path, item in document["paths"].items()
        for method, call in item.items()
        if method in METHODS
    ]
    parts = []
    for tag, group in itertools.groupby(sorted(calls, key=lambda one: one[0]), key=lambda one: one[0]):
        parts.append(f"## {tag}\n")
        parts += ["\n".join(_call(method, path, call, policy)) for _, method, path, call in group]
    parts.append("## Bodies\n")
    parts += ["\n".join(_schema(name, schema)) for name, schema in sorted(document["components"]["schemas"].items())]
    return "\n".join(parts)


def _call(method: str, path: str, call: Mapping[str, Any], policy: Policy) -> Iterator[str]:
    yield f"### `{method.upper()} {path}`\n"
    yield call.get("description", "") + "\n"
    yield f"Operation `{call['operationId']}`, for {_callers(call['operationId'], policy)}.\n"
    if parameters := call.get("parameters"):
        yield "| parameter | in | type | default | meaning |\n|---|---|---|---|---|"
        for one in parameters:
            schema = one["schema"]
            default = "required" if one["required"] else _value(schema.get("default"))
            meaning = one.get("description", "")
            yield f"| `{one['name']}` | {one['in']} | {_type(schema)} | {default} | {_cell(meaning)} |"
        yield ""
    for media, content in call.get("requestBody", {}).get("content", {}).items():
        yield f"Body: {_type(content.get('schema', {}))}, `{media}`.\n"
    yield f"Answers: {', '.join(_answers(call['responses']))}; problems as above.\n"


def _callers(operation: str, policy: Policy) -> str:
    """The roles that may call it, each with the rows that it reads."""
    if policy.is_public(operation):
        return "everybody"
    told = {}
    for (asked, role, _), grant in policy.grants.items():
        if asked == operation and role != ANYONE:
            told[str(role)] = f"{role} ({grant.extent})" if grant.extent else str(role)
    return ", ".join(told[role] for role in sorted(told))


def _answers(responses: Mapping[str, Any]) -> Iterator[str]:
    for status, answer in responses.items():
        if status.startswith("2"):
            kinds = [f"{_type(content.get('schema', {}))}" for content in answer.get("content", {}).values()]
            yield f"{status} {' or '.join(dict.fromkeys(kinds))}".strip()


def _schema(name: str, schema: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {name}\n"
    if "description" in schema:
        yield schema["description"] + "\n"
    if "properties" not in schema:
        yield _type(schema) + "\n"
        return
    yield "| field | type | default | meaning |\n|---|---|---|---|"
    required = schema.get("required", ())
    for field, one in schema["properties"].items():
        default = "required" if field in required else _value(one.get("default"))
        yield f"| `{field}` | {_type(one)} | {default} | {_cell(one.get('description', ''))} |"
    yield ""


def _type(schema: Mapping[str, Any]) -> str:
    """A schema in a cell: a link to a body, the values of an enumeration, or the type and its bounds."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name.lower()})"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    bounds = [
        f"{sign} {schema[name]:,}"
        for name, sign in (("minimum", "≥"), ("maximum", "≤"), ("exclusiveMinimum", ">"), ("maxLength", "length ≤"))
        if name in schema
    ]
    return " ".join((schema.get("format") or schema.get("type", "JSON"), *bounds))


def _value(value: object) -> str:
    return "" if value is None else f"`{value}`"


def _cell(text: str) -> str:
    return text.replace("\n", " ").replace("|", "\\|")
