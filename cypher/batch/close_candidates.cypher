// Supersedes candidates that were not found again, unless somebody has written them since.
// $rows: LIST<MAP {id, version}> sorted by id
// $at: ZONED DATETIME
// returns: left, right, of each that somebody has written since
UNWIND $rows AS row
MATCH (c:Candidate {id: row.id})
SET c.kind = c.kind
WITH c, c.version <> row.version AS overtaken
FOREACH (one IN CASE WHEN NOT overtaken AND c.status IN ['open', 'claimed', 'stored'] THEN [c] ELSE [] END |
  SET one.status = 'superseded', one.version = one.version + 1, one.updated_at = $at REMOVE one.claimed_by, one.claimed_until)
WITH c WHERE overtaken
RETURN c.left AS left, c.right AS right
