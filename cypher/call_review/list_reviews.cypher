// Events that wait for a specialist's word (or had it), the longest waiting first.
// $status: STRING
// $after_at: ZONED DATETIME or null, with $after_id where the page before ended
// $after_id: STRING or null
// $limit: INTEGER
// returns: event_id, status, opened_at, type, channel, occurred_at, properties, traits, evidence, person_id, carries,
//          attached (LIST<MAP {sha256, media_type, status}>), verdict, actor_name, closed_at, result
MATCH (r:CallReview {status: $status})
WHERE $after_at IS NULL OR r.opened_at > $after_at OR (r.opened_at = $after_at AND r.event_id > $after_id)
WITH r ORDER BY r.opened_at, r.event_id LIMIT $limit
MATCH (r)-[:CONCERNS]->(e:Event)-[:OF]->(p:Person)
RETURN r.event_id AS event_id, r.status AS status, toString(r.opened_at) AS opened_at, e.type AS type,
       e.channel AS channel, toString(e.occurred_at) AS occurred_at, e.properties AS properties, e.traits AS traits,
       coalesce(e.evidence, []) AS evidence, p.id AS person_id,
       COLLECT { MATCH (e)-[c:CARRIES]->(i:Identifier) RETURN {identifier: i.key, assurance: c.assurance} ORDER BY i.key }
         AS carries,
       COLLECT { MATCH (e)-[:EVIDENCED_BY]->(v:Evidence)
                 RETURN {sha256: v.sha256, media_type: v.media_type, status: v.status} ORDER BY v.media_type, v.sha256 }
         AS attached,
       r.verdict AS verdict, r.actor_name AS actor_name, toString(r.closed_at) AS closed_at, r.result AS result
ORDER BY opened_at, event_id
