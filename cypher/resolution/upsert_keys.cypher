// Hangs persons on their blocking keys, and takes them off those of rules that are no more; a key goes with its last
// one. And on the values that they stated: how many hang on one is its frequency.
// $keys: LIST<MAP {key, id}> sorted by key
// $values: LIST<MAP {key, id}> sorted by key
// $rules: LIST<STRING>
CALL () {
  UNWIND $keys AS row
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
}
CALL () {
  UNWIND $values AS row
  MERGE (v:Value {key: row.key})
  WITH v, row
  MATCH (p:Person {id: row.id})
  MERGE (p)-[:STATED]->(v)
}
