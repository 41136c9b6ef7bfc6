// Single persons with what they stated and hold.
// $ids: LIST<STRING>
// $most: INTEGER, identifiers read of one person
// returns: id, view_id, kind, stated: MAP, holds: LIST<MAP>
MATCH (p:Person)
WHERE p.id IN $ids
RETURN p.id AS id, p.id AS view_id, p.kind AS kind, properties(p) AS stated,
       COLLECT {
         MATCH (p)-[h:HAS]->(i:Identifier)
         RETURN {key: i.key, assurance: h.assurance, first_seen: h.first_seen, last_seen: h.last_seen, count: h.count,
                 first_bound: h.first_bound, last_bound: h.last_bound, first_out: h.first_out}
         ORDER BY h.last_seen DESC, i.key LIMIT $most
       } AS holds
ORDER BY id
