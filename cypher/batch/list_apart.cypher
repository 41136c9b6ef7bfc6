// Pairs of views that a decision keeps apart.
// returns: left, right
MATCH (p:Person)-[:NOT_SAME_AS]->(q:Person)
RETURN DISTINCT p.view_id AS left, q.view_id AS right
