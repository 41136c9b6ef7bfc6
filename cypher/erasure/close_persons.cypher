// Persons are gone; one whose events are not all gone yet is an empty node that waits for that. It waits under an id of
// its own: who comes anew on a device founds a person of the old one, and what was read of them before finds nobody.
// $ids: LIST<STRING>
// $erasure: STRING
UNWIND range(0, size($ids) - 1) AS number
MATCH (p:Person {id: $ids[number]})
CALL (p) {
  MATCH (p)-[r]-()
  WHERE type(r) <> 'OF'
  DELETE r
}
WITH p, EXISTS { (p)<-[:OF]-() } AS waits,
     CASE WHEN p.erasure IS NULL THEN $erasure + ':' + toString(number) ELSE p.id END AS id
SET p = CASE WHEN waits THEN {id: id, view_id: id, kind: p.kind, erasure: $erasure} ELSE {id: p.id} END
WITH p WHERE NOT waits
DELETE p
