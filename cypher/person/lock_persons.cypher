// Locks persons in the order of their ids, as everybody who writes about persons does.
// $ids: LIST<STRING>
MATCH (p:Person)
WHERE p.id IN $ids
WITH p ORDER BY p.id
SET p.kind = p.kind
