// Flags approved links that leaned on an identifier which a decision made shared. They stay: a person looks again.
// $rows: LIST<MAP {left, right, decision}>
// $decision: STRING
UNWIND $rows AS row
MATCH (:Person {id: row.left})-[r:SAME_AS {decision: row.decision}]->(:Person {id: row.right})
SET r.weakened = true, r.weakened_by = coalesce(r.weakened_by, []) + $decision
