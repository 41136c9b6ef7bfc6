// The queue in its order, with what it is filtered by: what does not match is passed over without a look at its node.
CREATE INDEX candidate_filters IF NOT EXISTS
FOR (c:Candidate) ON (c.status, c.kind, c.value, c.id, c.band, c.groups, c.created_at)
