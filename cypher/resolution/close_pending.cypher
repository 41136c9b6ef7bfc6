// Takes the mark off persons, unless they were marked again since.
// $rows: LIST<MAP {id, resolve_at}>
UNWIND $rows AS row
MATCH (p:Person {id: row.id})
// Behind a horizon, or the planner looks for the mark first, which thousands may share.
WITH p, row
WHERE p.resolve_at = row.resolve_at
REMOVE p.resolve_at
