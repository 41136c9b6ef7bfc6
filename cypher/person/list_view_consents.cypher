// What views said of consent.
// $views: LIST<STRING>
// returns: view_id, event_id, type, properties, occurred_at
MATCH (p:Person)<-[:OF]-(e:Event)
WHERE p.view_id IN $views AND e.type IN ['consent.granted', 'consent.withdrawn']
RETURN p.view_id AS view_id, e.id AS event_id, e.type AS type, e.properties AS properties, e.occurred_at AS occurred_at
ORDER BY occurred_at, event_id
