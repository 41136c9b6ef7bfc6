// A page of the links between persons, with what their view ids are made of.
// $after: STRING, id of the last person before
// $limit: INTEGER
// returns: id, kind, view_id, others: LIST<STRING>
MATCH (p:Person)
WHERE p.id > $after AND EXISTS { (p)-[:SAME_AS]-() }
WITH p ORDER BY p.id LIMIT $limit
RETURN p.id AS id, p.kind AS kind, p.view_id AS view_id, COLLECT { MATCH (p)-[:SAME_AS]->(q) RETURN q.id } AS others
ORDER BY id
