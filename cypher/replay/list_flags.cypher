// Approved links whose evidence became weaker: whether they are to be looked at, or were.
// returns: decision, left, right, flags: MAP
MATCH (l:Person)-[r:SAME_AS]->(q:Person)
WHERE r.weakened IS NOT NULL OR r.acknowledged IS NOT NULL
RETURN r.decision AS decision, l.id AS left, q.id AS right,
       {weakened: r.weakened, weakened_by: r.weakened_by, acknowledged: r.acknowledged} AS flags
ORDER BY decision
