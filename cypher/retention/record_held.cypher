// Writes what a person holds and has stated by the events that are left.
// $id: STRING
// $stated: MAP
// $rows: LIST<MAP {key, hold: MAP}> sorted by key
MATCH (p:Person {id: $id})
SET p += $stated
WITH p
CALL (p) {
  MATCH (p)-[h:HAS]->(i:Identifier)
  WHERE NOT i.key IN [row IN $rows | row.key]
  DELETE h
}
UNWIND $rows AS row
MATCH (p)-[h:HAS]->(:Identifier {key: row.key})
SET h += row.hold
