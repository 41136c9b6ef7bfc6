// The newest events of a view on one cookie that stated traits, with how well the channel knew whom it spoke of.
// $view_id: STRING
// $key: STRING
// returns: event_id, person_id, channel, occurred_at, traits, assurance; newest first, by the moment and not by its text
MATCH (:Identifier {key: $key})<-[:CARRIES]-(e:Event)-[:OF]->(p:Person {view_id: $view_id})
WHERE e.traits <> '{}'
WITH p, e ORDER BY e.occurred_at DESC, e.id LIMIT 50
RETURN e.id AS event_id, p.id AS person_id, e.channel AS channel, toString(e.occurred_at) AS occurred_at,
       e.traits AS traits,
       CASE
         WHEN EXISTS { (e)-[:CARRIES {assurance: 'verified'}]->() } THEN 'verified'
         WHEN EXISTS { (e)-[:CARRIES {assurance: 'asserted'}]->() } THEN 'asserted'
         ELSE 'observed'
       END AS assurance
ORDER BY e.occurred_at DESC, e.id
