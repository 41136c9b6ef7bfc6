// The fragments of all views that hold one of these identifiers.
// $keys: LIST<STRING>
// returns: id, kind, view_id, holds: LIST<STRING>, of $keys only
MATCH (i:Identifier)<-[:HAS]-(holder:Person)
WHERE i.key IN $keys
WITH DISTINCT holder.view_id AS view_id
MATCH (p:Person {view_id: view_id})
RETURN p.id AS id, p.kind AS kind, p.view_id AS view_id,
       COLLECT { MATCH (p)-[:HAS]->(i:Identifier) WHERE i.key IN $keys RETURN i.key ORDER BY i.key } AS holds
ORDER BY id
