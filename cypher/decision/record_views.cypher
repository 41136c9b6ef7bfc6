// Writes which view persons are in, and asks the resolver to score their pairs.
// $rows: LIST<MAP {id, view_id}> sorted by id
// $at: INTEGER, epoch microseconds
UNWIND $rows AS row
MATCH (p:Person {id: row.id})
SET p.view_id = row.view_id, p.resolve_at = $at
