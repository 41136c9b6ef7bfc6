// What of a view is in reach: the fragments with an event in reach, and the identifiers that such events carry.
// $id: STRING, of a fragment or of a view
// $reach: MAP {everything, department, family}
// returns: id, kind, view_id, holds: LIST<MAP>, events
MATCH (asked:Person {id: $id})
MATCH (p:Person {view_id: asked.view_id})<-[:OF]-(e:Event)
WHERE e.type STARTS WITH $reach.family
   OR EXISTS {
     (:Department {id: $reach.department})-[:OWNS]->(own:Campaign {id: e.target_id})
     WHERE coalesce(own.created_at <= e.received_at, true)
   }
WITH p, collect(e) AS events
RETURN p.id AS id, p.kind AS kind, p.view_id AS view_id, size(events) AS events,
       COLLECT {
         UNWIND events AS e
         MATCH (e)-[c:CARRIES]->(i:Identifier)
         WITH i, count(e) AS times, min(e.occurred_at) AS first_seen, max(e.occurred_at) AS last_seen,
              collect(c.assurance) AS assurances
         RETURN {kind: i.kind, value: i.value, status: null, since: null,
                 assurance: CASE WHEN 'verified' IN assurances THEN 'verified'
                                 WHEN 'asserted' IN assurances THEN 'asserted' ELSE 'observed' END,
                 count: times, first_seen: toString(first_seen), last_seen: toString(last_seen), person_id: p.id}
         ORDER BY i.key LIMIT 1000
       } AS holds
ORDER BY id
