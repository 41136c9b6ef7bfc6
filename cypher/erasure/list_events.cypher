// The first events of persons.
// $ids: LIST<STRING>
// $limit: INTEGER
// returns: id, target_id, evidence: LIST<STRING>
MATCH (p:Person)<-[:OF]-(e:Event)
WHERE p.id IN $ids
WITH e ORDER BY e.id LIMIT $limit
RETURN e.id AS id, e.target_id AS target_id, COLLECT { MATCH (e)-[:EVIDENCED_BY]->(v:Evidence) RETURN v.sha256 } AS evidence
ORDER BY id
