// Hangs persons on their blocking keys.
// $rows: LIST<MAP {key, id}> sorted by key
UNWIND $rows AS row
MERGE (k:BlockingKey {key: row.key})
WITH k, row
MATCH (p:Person {id: row.id})
MERGE (p)-[:KEYED]->(k)
