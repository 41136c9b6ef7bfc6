// Identifiers are gone.
// $keys: LIST<STRING> sorted
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
DETACH DELETE i
