// Calls identifiers shared in the name of decisions.
// $rows: LIST<MAP {decision, key}>
UNWIND $rows AS row
MATCH (d:Decision {id: row.decision})
MATCH (i:Identifier {key: row.key})
CREATE (d)-[:SHARES]->(i)
