// Notes for the projections that visitors may be greeted otherwise: one entry for each known person's view that holds
// a cookie.
// $persons: LIST<STRING> sorted
// $version: INTEGER
// $trace: STRING or null, where the change belongs in a trace
CYPHER replan=skip
UNWIND $persons AS id
MATCH (p:Person {id: id, kind: 'known'})
WITH DISTINCT p.view_id AS view
WHERE EXISTS {
  MATCH (o:Person {view_id: view})-[:HAS]->( {kind: 'cookie'})
  USING INDEX SEEK o:Person(view_id)
}
CREATE (:Outbox {id: randomUUID(), aggregate: 'view', key: view, version: $version, at: datetime(), attempts: 0,
                 next_at: datetime(), status: 'waiting', trace: $trace})
