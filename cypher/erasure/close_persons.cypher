// Persons are gone; one whose events are not all gone yet is an empty node that waits for that.
// $ids: LIST<STRING>
// $erasure: STRING
MATCH (p:Person)
WHERE p.id IN $ids
CALL (p) {
  MATCH (p)-[r]-()
  WHERE type(r) <> 'OF'
  DELETE r
}
WITH p, EXISTS { (p)<-[:OF]-() } AS waits
SET p = CASE WHEN waits THEN {id: p.id, view_id: p.id, kind: p.kind, erasure: $erasure} ELSE {id: p.id} END
WITH p WHERE NOT waits
DELETE p
