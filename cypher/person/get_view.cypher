// The view that a person is in now, fragment by fragment.
// $id: STRING, of a fragment or of a view
// returns: id, kind, view_id, holds: LIST<MAP>, events
MATCH (asked:Person {id: $id}) WHERE asked.erasure IS NULL
MATCH (p:Person {view_id: asked.view_id})
RETURN p.id AS id, p.kind AS kind, p.view_id AS view_id,
       COUNT { (p)<-[:OF]-(:Event) } AS events,
       COLLECT {
         MATCH (p)-[h:HAS]->(i:Identifier)
         RETURN {kind: i.kind, value: i.value, status: i.status, since: toString(i.status_since), assurance: h.assurance, count: h.count,
                 first_seen: toString(h.first_seen), last_seen: toString(h.last_seen), person_id: p.id}
         ORDER BY i.key LIMIT 1000
       } AS holds
ORDER BY id
