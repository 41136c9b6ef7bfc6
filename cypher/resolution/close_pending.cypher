// Takes the mark off persons, unless they were marked again since.
// $rows: LIST<MAP {id, resolve_at}>
UNWIND $rows AS row
MATCH (p:Person {id: row.id})
USING INDEX SEEK p:Person(id)
// In a function, or the planner looks for the mark first, which thousands may share.
WHERE coalesce(p.resolve_at) = row.resolve_at
REMOVE p.resolve_at
