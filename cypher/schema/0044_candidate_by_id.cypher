// The queue in an order that tells nothing.
CREATE INDEX candidate_by_id IF NOT EXISTS FOR (c:Candidate) ON (c.status, c.kind, c.id)
