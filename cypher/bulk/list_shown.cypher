// Which of the candidates that were shown still match the filter that they were shown under, with their versions.
// $ids: LIST<STRING>
// $status: STRING
// $kind: STRING
// $band: STRING or null for every band
// $evidence: STRING, a group that speaks for one person, or null
// $campaign: STRING, that an event of either view targets, or null
// $person: STRING, a fragment of either view, or null
// $reopened: BOOLEAN or null
// $since: ZONED DATETIME, of its creation, or null
// $until: ZONED DATETIME or null
// returns: id, version, left, right, band
MATCH (c:Candidate)
WHERE c.id IN $ids AND c.status = $status AND c.kind = $kind
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
RETURN c.id AS id, c.version AS version, c.left AS left, c.right AS right, c.band AS band
