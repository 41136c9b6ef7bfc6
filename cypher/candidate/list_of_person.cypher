// A page of the queue of a person, most valuable first: ids only.
// $status: STRING
// $kind: STRING
// $band: STRING or null for every band
// $evidence: STRING, a group that speaks for one person, or null
// $campaign: STRING, that an event of either view targets, or null
// $person: STRING, a fragment of either view
// $reopened: BOOLEAN or null
// $since: ZONED DATETIME, of its creation, or null
// $until: ZONED DATETIME or null
// $blind: BOOLEAN, in the order of ids, whatever the value
// $value: FLOAT, of the last item before
// $id: STRING, of the last item before
// $limit: INTEGER
// returns: id
MATCH (asked:Person {id: $person})
MATCH (:Person {view_id: asked.view_id})<-[:PAIRS]-(c:Candidate)
WHERE c.status = $status AND c.kind = $kind AND CASE WHEN $blind OR c.value = $value THEN c.id < $id ELSE c.value < $value END
  AND ($band IS NULL OR c.band = $band)
  AND ($evidence IS NULL OR $evidence IN c.groups)
  AND ($reopened IS NULL OR (c.reopened IS NOT NULL) = $reopened)
  AND ($since IS NULL OR c.created_at >= $since)
  AND ($until IS NULL OR c.created_at < $until)
  AND ($campaign IS NULL OR EXISTS {
    MATCH (c)-[:PAIRS]->(end:Person) MATCH (:Person {view_id: end.view_id})<-[:OF]-(:Event {target_id: $campaign})
  })
WITH DISTINCT c
RETURN c.id AS id ORDER BY CASE WHEN $blind THEN 0.0 ELSE c.value END DESC, c.id DESC LIMIT $limit
