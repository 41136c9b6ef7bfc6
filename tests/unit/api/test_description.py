"""The API description tells every answer that is no refusal, of every call."""

from __future__ import annotations

from typing import Any

import pytest

from vitograph.api.app import create_app
from vitograph.api.settings import Settings

# By hand: what each of these calls answers when all is well. Those that are not here have one such answer.
ANSWERS = {
    "observe": {200, 201},
    "cloudevent": {200, 201},
    "post_chat_message": {200, 201},
    "post_chat_logout": {200, 201},
    "post_form": {200, 201},
    "put_campaign": {200, 201},
    "put_sink": {200, 201},
    "delete_sink": {200, 202},
    "decide_candidate": {201, 202},
    "retract_decision": {200, 201},
    "retract_batch": {200, 201},
    "claim_next": {200, 204},
    "post_evidence": {200, 201},
    "get_evidence": {200, 206, 304},
    "get_image": {200, 304},
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(Settings(neo4j_uri="bolt://nowhere", redis_url="redis://nowhere")).openapi()


@pytest.fixture(scope="module")
def described(document: dict[str, Any]) -> dict[str, set[int]]:
    calls = [call for methods in document["paths"].values() for call in methods.values()]
    return {
        call["operationId"]: {int(status) for status in call["responses"] if status < "400"}
        for call in calls
        if "operationId" in call
    }


def test_calls_with_several_answers_tell_all_of_them(described: dict[str, set[int]]) -> None:
    assert {call: statuses for call, statuses in described.items() if len(statuses) > 1} == ANSWERS


def test_a_refusal_of_segments_calls_is_told_as_their_libraries_read_it(document: dict[str, Any]) -> None:
    paths = document["paths"]
    for call in ("identify", "batch"):
        refusals = paths[f"/segment/v1/{call}"]["post"]["responses"]
        assert {"application/json", "application/problem+json"} == set(refusals["401"]["content"]), call


def test_a_client_made_of_the_description_knows_which_calls_take_a_key(document: dict[str, Any]) -> None:
    paths, schemes = document["paths"], document["components"]["securitySchemes"]
    assert paths["/v1/observations"]["post"]["security"] == [{"key": []}]
    assert paths["/segment/v1/track"]["post"]["security"] == [{"key": []}, {"writeKey": []}]
    assert paths["/healthz"]["get"]["security"] == []
    assert (schemes["key"]["scheme"], schemes["writeKey"]["scheme"]) == ("bearer", "basic")
