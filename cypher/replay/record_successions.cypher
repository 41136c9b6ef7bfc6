// Says of entries what they did to earlier ones: each is `CONFIRMS` or `SUPERSEDES`, and there once.
// $rows: LIST<MAP {type, id, earlier}>
UNWIND $rows AS row
MATCH (d:Decision {id: row.id})
MATCH (earlier:Decision {id: row.earlier})
CREATE (d)-[:$(row.type)]->(earlier)
