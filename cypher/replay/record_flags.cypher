// Flags approved links.
// $rows: LIST<MAP {decision, left, right, flags: MAP}>
UNWIND $rows AS row
MATCH (:Person {id: row.left})-[r:SAME_AS {decision: row.decision}]-(:Person {id: row.right})
SET r += row.flags
