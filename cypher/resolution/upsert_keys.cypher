// Hangs persons on their blocking keys, and takes them off those of rules that are no more; a key goes with its last
// one. And on the values that they stated: how many hang on one is its frequency. Persons are locked first, in the order
// of their ids. Who was marked since what they stated was read has changed, and comes again: nothing is hung of them.
// $ids: LIST<STRING> sorted
// $keys: LIST<MAP {key, id, mark: INTEGER, -1 for none}> sorted by key
// $values: LIST<MAP {key, id, mark}> sorted by key
// $rules: LIST<STRING>
CYPHER replan=skip
CALL () {
  UNWIND $ids AS id
  MATCH (p:Person {id: id})
  USING INDEX SEEK p:Person(id)
  SET p.kind = p.kind
}
CALL () {
  UNWIND $keys AS row
  MATCH (p:Person {id: row.id})
  USING INDEX SEEK p:Person(id)
  WHERE coalesce(p.resolve_at, -1) = row.mark
  MERGE (k:BlockingKey {key: row.key})
  MERGE (p)-[:KEYED]->(k)
  WITH DISTINCT p
  MATCH (p)-[r:KEYED]->(old)
  WHERE NOT split(old.key, ':')[0] IN $rules
  DELETE r
  WITH DISTINCT old
  WHERE NOT EXISTS { (old)<-[:KEYED]-() }
  DELETE old
}
CALL () {
  UNWIND $values AS row
  MATCH (p:Person {id: row.id})
  USING INDEX SEEK p:Person(id)
  WHERE coalesce(p.resolve_at, -1) = row.mark
  MERGE (v:Value {key: row.key})
  MERGE (p)-[:STATED]->(v)
}
