// Supersedes candidates whose two persons are in one view now.
// $ids: LIST<STRING> sorted
// $decision: STRING
// $at: ZONED DATETIME
UNWIND $ids AS id
MATCH (c:Candidate {id: id})
SET c.status = 'superseded', c.superseded_by = $decision, c.claimed_by = null, c.claimed_until = null,
    c.version = c.version + 1, c.updated_at = $at
