// What persons said of consent.
// $ids: LIST<STRING>
// returns: event_id, person_id, type, properties, occurred_at
MATCH (p:Person)<-[:OF]-(e:Event)
WHERE p.id IN $ids AND e.type IN ['consent.granted', 'consent.withdrawn']
RETURN e.id AS event_id, p.id AS person_id, e.type AS type, e.properties AS properties,
       e.occurred_at AS occurred_at
ORDER BY occurred_at, event_id
