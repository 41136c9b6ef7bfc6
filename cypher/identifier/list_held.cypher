// Those of these identifiers that somebody holds.
// $keys: LIST<STRING>
// returns: key
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
WHERE EXISTS { (i)<-[:HAS]-() }
RETURN i.key AS key
