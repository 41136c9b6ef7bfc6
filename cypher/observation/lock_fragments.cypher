// Locks the persons of these views (and these persons) in the order of their ids, and reads what they stated.
// $views: LIST<STRING>
// $ids: LIST<STRING>
// returns: rows: LIST<MAP {id, view_id, kind, accounts: LIST<STRING>, stated: MAP}>; accounts of known persons: others,
//   who may hold very much, have none
CYPHER replan=skip
CALL () {
  MATCH (p:Person) WHERE p.view_id IN $views RETURN p
  UNION
  MATCH (p:Person) WHERE p.id IN $ids RETURN p
}
WITH p ORDER BY p.id
SET p.kind = p.kind
RETURN collect({id: p.id, view_id: p.view_id, kind: p.kind, stated: properties(p),
                accounts: CASE WHEN p.kind = 'known' THEN COLLECT {
                  MATCH (p)-[h:HAS]->(i)
                  WHERE i.kind = 'user_id' AND h.assurance = 'verified'
                  RETURN i.value
                } ELSE [] END}) AS rows
