// Marks persons who wait to be scored.
// $rows: LIST<MAP {id, resolve_at}>
UNWIND $rows AS row
MATCH (p:Person {id: row.id})
SET p.resolve_at = row.resolve_at
