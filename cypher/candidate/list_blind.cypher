// A page of the queue by id, an order that tells nothing: ids only.
// $status: STRING
// $kind: STRING
// $campaign: STRING, that an event of either view targets, or null
// $id: STRING, of the last item before
// $limit: INTEGER
// returns: id
MATCH (c:Candidate)
WHERE c.status = $status AND c.kind = $kind AND c.id < $id
  AND ($campaign IS NULL OR EXISTS {
    MATCH (c)-[:PAIRS]->(end:Person) MATCH (:Person {view_id: end.view_id})<-[:OF]-(:Event {target_id: $campaign})
  })
RETURN c.id AS id ORDER BY c.status DESC, c.kind DESC, c.id DESC LIMIT $limit
