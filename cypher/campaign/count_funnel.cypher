// The funnel of a campaign: by type of event, how many views had one that targets it, and how many events there were.
// $id: STRING
// $limit: INTEGER, types of events
// returns: type, persons, events
MATCH (e:Event {target_id: $id})-[:OF]->(p:Person)
WHERE e.type IS NOT NULL AND e.premature IS NULL
RETURN e.type AS type, count(DISTINCT p.view_id) AS persons, count(e) AS events
ORDER BY persons DESC, type LIMIT $limit
