// Flags approved links that lean on an identifier which is shared now. They stay: a person looks again.
// $rows: LIST<MAP {left, right, decision}>
// $key: STRING
UNWIND $rows AS row
MATCH (:Person {id: row.left})-[r:SAME_AS {decision: row.decision}]->(:Person {id: row.right})
SET r.weakened = true,
    r.weakened_by = [key IN coalesce(r.weakened_by, []) WHERE key <> $key] + $key
