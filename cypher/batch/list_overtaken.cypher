// Those of these candidates that somebody has written since they were read.
// $rows: LIST<MAP {id, version}>, 0 where there was none
// returns: id, left, right
UNWIND $rows AS row
MATCH (c:Candidate {id: row.id})
WHERE c.version <> row.version
RETURN c.id AS id, c.left AS left, c.right AS right
