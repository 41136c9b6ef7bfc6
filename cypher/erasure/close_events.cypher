// Events are gone, and what hangs on them alone.
// $ids: LIST<STRING> sorted
UNWIND $ids AS id
MATCH (e:Event {id: id})
CALL (e) {
  MATCH (e)--(other)
  WHERE NOT other:Person AND NOT other:Identifier AND NOT other:Campaign AND NOT other:Evidence
  DETACH DELETE other
}
DETACH DELETE e
