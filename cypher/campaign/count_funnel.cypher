// The funnel of a campaign: by type of event, how many views had one that targets it, and how many events there were.
// What was received before there was the campaign is none of it.
// $id: STRING
// $limit: INTEGER, types of events
// returns: type, persons, events
MATCH (c:Campaign {id: $id})
MATCH (e:Event {target_id: $id})-[:OF]->(p:Person)
WHERE e.type IS NOT NULL AND e.premature IS NULL AND coalesce(c.created_at <= e.received_at, true)
RETURN e.type AS type, count(DISTINCT p.view_id) AS persons, count(e) AS events
ORDER BY persons DESC, type LIMIT $limit
