// Writes the values that persons have stated so far.
// $rows: LIST<MAP {person_id, stated: MAP}>
CYPHER replan=skip
UNWIND $rows AS row
MATCH (p:Person {id: row.person_id})
SET p += row.stated
