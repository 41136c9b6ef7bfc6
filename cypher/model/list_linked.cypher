// The fragments of the views that these persons are in, each with the links that decisions drew from it.
// $ids: LIST<STRING>
// returns: id, links: LIST<MAP {other, decision}>
UNWIND $ids AS id
MATCH (end:Person {id: id})
WITH DISTINCT end.view_id AS view_id
MATCH (p:Person {view_id: view_id})
RETURN p.id AS id, COLLECT { MATCH (p)-[r:SAME_AS]->(q:Person) RETURN {other: q.id, decision: r.decision} } AS links
ORDER BY id
