"""What a CMS is given of a campaign: its meaning by kind, and nothing that is meant for some only."""

from __future__ import annotations

from vitograph.projections.cms.sink import document
from vitograph.resolver.publishing.campaigns import Artifact, ArtifactKind, Campaign, CampaignBody, CampaignStatus


def test_a_document_holds_meaning_by_kind_and_no_offer_with_a_rule() -> None:
    artifacts = (
        Artifact("hero", ArtifactKind.COPY, {"headline": "Warm", "when": "it is warm"}),
        Artifact("picture", ArtifactKind.IMAGE, {"url": "https://example.com/a.png"}),
        Artifact("deal", ArtifactKind.OFFER, {"percent": 10}),
        Artifact("regulars", ArtifactKind.OFFER, {"percent": 30, "when": "visitor.known"}),
    )
    body = CampaignBody("Summer", closing="It was warm.")
    given = document(Campaign("summer", CampaignStatus.ACTIVE, "north", 7, body, artifacts))
    assert given.fields() == {
        "key": "summer",
        "version": 7,
        "title": "Summer",
        "copy": {"hero": {"headline": "Warm", "when": "it is warm"}},
        "offers": {"deal": {"percent": 10}},
        "images": {"picture": {"url": "https://example.com/a.png"}},
    }
