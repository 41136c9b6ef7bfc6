// Takes the mark off persons, unless they were marked again since.
// $rows: LIST<MAP {id, resolve_at}>
UNWIND $rows AS row
MATCH (p:Person {id: row.id})
WHERE p.resolve_at = row.resolve_at
REMOVE p.resolve_at
