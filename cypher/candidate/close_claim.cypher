// Gives a claim back.
// $id: STRING
// $actor: STRING
// $at: ZONED DATETIME
// returns: id, status, version
MATCH (c:Candidate {id: $id})
SET c.kind = c.kind
WITH c
WHERE c.status = 'claimed' AND c.claimed_by = $actor
SET c.status = 'open', c.updated_at = $at
REMOVE c.claimed_by, c.claimed_until
RETURN c.id AS id, c.status AS status, c.version AS version
