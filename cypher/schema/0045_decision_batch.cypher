// Decisions of one bulk act.
CREATE INDEX decision_batch IF NOT EXISTS FOR (d:Decision) ON (d.batch)
