// A page of the queue, most valuable first: ids only.
// $status: STRING
// $kind: STRING
// $band: STRING or null for every band
// $evidence: STRING, a group that speaks for one person, or null
// $campaign: STRING, that an event of either view targets, or null
// $person: STRING, a fragment of either view, or null
// $reopened: BOOLEAN or null
// $since: ZONED DATETIME, of its creation, or null
// $until: ZONED DATETIME or null
// $value: FLOAT, of the last item before
// $id: STRING, of the last item before
// $limit: INTEGER
// returns: id
MATCH (c:Candidate)
USING INDEX c:Candidate(status, kind, value, id)
WHERE c.status = $status AND c.kind = $kind AND c.value <= $value
  // No OR: its parts would be two seeks, whose union loses the order of the index.
  AND c.id IS NOT NULL AND CASE WHEN c.value = $value THEN c.id < $id ELSE true END
  AND ($band IS NULL OR c.band = $band)
  AND ($evidence IS NULL OR $evidence IN c.groups)
  AND ($reopened IS NULL OR (c.reopened IS NOT NULL) = $reopened)
  AND ($since IS NULL OR c.created_at >= $since)
  AND ($until IS NULL OR c.created_at < $until)
  AND ($person IS NULL OR EXISTS {
    MATCH (c)-[:PAIRS]->(end:Person) MATCH (:Person {id: $person, view_id: end.view_id})
  })
  AND ($campaign IS NULL OR EXISTS {
    MATCH (c)-[:PAIRS]->(end:Person) MATCH (:Person {view_id: end.view_id})<-[:OF]-(:Event {target_id: $campaign})
  })
// All of the index and all descending, so that a page costs a page whatever the queue's length.
RETURN c.id AS id ORDER BY c.status DESC, c.kind DESC, c.value DESC, c.id DESC LIMIT $limit
