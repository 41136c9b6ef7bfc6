// What is kept as evidence of a view's events.
// $view_id: STRING
// returns: event_id, evidence: MAP
MATCH (p:Person {view_id: $view_id})<-[:OF]-(e:Event)-[:EVIDENCED_BY]->(v:Evidence)
RETURN e.id AS event_id, properties(v) AS evidence
ORDER BY event_id
