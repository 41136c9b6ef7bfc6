// Flags approved links that lean on what does not hold any more. They stay: a person looks again.
// $rows: LIST<MAP {left, right, decision}>
// $by: STRING, the key of an identifier that is shared now, or the log entry that promoted a model
UNWIND $rows AS row
MATCH (:Person {id: row.left})-[r:SAME_AS {decision: row.decision}]->(:Person {id: row.right})
SET r.weakened = true,
    r.weakened_by = [one IN coalesce(r.weakened_by, []) WHERE one <> $by] + $by
