"""Bodies of their own forms, and answers beside the usual one, as the API description shows them."""

from __future__ import annotations

from typing import Any

_OBSERVATION = {
    "id": "0192f3a4-5b6c-7d8e-9f00-112233445566",
    "channel": "web_form",
    "occurred_at": "2026-11-24T10:00:00Z",
    "identifiers": [
        {"kind": "email", "value": "Maria@Example.com", "assurance": "verified"},
        {"kind": "cookie", "value": "c-81f", "assurance": "observed"},
    ],
    "traits": {"given_name": "Maria", "family_name": "Lopez", "date_of_birth": "1990-03-02"},
    "event": {"type": "campaign.enrolled", "target_id": "summer-offer", "properties": {"plan": "gold"}},
}


def takes(example: Any, media_type: str = "application/json") -> dict[str, Any]:
    """How the API description shows a body by an example."""
    schema = {"type": "string"} if isinstance(example, str) else {"type": "object"}
    content = {media_type: {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "content": content}}


def also(**meanings: str) -> dict[int | str, dict[str, Any]]:
    """Answers that a call may give instead of its usual one: `also(_200="why")`."""
    return {int(status.removeprefix("_")): {"description": meaning} for status, meaning in meanings.items()}


REPLAYED = also(_200="the same id and body came before: the first answer again, with `Idempotent-Replayed: true`")
UNCHANGED = also(_304="what `If-None-Match` names is still so")

OBSERVATION = takes(_OBSERVATION)
BATCH = takes(
    '{"channel": "crm", "identifiers": [{"kind": "email", "value": "maria@example.com"}]}\n'
    '{"channel": "crm", "identifiers": [{"kind": "phone", "value": "+34600100200"}]}\n',
    "application/x-ndjson",
)
SEGMENT = {
    "identify": takes(
        {"userId": "u-1", "anonymousId": "c-81f", "messageId": "m-1", "traits": {"email": "m@example.com"}}
    ),
    "track": takes({"userId": "u-1", "event": "Order Completed", "messageId": "m-2", "properties": {"total": 12.5}}),
    "page": takes({"anonymousId": "c-81f", "name": "Home", "messageId": "m-3"}),
    "screen": takes({"userId": "u-1", "name": "Basket", "messageId": "m-4"}),
    "group": takes({"userId": "u-1", "groupId": "shop-7", "messageId": "m-5"}),
    "alias": takes({"userId": "u-1", "previousId": "u-0", "messageId": "m-6"}),
    "batch": takes({"batch": [{"type": "track", "userId": "u-1", "event": "Order Completed", "messageId": "m-2"}]}),
}
