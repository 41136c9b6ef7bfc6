// The review of an event.
// $event_id: STRING
// returns: event_id, status, type, properties, carries, result
MATCH (r:CallReview {event_id: $event_id})-[:CONCERNS]->(e:Event)
RETURN r.event_id AS event_id, r.status AS status, e.type AS type, e.properties AS properties, r.result AS result,
       COLLECT { MATCH (e)-[c:CARRIES]->(i:Identifier) RETURN {identifier: i.key, assurance: c.assurance} ORDER BY i.key }
         AS carries
