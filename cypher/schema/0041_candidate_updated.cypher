// What changed in the queue lately.
CREATE INDEX candidate_updated IF NOT EXISTS FOR (c:Candidate) ON (c.updated_at)
