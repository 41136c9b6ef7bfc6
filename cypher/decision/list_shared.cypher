// The identifiers that an entry of the log calls shared, and those that the one which it superseded did.
// $id: STRING
// returns: key
MATCH (d:Decision {id: $id})
OPTIONAL MATCH (earlier:Decision {id: d.supersedes})
CALL (d, earlier) {
  MATCH (d)-[:SHARES]->(i:Identifier)
  RETURN i
  UNION
  UNWIND earlier.identifiers AS key
  MATCH (i:Identifier {key: key})
  RETURN i
}
RETURN i.key AS key
ORDER BY key
