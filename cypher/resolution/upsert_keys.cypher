// Hangs persons on their blocking keys, and takes them off those of rules that are no more; a key goes with its last one.
// $rows: LIST<MAP {key, id}> sorted by key
// $rules: LIST<STRING>
UNWIND $rows AS row
MERGE (k:BlockingKey {key: row.key})
WITH k, row
MATCH (p:Person {id: row.id})
MERGE (p)-[:KEYED]->(k)
WITH DISTINCT p
MATCH (p)-[r:KEYED]->(old:BlockingKey)
WHERE NOT split(old.key, ':')[0] IN $rules
DELETE r
WITH DISTINCT old
WHERE NOT EXISTS { (old)<-[:KEYED]-() }
DELETE old
