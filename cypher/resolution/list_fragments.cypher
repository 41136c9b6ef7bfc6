// The fragments of views with all that scoring reads of them.
// $views: LIST<STRING>
// $most: INTEGER, identifiers read of one fragment
// returns: id, view_id, kind, stated: MAP, holds: LIST<MAP>
UNWIND $views AS view
MATCH (p:Person {view_id: view})
RETURN p.id AS id, p.view_id AS view_id, p.kind AS kind, properties(p) AS stated,
       COLLECT {
         MATCH (p)-[h:HAS]->(i:Identifier)
         RETURN {key: i.key, assurance: h.assurance, first_seen: h.first_seen, last_seen: h.last_seen, count: h.count,
                 first_bound: h.first_bound, last_bound: h.last_bound, first_out: h.first_out}
         ORDER BY h.last_seen DESC, i.key LIMIT $most
       } AS holds
ORDER BY view_id, id
