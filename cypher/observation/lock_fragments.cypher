// Locks the persons of these views (and these persons) in the order of their ids, and reads what they stated.
// $views: LIST<STRING>
// $ids: LIST<STRING>
// returns: id, view_id, kind, accounts: LIST<STRING>, stated: MAP
CALL () {
  MATCH (p:Person) WHERE p.view_id IN $views RETURN p
  UNION
  MATCH (p:Person) WHERE p.id IN $ids RETURN p
}
WITH p ORDER BY p.id
SET p.kind = p.kind
RETURN p.id AS id, p.view_id AS view_id, p.kind AS kind, properties(p) AS stated,
       COLLECT {
         MATCH (p)-[h:HAS]->(i:Identifier)
         WHERE i.kind = 'user_id' AND h.assurance = 'verified'
         RETURN i.value
       } AS accounts
