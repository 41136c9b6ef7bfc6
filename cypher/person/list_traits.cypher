// The newest events of a view, in reach, that stated traits, with how well the channel knew whom it spoke of.
// $view_id: STRING
// $reach: MAP {everything, department, family}
// returns: event_id, person_id, channel, occurred_at, traits, assurance; newest first, by the moment and not by its text
MATCH (p:Person {view_id: $view_id})<-[:OF]-(e:Event)
WHERE e.traits <> '{}'
  AND ($reach.everything OR e.type STARTS WITH $reach.family
       OR EXISTS {
         (:Department {id: $reach.department})-[:OWNS]->(own:Campaign {id: e.target_id})
         WHERE coalesce(own.created_at <= e.received_at, true)
       })
WITH p, e ORDER BY e.occurred_at DESC, e.id LIMIT 200
RETURN e.id AS event_id, p.id AS person_id, e.channel AS channel, toString(e.occurred_at) AS occurred_at,
       e.traits AS traits,
       CASE
         WHEN EXISTS { (e)-[:CARRIES {assurance: 'verified'}]->() } THEN 'verified'
         WHEN EXISTS { (e)-[:CARRIES {assurance: 'asserted'}]->() } THEN 'asserted'
         ELSE 'observed'
       END AS assurance
ORDER BY e.occurred_at DESC, e.id
