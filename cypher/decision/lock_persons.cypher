// Locks persons in the order given.
// $ids: LIST<STRING> sorted
UNWIND $ids AS id
MATCH (p:Person {id: id})
SET p.kind = p.kind
