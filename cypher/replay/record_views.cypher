// Writes which view persons are in.
// $rows: LIST<MAP {id, view_id}> sorted by id
UNWIND $rows AS row
MATCH (p:Person {id: row.id})
SET p.view_id = row.view_id
