// The fragments of the views that these persons are in.
// $ids: LIST<STRING>
// returns: id, kind, view_id, events
UNWIND $ids AS id
MATCH (end:Person {id: id})
WITH DISTINCT end.view_id AS view_id
MATCH (p:Person {view_id: view_id})
RETURN p.id AS id, p.kind AS kind, p.view_id AS view_id,
       COUNT { (p)<-[:OF]-() } AS events
ORDER BY id
