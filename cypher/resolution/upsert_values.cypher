// Hangs persons on the values that they stated: how many hang on one is its frequency.
// $rows: LIST<MAP {key, id}> sorted by key
UNWIND $rows AS row
MERGE (v:Value {key: row.key})
WITH v, row
MATCH (p:Person {id: row.id})
MERGE (p)-[:STATED]->(v)
