// Of these identifiers, those that nobody holds any more are gone.
// $keys: LIST<STRING> sorted
// returns: key
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
WHERE NOT EXISTS { (i)<-[:HAS]-() }
DETACH DELETE i
RETURN key
