// Events of a view, newest first, those before a moment (and an id at that moment).
// $view_id: STRING
// $before: ZONED DATETIME
// $before_id: STRING
// $limit: INTEGER
// $department: STRING, whose campaigns' events alone may be read; null for all events
// returns: id, type, channel, occurred_at, received_at, target_id, properties, traits, rule, person_id, carries,
//          evidence (LIST<MAP {sha256, media_type, status}>)
MATCH (p:Person {view_id: $view_id})<-[:OF]-(e:Event)
WHERE (e.occurred_at < $before OR (e.occurred_at = $before AND e.id > $before_id))
  AND ($department IS NULL OR EXISTS { (:Department {id: $department})-[:OWNS]->(:Campaign {id: e.target_id}) })
WITH p, e ORDER BY e.occurred_at DESC, e.id LIMIT $limit
RETURN e.id AS id, e.type AS type, e.channel AS channel, e.occurred_at AS occurred_at,
       toString(e.received_at) AS received_at, e.target_id AS target_id, e.properties AS properties,
       e.traits AS traits, e.rule AS rule, p.id AS person_id,
       COLLECT { MATCH (e)-[c:CARRIES]->(i:Identifier) RETURN {identifier: i.key, assurance: c.assurance} ORDER BY i.key }
         AS carries,
       COLLECT { MATCH (e)-[:EVIDENCED_BY]->(v:Evidence)
                 RETURN {sha256: v.sha256, media_type: v.media_type, status: v.status} ORDER BY v.media_type, v.sha256 }
         AS evidence
ORDER BY occurred_at DESC, id
