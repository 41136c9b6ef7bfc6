// Says that an entry confirms an earlier one, which is of effect from now on.
// $id: STRING
// $confirmed: STRING
MATCH (d:Decision {id: $id})
MATCH (earlier:Decision {id: $confirmed})
CREATE (d)-[:CONFIRMS]->(earlier)
