// Who holds a cookie, and how, devices too: a logout may be told of the cookie alone. Of one with more holders than $hub,
// nobody.
// $key: STRING
// $hub: INTEGER
// returns: status, bindings: LIST<MAP {view_id, kind, current, last_bound, last_out, proven}>
MATCH (i:Identifier {key: $key})
RETURN i.status AS status,
       CASE WHEN COUNT { (i)<-[:HAS]-() } > $hub THEN [] ELSE COLLECT {
         MATCH (i)<-[h:HAS]-(p:Person)
         RETURN {view_id: p.view_id, kind: p.kind, current: coalesce(h.current, false), last_bound: h.last_bound,
                 last_out: h.last_out, proven: h.proven}
       } END AS bindings
