// A page of the queue of a campaign, most valuable first: ids only. It starts from the campaign's events, so it is for
// campaigns with few.
// $status: STRING
// $kind: STRING
// $band: STRING or null for every band
// $evidence: STRING, a group that speaks for one person, or null
// $campaign: STRING, that an event of either view targets, or null
// $reopened: BOOLEAN or null
// $since: ZONED DATETIME, of its creation, or null
// $until: ZONED DATETIME or null
// $blind: BOOLEAN, in the order of ids, whatever the value
// $value: FLOAT, of the last item before
// $id: STRING, of the last item before
// $limit: INTEGER
// returns: id
MATCH (e:Event)
USING INDEX e:Event(target_id, type)
WHERE e.target_id = $campaign AND e.type IS NOT NULL
MATCH (e)-[:OF]->(p:Person)
WITH DISTINCT p.view_id AS view
MATCH (:Person {view_id: view})<-[:PAIRS]-(c:Candidate)
WHERE c.status = $status AND c.kind = $kind AND CASE WHEN $blind OR c.value = $value THEN c.id < $id ELSE c.value < $value END
  AND ($band IS NULL OR c.band = $band)
  AND ($evidence IS NULL OR $evidence IN c.groups)
  AND ($reopened IS NULL OR (c.reopened IS NOT NULL) = $reopened)
  AND ($since IS NULL OR c.created_at >= $since)
  AND ($until IS NULL OR c.created_at < $until)
WITH DISTINCT c
RETURN c.id AS id ORDER BY CASE WHEN $blind THEN 0.0 ELSE c.value END DESC, c.id DESC LIMIT $limit
