// Candidates that wait for a decision.
// returns: id, version
MATCH (c:Candidate)
WHERE c.status IN ['open', 'claimed', 'stored']
RETURN c.id AS id, c.version AS version
