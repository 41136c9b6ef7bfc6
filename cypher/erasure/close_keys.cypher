// Takes persons off their blocking keys and stated values; those on which nobody hangs any more are gone. They are locked
// in the order in which `resolution/upsert_keys` locks them, so that neither waits for the other.
// $ids: LIST<STRING>
CALL () {
  MATCH (p:Person)-[:KEYED|STATED]->(k)
  WHERE p.id IN $ids
  WITH DISTINCT k ORDER BY labels(k)[0], k.key
  SET k.key = k.key
  RETURN collect(k) AS keys
}
CALL () {
  MATCH (p:Person)-[r:KEYED|STATED]->()
  WHERE p.id IN $ids
  DELETE r
}
UNWIND keys AS k
WITH k
WHERE NOT EXISTS { (k)<-[:KEYED|STATED]-() }
DETACH DELETE k
