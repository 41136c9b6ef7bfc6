// How many candidates match a filter, counted up to a number.
// $status: STRING
// $kind: STRING
// $band: STRING or null for every band
// $evidence: STRING, a group that speaks for one person, or null
// $campaign: STRING, that an event of either view targets, or null
// $since: ZONED DATETIME, of its creation, or null
// $until: ZONED DATETIME or null
// $most: INTEGER
// returns: count
MATCH (c:Candidate)
USING INDEX c:Candidate(status, kind, value, id, band, groups, created_at)
WHERE c.status = $status AND c.kind = $kind AND c.value IS NOT NULL AND c.id IS NOT NULL
  AND c.band IS NOT NULL AND c.groups IS NOT NULL AND c.created_at IS NOT NULL
  AND ($band IS NULL OR c.band = $band)
  AND ($evidence IS NULL OR $evidence IN c.groups)
  AND ($since IS NULL OR c.created_at >= $since)
  AND ($until IS NULL OR c.created_at < $until)
  AND ($campaign IS NULL OR EXISTS {
    MATCH (c)-[:PAIRS]->(end:Person) MATCH (:Person {view_id: end.view_id})<-[:OF]-(:Event {target_id: $campaign})
  })
WITH c LIMIT $most
RETURN count(c) AS count
