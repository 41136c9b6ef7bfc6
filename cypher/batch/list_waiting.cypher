// Candidates that wait for a decision, and were not reopened: these wait until somebody looks.
// returns: id, version
MATCH (c:Candidate)
WHERE c.status IN ['open', 'claimed', 'stored'] AND c.decision IS NULL
RETURN c.id AS id, c.version AS version
