// I3: persons whom no link joins with anybody, in a view that is not their own.
// $limit: INTEGER
// returns: id
MATCH (p:Person)
WHERE (p.view_id IS NULL OR p.view_id <> p.id) AND NOT EXISTS { (p)-[:SAME_AS]-() }
RETURN p.id AS id
ORDER BY id LIMIT $limit
