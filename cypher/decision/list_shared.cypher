// The identifiers that an entry of the log calls shared.
// $id: STRING
// returns: key
MATCH (:Decision {id: $id})-[:SHARES]->(i:Identifier)
RETURN i.key AS key
ORDER BY key
