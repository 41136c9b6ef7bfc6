"""A transcribed call as an observation: what it carries, by what assurance, and what it proposes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from vitograph.ingest.observations import parse
from vitograph.ingest.voice.calls import CallFacts, observe
from vitograph.ingest.voice.settling import Word as Settled
from vitograph.ingest.voice.settling import settle
from vitograph.ingest.voice.speech import INBOUND, OUTBOUND, Transcript
from vitograph.resolver.errors import InvalidInput
from vitograph.resolver.heard.tokens import plain_words
from vitograph.resolver.heard.words import Recheck, Word

NOW = dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)
FACTS = CallFacts("call:CA1", "CA1", ("MZ1",), NOW, {"campaign": "summer", "from": "+14155550100"}, None)
NOBODY = replace(FACTS, parameters={"campaign": "summer"})
HASHES = ["a" * 64, "b" * 64]


def transcript(customer: str, ours: str = "", rechecks: tuple[Recheck, ...] = ()) -> Transcript:
    words = [(OUTBOUND, word) for word in plain_words(ours)]
    after = len(words) / 10 + 0.2
    words += [(INBOUND, replace(w, start=w.start + after, end=w.end + after)) for w in plain_words(customer)]
    return Transcript("test", "en", 9.5, (INBOUND, OUTBOUND), tuple(words), rechecks)


def observed(customer: str, facts: CallFacts = FACTS, **more: Any) -> dict[str, Any]:
    body = observe(facts, transcript(customer, **more), HASHES)
    parse(body, received_at=NOW, default_region=None)  # it is what a channel may post
    return body


def test_a_clear_acceptance_enrols_into_the_campaign_that_the_call_names() -> None:
    body = observed("Yes, I accept the offer. My name is Maria Lopez.")
    assert (body["id"], body["channel"]) == ("call:CA1", "voice")
    assert (body["event"]["type"], body["event"]["target_id"]) == ("campaign.enrolled", "summer")
    assert body["event"]["evidence"] == HASHES
    assert body["traits"] == {"full_name": "Maria Lopez"}
    (intent,) = body["event"]["properties"]["intents"]
    assert intent["intent"] == "offer.accepted"
    assert intent["words"].startswith("I accept the offer")
    assert intent["start"] < intent["end"]


def test_without_a_campaign_it_is_an_acceptance_and_no_enrolment() -> None:
    body = observed("Yes, I accept the offer.", replace(FACTS, parameters={"from": "+14155550100"}))
    assert body["event"]["type"] == "offer.accepted"
    assert "target_id" not in body["event"]


def test_what_is_heard_is_asserted_and_what_the_network_tells_observed() -> None:
    body = observed("I accept the offer. My number is 415 555 2671. My email is anna at example dot com.")
    assert [(one["kind"], one["value"], one["assurance"]) for one in body["identifiers"]] == [
        ("phone", "+14155550100", "observed"),
        ("phone", "+14155552671", "asserted"),
        ("email", "anna@example.com", "asserted"),
    ]


def test_a_doubtful_number_is_marked_and_not_carried() -> None:
    body = observed("I accept the offer. My number is 415 555 267.")
    assert [one["assurance"] for one in body["identifiers"]] == ["observed"]
    (stated,) = body["event"]["properties"]["stated"]
    assert (stated["kind"], stated["value"], stated["needs_review"]) == ("phone", None, True)
    assert body["event"]["type"] == "campaign.enrolled"
    assert body["event"]["properties"]["needs_review"] == ["phone: it has too few or too many digits"]


def test_an_acceptance_of_nobody_who_can_be_told_is_for_a_specialist() -> None:
    body = observed("I accept the offer. My number is 415 555 267.", NOBODY)
    assert body["event"]["type"] == "offer.accepted.needs_review"
    assert body["event"]["properties"]["proposed"] == "campaign.enrolled"
    assert body["identifiers"] == [{"kind": "session", "value": "call:CA1", "assurance": "observed"}]


def test_our_own_words_enrol_nobody() -> None:
    body = observed("Hello?", ours="I accept the offer. Sign me up.")
    assert body["event"]["type"] == "call.recorded"


def test_a_bare_yes_to_our_question_is_for_a_specialist() -> None:
    body = observed("Yes.", ours="Would you like to accept the offer?")
    assert body["event"]["type"] == "offer.accepted.needs_review"
    assert observed("Yes, please.", ours="Would you like to accept the offer?")["event"]["type"] == "campaign.enrolled"
    assert observed("Yes, please.", ours="Shall I go on?")["event"]["type"] == "call.recorded"


def test_an_acceptance_that_sounds_otherwise_the_second_time_is_doubtful() -> None:
    again = (Recheck(0.0, 9.0, "I don't accept the offer."),)
    assert observed("I accept the offer.", rechecks=again)["event"]["type"] == "offer.accepted.needs_review"
    same = (Recheck(0.0, 9.0, "I accept the offer."),)
    assert observed("I accept the offer.", rechecks=same)["event"]["type"] == "campaign.enrolled"


def test_a_number_that_sounds_otherwise_the_second_time_is_doubtful() -> None:
    words = "My number is 415 555 2671."
    for text, clear in (("My number is 4155552671.", True), ("My number is 415 555 2672.", False)):
        body = observed(words, rechecks=(Recheck(0.0, 9.0, text),))
        assert (len(body["identifiers"]) == 2) is clear


def test_words_that_were_not_heard_clearly_decide_nothing() -> None:
    faint = transcript("I accept the offer. My number is 415 555 2671.")
    faint = replace(faint, words=tuple((track, replace(word, probability=0.3)) for track, word in faint.words))
    body = observe(FACTS, faint, HASHES)
    assert body["event"]["type"] == "offer.accepted.needs_review"
    assert len(body["identifiers"]) == 1


def test_a_call_that_could_not_be_transcribed_is_for_a_specialist() -> None:
    body = observe(FACTS, None, HASHES[:1], "the file is broken")
    assert body["event"]["type"] == "call.needs_review"
    assert "the file is broken" in body["event"]["properties"]["needs_review"][0]
    parse(body, received_at=NOW, default_region=None)


@pytest.mark.parametrize("stated", ["anonymous", "+266696687", "+14155555555555555", ""])
def test_a_withheld_number_is_nobodys(stated: str) -> None:
    body = observed("Hello.", replace(FACTS, parameters={"from": stated}))
    assert body["identifiers"][0]["kind"] == "session"


@pytest.mark.parametrize("campaign", ["x" * 200, "a\nb", " "])
def test_what_is_no_id_is_no_campaign(campaign: str) -> None:
    body = observed("I accept the offer.", replace(FACTS, parameters={"campaign": campaign, "from": "+14155550100"}))
    assert body["event"]["type"] == "offer.accepted"


def test_a_long_call_fits_into_its_event() -> None:
    body = observed("I might accept the offer. My number is 415 555 267. " * 300)
    assert body["event"]["type"] == "offer.accepted.needs_review"


def test_a_transcript_comes_back_from_its_document() -> None:
    kept = transcript("I accept.", "Hello.", (Recheck(0.0, 1.0, "I accept."),))
    assert Transcript.from_json(kept.to_json()) == kept
    assert isinstance(kept.words[0][1], Word)


def review_of(body: dict[str, Any]) -> dict[str, Any]:
    event = body["event"]
    carries = [
        {"identifier": f"{one['kind']}:{one['value']}", "assurance": one["assurance"]} for one in body["identifiers"]
    ]
    return {"event_id": body["id"], "type": event["type"], "properties": event["properties"], "carries": carries}


def test_a_specialists_word_is_an_event_of_its_own() -> None:
    review = review_of(observed("If it were cheaper I'd accept."))
    settled = settle(
        review, Settled("human-1", "Ana", "confirm", identifiers=[{"kind": "email", "value": "a@b.org"}]), None
    )
    assert (settled.id, settled.event.type, settled.event.target_id) == (
        "call:CA1:reviewed",
        "campaign.enrolled",
        "summer",
    )
    assert settled.event.reviews == "call:CA1"
    assert settled.event.properties["actor"] == "human-1"
    assert [one.assurance.label for one in settled.carried] == ["observed", "asserted"]
    refused = settle(review, Settled("human-1", "Ana", "reject"), None)
    assert (refused.event.type, refused.event.target_id) == ("campaign.enrolled.rejected", None)
    review["properties"] = {**review["properties"], "proposed": "p" * 120}
    assert settle(review, Settled("human-1", "Ana", "reject"), None).event.type == "call.reviewed.rejected"


def test_what_a_channel_proposes_in_another_form_is_settled_as_its_event_says() -> None:
    review = review_of(observed("If it were cheaper I'd accept."))
    review |= {"type": "order.placed.needs_review", "properties": {"proposed": {"type": "x"}, "campaign": ["summer"]}}
    settled = [settle(review, Settled("h", "Ana", verdict), None) for verdict in ("confirm", "reject")]
    assert [one.event.type for one in settled] == ["order.placed", "order.placed.rejected"]
    with pytest.raises(InvalidInput, match="an enrolment needs its campaign"):
        settle(review, Settled("h", "Ana", "confirm", type="campaign.enrolled"), None)


@pytest.mark.parametrize("length", [119, 120, 128])
def test_an_event_with_a_long_id_can_be_settled_and_only_once(length: int) -> None:
    review = review_of(observed("If it were cheaper I'd accept.")) | {"event_id": "e" * length}
    settled = [settle(review, Settled("h", "Ana", verdict), None) for verdict in ("confirm", "reject")]
    other = settle(review | {"event_id": "e" * (length - 1) + "f"}, Settled("h", "Ana", "confirm"), None)
    assert settled[0].id == settled[1].id != other.id
    assert settled[0].event.reviews == "e" * length


def test_an_enrolment_needs_its_campaign() -> None:
    review = review_of(observed("If it were cheaper I'd accept.", replace(FACTS, parameters={"from": "+14155550100"})))
    assert settle(review, Settled("h", "Ana", "confirm"), None).event.type == "offer.accepted"
    with pytest.raises(InvalidInput, match="campaign"):
        settle(review, Settled("h", "Ana", "confirm", type="campaign.enrolled"), None)
