// Evidence by the hash of its bytes.
CREATE CONSTRAINT evidence_sha256 IF NOT EXISTS FOR (v:Evidence) REQUIRE v.sha256 IS UNIQUE
