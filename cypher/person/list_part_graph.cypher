// The neighbourhood of a view as far as it is in reach: fragments with an event in reach, and what such events carry.
// $view_id: STRING
// $reach: MAP {everything, department, family}
// returns: person_id, kind, view_id, key, identifier_kind, value, status, assurance
MATCH (p:Person {view_id: $view_id})<-[:OF]-(e:Event)-[c:CARRIES]->(i:Identifier)
WHERE e.type STARTS WITH $reach.family
   OR EXISTS {
     (:Department {id: $reach.department})-[:OWNS]->(own:Campaign {id: e.target_id})
     WHERE coalesce(own.created_at <= e.received_at, true)
   }
WITH p, i, collect(c.assurance) AS assurances
ORDER BY i.key, p.id LIMIT 1000
RETURN p.id AS person_id, p.kind AS kind, p.view_id AS view_id, i.key AS key, i.kind AS identifier_kind,
       i.value AS value, null AS status,
       CASE WHEN 'verified' IN assurances THEN 'verified' WHEN 'asserted' IN assurances THEN 'asserted'
            ELSE 'observed' END AS assurance
ORDER BY key, person_id
