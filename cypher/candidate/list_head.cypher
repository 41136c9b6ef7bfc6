// A page of the queue under a filter, most valuable first, of those that are the next so many in it: ids only.
// $status: STRING
// $kind: STRING
// $band: STRING or null for every band
// $evidence: STRING, a group that speaks for one person, or null
// $campaign: STRING, that an event of either view targets, or null
// $since: ZONED DATETIME, of its creation, or null
// $until: ZONED DATETIME or null
// $value: FLOAT, of the last item before
// $id: STRING, of the last item before
// $examined: INTEGER, pairs of the queue that are looked at
// $limit: INTEGER
// returns: id
MATCH (c:Candidate)
USING INDEX c:Candidate(status, kind, value, id, band, groups, created_at)
WHERE c.status = $status AND c.kind = $kind AND c.value <= $value
  // No OR: its parts would be two seeks, whose union loses the order of the index.
  AND c.id IS NOT NULL AND CASE WHEN c.value = $value THEN c.id < $id ELSE true END
  AND c.band IS NOT NULL AND c.groups IS NOT NULL AND c.created_at IS NOT NULL
// All of the index and all descending, so that it need not be sorted.
WITH c ORDER BY c.status DESC, c.kind DESC, c.value DESC, c.id DESC, c.band DESC, c.groups DESC, c.created_at DESC LIMIT $examined
WHERE ($band IS NULL OR c.band = $band)
  AND ($evidence IS NULL OR $evidence IN c.groups)
  AND ($since IS NULL OR c.created_at >= $since)
  AND ($until IS NULL OR c.created_at < $until)
  AND ($campaign IS NULL OR EXISTS {
    MATCH (c)-[:PAIRS]->(end:Person) MATCH (:Person {view_id: end.view_id})<-[:OF]-(:Event {target_id: $campaign})
  })
RETURN c.id AS id ORDER BY c.value DESC, c.id DESC LIMIT $limit
