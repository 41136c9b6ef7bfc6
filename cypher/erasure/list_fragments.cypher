// Whom an erasure takes: the fragments of a person's view and, with devices, the device persons of its identifiers on
// which no other known person was ever seen and which nobody told apart from it. What is shared or blocked, or has more
// holders than $hub, leads to none: whoever else holds it may be anybody.
// $id: STRING, of a fragment or of a view
// $devices: BOOLEAN
// $hub: INTEGER
// returns: id, events
CALL () {
  MATCH (asked:Person {id: $id}) WHERE asked.erasure IS NULL
  MATCH (p:Person {view_id: asked.view_id})
  RETURN p
  UNION
  MATCH (asked:Person {id: $id}) WHERE $devices AND asked.erasure IS NULL
  MATCH (own:Person {view_id: asked.view_id, kind: 'known'})-[:HAS]->(i:Identifier)<-[:HAS]-(p:Person {kind: 'device'})
  WHERE i.status IN ['exclusive', 'suspected'] AND COUNT { (i)<-[:HAS]-() } <= $hub
    AND p.view_id <> asked.view_id AND NOT EXISTS { (p)-[:SAME_AS]-() }
    AND NOT EXISTS { (p)-[:NOT_SAME_AS]-(:Person {view_id: asked.view_id}) }
    AND NOT EXISTS {
      (p)-[:HAS]->(:Identifier)<-[:HAS]-(q:Person) WHERE q.kind <> 'device' AND q.view_id <> asked.view_id
    }
  RETURN p
}
WITH DISTINCT p
RETURN p.id AS id, COUNT { (p)<-[:OF]-() } AS events
ORDER BY id
