// A page of events in the order in which they came; those being erased are not told again.
// $at: ZONED DATETIME
// $after: STRING, id of the last one at that moment, '' for none
// $limit: INTEGER
// returns: id, person_id, event: MAP, carries: LIST<LIST<STRING>>
MATCH (e:Event)-[:OF]->(p:Person)
WHERE e.received_at >= $at AND (e.received_at > $at OR e.id > $after) AND p.erasure IS NULL
WITH e, p ORDER BY e.received_at, e.id LIMIT $limit
RETURN e.id AS id, p.id AS person_id, properties(e) AS event,
       COLLECT { MATCH (e)-[c:CARRIES]->(i:Identifier) RETURN [i.key, c.assurance] ORDER BY i.key } AS carries
ORDER BY event.received_at, id
