// Approved links that are flagged: what they leaned on is weaker now.
// returns: decision, left, right, flags: MAP
MATCH (l:Person)-[r:SAME_AS]->(q:Person)
WHERE r.weakened IS NOT NULL
RETURN r.decision AS decision, l.id AS left, q.id AS right, {weakened: r.weakened, weakened_by: r.weakened_by} AS flags
ORDER BY decision
