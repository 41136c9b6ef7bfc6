// Calls identifiers shared in the name of a decision.
// $decision: STRING
// $keys: LIST<STRING> sorted
MATCH (d:Decision {id: $decision})
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
CREATE (d)-[:SHARES]->(i)
