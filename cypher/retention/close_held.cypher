// Takes off a person what it holds, and off its events what they carry: both are written anew. What was stated is set.
// $id: STRING
// $stated: MAP
MATCH (p:Person {id: $id})
SET p += $stated
WITH p
CALL (p) {
  MATCH (p)-[h:HAS]->()
  DELETE h
}
CALL (p) {
  MATCH (p)<-[:OF]-(:Event)-[c:CARRIES]->()
  DELETE c
}
