// The queue, best first, by evidence: a filter on it is answered from the index alone.
CREATE INDEX candidate_evidence IF NOT EXISTS FOR (c:Candidate) ON (c.status, c.kind, c.value, c.id, c.groups)
