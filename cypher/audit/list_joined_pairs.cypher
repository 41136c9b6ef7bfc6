// I2: pairs that a decision keeps apart, in one view all the same.
// $limit: INTEGER
// returns: id
MATCH (l:Person)-[r:NOT_SAME_AS]->(q:Person)
WHERE l.view_id = q.view_id
RETURN l.id + ' ≠ ' + q.id AS id
ORDER BY id LIMIT $limit
