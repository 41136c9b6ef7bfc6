// Nothing is left of events that were claimed and are refused, nor of identifiers that nobody holds.
// $ids: LIST<STRING> sorted
// $keys: LIST<STRING> sorted
CALL () {
  UNWIND $ids AS id
  MATCH (e:Event {id: id}) WHERE e.reply IS NULL
  DETACH DELETE e
}
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
WHERE NOT EXISTS { (i)--() }
DELETE i
