// Events of persons that are in reach, newest first, those before a moment (and an id at that moment).
// $persons: LIST<STRING>
// $before: ZONED DATETIME
// $before_id: STRING
// $limit: INTEGER
// $reach: MAP {everything, department, family}
// returns: id, type, channel, occurred_at, received_at, target_id, properties, traits, rule, person_id, carries,
//          evidence (LIST<MAP {sha256, media_type, status}>)
MATCH (p:Person)<-[:OF]-(e:Event)
WHERE p.id IN $persons AND (e.occurred_at < $before OR (e.occurred_at = $before AND e.id > $before_id))
  AND ($reach.everything OR e.type STARTS WITH $reach.family
       OR EXISTS {
         (:Department {id: $reach.department})-[:OWNS]->(own:Campaign {id: e.target_id})
         WHERE coalesce(own.created_at <= e.received_at, true)
       })
WITH p, e ORDER BY e.occurred_at DESC, e.id LIMIT $limit
RETURN e.id AS id, e.type AS type, e.channel AS channel, e.occurred_at AS occurred_at,
       toString(e.received_at) AS received_at, e.target_id AS target_id, e.properties AS properties,
       e.traits AS traits, CASE WHEN $reach.everything THEN e.rule END AS rule,
       p.id AS person_id,
       COLLECT { MATCH (e)-[c:CARRIES]->(i:Identifier) RETURN {identifier: i.key, assurance: c.assurance} ORDER BY i.key }
         AS carries,
       COLLECT { MATCH (e)-[:EVIDENCED_BY]->(v:Evidence)
                 RETURN {sha256: v.sha256, media_type: v.media_type, status: v.status} ORDER BY v.media_type, v.sha256 }
         AS evidence
ORDER BY occurred_at DESC, id
