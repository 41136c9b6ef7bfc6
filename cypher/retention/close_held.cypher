// Takes off a person what it holds, which is written anew. What was stated is set.
// $id: STRING
// $stated: MAP
MATCH (p:Person {id: $id})
SET p += $stated
WITH p
CALL (p) {
  MATCH (p)-[h:HAS]->()
  DELETE h
}
