// One artifact a key in a campaign.
CREATE CONSTRAINT artifact_key IF NOT EXISTS FOR (a:Artifact) REQUIRE (a.campaign_id, a.key) IS UNIQUE
