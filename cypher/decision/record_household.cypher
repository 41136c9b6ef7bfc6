// Says that two persons live together, in the name of a decision.
// $left: STRING
// $right: STRING
// $decision: STRING
MATCH (l:Person {id: $left})
MATCH (r:Person {id: $right})
CREATE (l)-[:HOUSEHOLD_OF {decision: $decision}]->(r)
