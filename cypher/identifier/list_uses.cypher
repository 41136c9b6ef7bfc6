// How identifiers stand, and who holds them; of one with more holders than $hub, only how many.
// $keys: LIST<STRING>
// $hub: INTEGER
// returns: key, status, since, history: LIST<STRING>, degree, called_shared, holders: LIST<MAP {person_id, view_id, kind,
//   assurance, bound, first_seen, last_seen, first_bound, last_bound, last_out}>; moments in epoch microseconds
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
WITH i, COUNT { (i)<-[:HAS]-() } AS degree
RETURN i.key AS key, i.status AS status, toString(i.status_since) AS since, coalesce(i.status_history, []) AS history,
       degree, EXISTS { (i)<-[:SHARES]-(:Decision) } AS called_shared,
       CASE WHEN degree > $hub THEN [] ELSE COLLECT {
         MATCH (i)<-[h:HAS]-(p:Person)
         // An audit reads damaged graphs too.
         WHERE h.assurance IS NOT NULL AND p.id IS NOT NULL AND p.view_id IS NOT NULL
         RETURN {person_id: p.id, view_id: p.view_id, kind: p.kind, assurance: h.assurance,
                 bound: coalesce(h.current, false),
                 first_seen: h.first_seen.epochSeconds * 1000000 + h.first_seen.microsecond,
                 last_seen: h.last_seen.epochSeconds * 1000000 + h.last_seen.microsecond,
                 first_bound: h.first_bound.epochSeconds * 1000000 + h.first_bound.microsecond,
                 last_bound: h.last_bound.epochSeconds * 1000000 + h.last_bound.microsecond,
                 last_out: h.last_out.epochSeconds * 1000000 + h.last_out.microsecond}
         ORDER BY p.id
       } END AS holders
ORDER BY key
