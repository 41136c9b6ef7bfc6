// Flags approved links whose evidence is not what it was. They stay: a person looks again.
// $rows: LIST<MAP {left, right, decision}>
// $cause: STRING, key of an identifier that is shared now, or id of the entry that promoted another model or parted the view
UNWIND $rows AS row
MATCH (:Person {id: row.left})-[r:SAME_AS {decision: row.decision}]->(:Person {id: row.right})
SET r.weakened = true,
    r.weakened_by = [one IN coalesce(r.weakened_by, []) WHERE one <> $cause] + $cause,
    r.acknowledged = CASE WHEN r.acknowledged <> [$cause] THEN [one IN r.acknowledged WHERE one <> $cause] END
