// Says that an entry took the place of an earlier one, which is of no effect any more.
// $id: STRING
// $superseded: STRING
MATCH (d:Decision {id: $id})
MATCH (earlier:Decision {id: $superseded})
MERGE (d)-[:SUPERSEDES]->(earlier)
