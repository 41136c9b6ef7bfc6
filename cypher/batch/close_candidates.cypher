// Supersedes candidates that were not found again, unless somebody has written them since.
// $rows: LIST<MAP {id, version}> sorted by id
// $at: ZONED DATETIME
// returns: closed
UNWIND $rows AS row
MATCH (c:Candidate {id: row.id})
SET c.kind = c.kind
WITH c, row
WHERE c.version = row.version AND c.status IN ['open', 'claimed', 'stored']
SET c.status = 'superseded', c.version = c.version + 1, c.updated_at = $at
REMOVE c.claimed_by, c.claimed_until
RETURN count(c) AS closed
