// Draws between persons what decisions came to, each by its type.
// $rows: LIST<MAP {type, left, right, decision}>
UNWIND $rows AS row
MATCH (l:Person {id: row.left})
MATCH (r:Person {id: row.right})
CREATE (l)-[:$(row.type) {decision: row.decision}]->(r)
