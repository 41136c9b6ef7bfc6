// Counts of the queue.
CREATE INDEX candidate_bands IF NOT EXISTS FOR (c:Candidate) ON (c.status, c.kind, c.band)
