// What views said of consent.
// $views: LIST<STRING>
// $reach: MAP {everything, department, family}
// returns: view_id, person_id, event_id, type, properties, occurred_at, in_reach; all of it counts, whoever asks
MATCH (p:Person)<-[:OF]-(e:Event)
WHERE p.view_id IN $views AND e.type IN ['consent.granted', 'consent.withdrawn']
RETURN p.view_id AS view_id, p.id AS person_id, e.id AS event_id, e.type AS type, e.properties AS properties,
       e.occurred_at AS occurred_at,
       coalesce($reach.everything OR e.type STARTS WITH $reach.family OR EXISTS {
         (:Department {id: $reach.department})-[:OWNS]->(own:Campaign {id: e.target_id})
         WHERE coalesce(own.created_at <= e.received_at, true)
       }, false) AS in_reach
ORDER BY occurred_at, event_id
