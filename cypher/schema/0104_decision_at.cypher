// Where the log is at a moment.
CREATE INDEX decision_at IF NOT EXISTS FOR (d:Decision) ON (d.at, d.seq)
