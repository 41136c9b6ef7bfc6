// Evidence whose time is over.
CREATE INDEX evidence_expires IF NOT EXISTS FOR (v:Evidence) ON (v.status, v.expires_at)
