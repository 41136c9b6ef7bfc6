// What decisions say of pairs among these persons.
// $ids: LIST<STRING>
// returns: type, left, right, decision
MATCH (p:Person)-[r:SAME_AS|NOT_SAME_AS]->(q:Person)
WHERE p.id IN $ids AND q.id IN $ids
RETURN type(r) AS type, p.id AS left, q.id AS right, r.decision AS decision
ORDER BY left, right, decision
