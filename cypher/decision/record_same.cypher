// Joins two persons, in the name of a decision.
// $left: STRING
// $right: STRING
// $decision: STRING
MATCH (l:Person {id: $left})
MATCH (r:Person {id: $right})
CREATE (l)-[:SAME_AS {decision: $decision}]->(r)
