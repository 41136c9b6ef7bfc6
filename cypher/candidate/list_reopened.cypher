// A page of what was reopened, most valuable first: ids only.
// $status: STRING
// $kind: STRING
// $band: STRING or null for every band
// $evidence: STRING, a group that speaks for one person, or null
// $campaign: STRING, that an event of either view targets, or null
// $since: ZONED DATETIME, of its creation, or null
// $until: ZONED DATETIME or null
// $value: FLOAT, of the last item before
// $id: STRING, of the last item before
// $limit: INTEGER
// returns: id
MATCH (c:Candidate)
USING INDEX c:Candidate(status, kind, reopened_at)
WHERE c.status = $status AND c.kind = $kind AND c.reopened_at IS NOT NULL
  AND (c.value < $value OR (c.value = $value AND c.id < $id))
  AND ($band IS NULL OR c.band = $band)
  AND ($evidence IS NULL OR $evidence IN c.groups)
  AND ($since IS NULL OR c.created_at >= $since)
  AND ($until IS NULL OR c.created_at < $until)
  AND ($campaign IS NULL OR EXISTS {
    MATCH (c)-[:PAIRS]->(end:Person) MATCH (:Person {view_id: end.view_id})<-[:OF]-(:Event {target_id: $campaign})
  })
RETURN c.id AS id ORDER BY c.value DESC, c.id DESC LIMIT $limit
