// Asks the resolver to score the pairs of these persons.
// $ids: LIST<STRING>
// $at: INTEGER, epoch microseconds
UNWIND $ids AS id
MATCH (p:Person {id: id})
SET p.resolve_at = $at
