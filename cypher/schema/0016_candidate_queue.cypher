// The queue, best first.
CREATE INDEX candidate_queue IF NOT EXISTS FOR (c:Candidate) ON (c.status, c.kind, c.value, c.id)
